"""Going over from one signing key to the next: a statement that both keys sign, and who may sign what. Standard library only.

A key says which other goes on from which size. Nobody but its holder can say so, and the new key signs too, so that
nobody is named the successor of a key without holding the new one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import ed25519
from upheld.ledger.checkpoint import MalformedCheckpoint, MalformedKey, Signature, UntrustedCheckpoint, VerificationKey, VerifySignature

HEADER = "upheld/rotation/1"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class UntrustedRotation(UntrustedCheckpoint):
    """A rotation that the old key, or the new one, did not sign, or that contradicts another; the message says which."""


@dataclass(frozen=True)
class Rotation:
    """That in the log `origin` the key `old` signs no checkpoint of more than `size` entries, and `new` every one after that."""

    origin: str
    size: int
    old: VerificationKey
    new: VerificationKey

    def text(self) -> str:
        """Return the lines that both keys sign. No checkpoint reads like it: its second line is no number."""
        return f"{HEADER}\n{self.origin}\n{self.size}\n{self.old.text()}\n{self.new.text()}\n"


@dataclass(frozen=True)
class KeyRange:
    """That `key` signs checkpoints of more than `after` and at most `until` entries (None: no end)."""

    key: VerificationKey
    after: int = -1
    until: int | None = None

    def covers(self, size: int) -> bool:
        """Whether the key may sign a checkpoint of `size` entries."""
        return self.after < size and (self.until is None or size <= self.until)


def note(rotation: Rotation, signatures: Sequence[Signature]) -> str:
    """Return the signed statement."""
    return rotation.text() + "\n" + "".join(signature.line() for signature in signatures)


def parse(note: bytes, verify_signature: VerifySignature = ed25519.verify) -> Rotation:
    """Return the rotation that `note` states, once both keys are shown to have signed it.

    That does not make it trusted: `follow` holds it against a key that is. Raises `MalformedCheckpoint` or `UntrustedRotation`.
    """
    text, signatures = checkpoints.parse_note(note)
    rotation = _statement(text)
    for key, whose in ((rotation.old, "old"), (rotation.new, "new")):
        mine = [line.signature for line in signatures if (line.name, line.key_id) == (key.name, key.id)]
        if not mine:
            raise UntrustedRotation(f"the rotation to the key {rotation.new.id.hex()} is not signed by the {whose} key {key.id.hex()}")
        if not all(verify_signature(key.public, signature, text.encode()) for signature in mine):
            raise UntrustedRotation(f"the signature by the {whose} key {key.id.hex()} does not fit the rotation")
    return rotation


def follow(ranges: Iterable[KeyRange], rotations: Iterable[Rotation]) -> tuple[KeyRange, ...]:
    """Return `ranges` gone on by `rotations`, in order of size; those between keys of which none is among them are left out.

    Who trusts the newer key alone learns the older one, too: both signed. Raises `UntrustedRotation` if a key names two
    successors, or if a rotation contradicts what the ranges say already.
    """
    found = {each.key: each for each in ranges}
    waiting = sorted(set(rotations), key=lambda rotation: rotation.size)
    while known := [each for each in waiting if each.old in found or each.new in found]:
        for each in known:
            _hand_over(found, each)
        waiting = [each for each in waiting if each not in known]
    return tuple(sorted(found.values(), key=lambda each: each.after))


def _hand_over(found: dict[VerificationKey, KeyRange], each: Rotation) -> None:
    old, new = found.get(each.old, KeyRange(each.old)), found.get(each.new, KeyRange(each.new))
    if old.until not in (None, each.size) or new.after not in (-1, each.size) or each.size <= old.after:
        raise UntrustedRotation(
            f"the key {each.old.id.hex()} hands over at {each.size:,} entries, which contradicts what is trusted or stated elsewhere"
        )
    for other in found.values():
        if other.key.name == each.origin and other.after == each.size and other.key != each.new:
            raise UntrustedRotation(f"the key {each.old.id.hex()} names two successors: {each.new.id.hex()} and {other.key.id.hex()}")
    found[each.old] = replace(old, until=each.size)
    found[each.new] = replace(new, after=each.size)


def _statement(text: str) -> Rotation:
    lines = text.split("\n")
    if len(lines) != 6 or lines[0] != HEADER or lines[5] or not _SIZE.fullmatch(lines[2]):
        raise MalformedCheckpoint(f"a rotation is {HEADER}, an origin, a size and two keys, a line each")
    try:
        old, new = checkpoints.parse_key(lines[3]), checkpoints.parse_key(lines[4])
    except MalformedKey as error:
        raise MalformedCheckpoint(f"the rotation names no key: {error}") from error
    rotation = Rotation(lines[1], int(lines[2]), old, new)
    if rotation.text() != text or {old.name, new.name} != {rotation.origin}:
        raise MalformedCheckpoint("the rotation's keys are not named as its log, or not written as they are elsewhere")
    if old == new:
        raise MalformedCheckpoint("the rotation goes from a key to itself")
    return rotation
