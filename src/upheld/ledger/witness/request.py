"""What a log sends to a witness: the size it last cosigned, the proof from there, and the checkpoint (C2SP tlog-witness). Pure."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from upheld.ledger.checkpoint import decode
from upheld.ledger.tree import HASH_BYTES, MAX_SIZE

MAX_BYTES = 1 << 17
MAX_PATH = 63
SIZE_TYPE = "text/x.tlog.size"

_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


class MalformedRequest(ValueError):
    """Bytes that are no request to a witness; the message says what is wrong with them."""


@dataclass(frozen=True)
class Request:
    """The size that the witness cosigned last, the consistency proof from it, and the signed checkpoint to cosign."""

    old: int
    path: tuple[bytes, ...]
    note: bytes

    def text(self) -> bytes:
        """Return the body."""
        lines = [f"old {self.old}", *(base64.b64encode(step).decode() for step in self.path)]
        return "\n".join([*lines, "", ""]).encode() + self.note


def parse(body: bytes) -> Request:
    """Return what `body` asks for; the checkpoint in it is looked at elsewhere. Raises `MalformedRequest`."""
    if len(body) > MAX_BYTES:
        raise MalformedRequest(f"the request is {len(body):,} bytes long, over {MAX_BYTES:,}")
    head, blank, note = body.partition(b"\n\n")
    first, *rest = head.split(b"\n")
    old = _OLD.fullmatch(first)
    if not blank or old is None or int(old[1]) > MAX_SIZE:
        raise MalformedRequest("the request does not begin with a line 'old' and a size, lines of hashes, and an empty line")
    if len(rest) > MAX_PATH:
        raise MalformedRequest(f"the consistency proof has {len(rest)} lines; no tree is so high")
    return Request(int(old[1]), tuple(_hash(line) for line in rest), note)


def size(body: bytes) -> int | None:
    """Return the size in the body of a conflict, or None if it holds none."""
    found = _SIZE.fullmatch(body)
    return int(found[1]) if found and int(found[1]) <= MAX_SIZE else None


def conflict(size: int) -> bytes:
    """Return the body of a conflict: the size that the witness cosigned last."""
    return f"{size}\n".encode()


def lines(signatures: Sequence[str]) -> bytes:
    """Return the body of a success: the witness's signature lines."""
    return "".join(signatures).encode()


def _hash(line: bytes) -> bytes:
    try:
        found = decode(line.decode("ascii"))
    except UnicodeDecodeError:
        found = None
    if found is None or len(found) != HASH_BYTES:
        raise MalformedRequest("a line of the consistency proof is not the base64 of 32 bytes")
    return found
