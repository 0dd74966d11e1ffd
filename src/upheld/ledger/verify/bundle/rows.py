"""Rows of evidence in a bundle: each collection's digest computed anew from them, and the rows that stood at an instant.

The canonical row and the digest over rows are those of docs/design/evidence.md; this is a second way to both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from upheld.ledger import tree
from upheld.ledger.profile import NotCanonical
from upheld.ledger.verify import strict
from upheld.ledger.verify.bundle.contracts import Contract, Scalar
from upheld.ledger.verify.bundle.fields import Fields
from upheld.ledger.verify.report import Rejected

Values: TypeAlias = dict[str, Scalar]

_SALT = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LEAF = re.compile(r"[0-9a-f]{64}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_WHY_ENDED = frozenset({"changed", "vanished", "deleted", "erased"})
WITHHELD, _ERASED, _MASKED = "withheld", "erased", "masked"
_MEMBERS = frozenset({"ended", "from", "leaf", "row", "salt", "until", "why"})


@dataclass(frozen=True)
class Version:
    """A row as it stood from `seen_from` until `seen_until` (instants as text; None: it still does).

    `why` says why its values are not there, or are not those that its leaf is of (masked).
    """

    leaf: bytes
    seen_from: str
    seen_until: str | None
    ended: str | None
    values: Values | None
    why: str = ""

    def stood(self, at: str) -> bool:
        """Whether it stood at the instant `at`."""
        return self.seen_from <= at and (self.seen_until is None or self.seen_until > at)


@dataclass
class Rows:
    """What a bundle holds of one table from one source."""

    table: str
    source: str
    contract: Contract
    versions: list[Version] = field(default_factory=list)

    def root(self, at: str) -> str:
        """Return the digest, in hex, of the rows that stood at the instant `at`."""
        return root([each.leaf for each in self.versions if each.stood(at)])

    @property
    def untold(self) -> dict[str, int]:
        """Of how many versions the digest does not show the values, by reason."""
        found: dict[str, int] = {}
        for each in self.versions:
            if each.why:
                found[each.why] = found.get(each.why, 0) + 1
        return found


def read(data: bytes, table: str, source: str, contract: Contract) -> Rows:
    """Return the rows in `data`, one a line. Raises `Rejected` for a line that is none."""
    if data and not data.endswith(b"\n"):
        raise Rejected(f"the rows of {table} from {source} do not end in a newline")
    found = Rows(table, source, contract)
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        found.versions.append(_version(line, contract, f"row {number} of {table} from {source}"))
    return found


def _version(line: bytes, contract: Contract, place: str) -> Version:
    said = Fields(_read(line, place), place)
    if not said.said.keys() <= _MEMBERS:
        raise Rejected(f"{place} has members that no row has")
    seen_from, until, ended = said.text("from"), said.text_or_none("until"), said.text_or_none("ended")
    if not all(_INSTANT.fullmatch(at) for at in (seen_from, until) if at is not None):
        raise Rejected(f"{place} was seen at no instant")
    if (until is None) != (ended is None) or (ended is not None and ended not in _WHY_ENDED) or (until is not None and until <= seen_from):
        raise Rejected(f"{place} ended before it was seen, or nobody knows why")
    values = contract.checked(said.said["row"], place) if "row" in said.said else None
    leaf, why = _leaf(said, values, place)
    return Version(leaf, seen_from, until, ended, values, why)


def _leaf(said: Fields, values: Values | None, place: str) -> tuple[bytes, str]:
    """Return a row's leaf, computed from its values and salt; or as said, of one whose values are gone or masked, and why."""
    if "salt" in said.said:
        salt = said.text("salt")
        if values is None or not _SALT.fullmatch(salt) or "leaf" in said.said or "why" in said.said:
            raise Rejected(f"{place} has a salt and no values, or a leaf as well")
        return tree.leaf_hash(bytes.fromhex(salt) + strict.write(values)), ""
    leaf, why = said.text("leaf"), said.text("why")
    if not _LEAF.fullmatch(leaf) or why not in ((WITHHELD, _ERASED) if values is None else (_MASKED,)):
        raise Rejected(f"{place} has neither salt nor leaf")
    return bytes.fromhex(leaf), why


def _read(line: bytes, place: str) -> object:
    """Return the object in `line`; integers may have 64 bits, as columns do."""
    try:
        return strict.read_wide(line)
    except NotCanonical as error:
        raise Rejected(f"{place}: {error}") from error


def root(leaves: Sequence[bytes]) -> str:
    """Return the Merkle tree hash (RFC 6962, 2.1), in hex, of `leaves` in the order of their bytes."""
    level = sorted(leaves)
    while len(level) > 1:
        pairs = range(0, len(level) - 1, 2)
        above = [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in pairs]
        level = above + level[len(level) - len(level) % 2 :]
    return (level[0] if level else tree.EMPTY_ROOT).hex()


def standing(rows: Rows, at: datetime) -> Iterator[Values]:
    """Yield the rows that stood at `at`, with where they are from and since when they were seen; no untold ones."""
    moment = text(at)
    for each in rows.versions:
        if each.values is not None and each.stood(moment):
            yield {**each.values, "source": rows.source, "seen_from_at": each.seen_from}


def through_time(rows: Rows, at: datetime) -> Iterator[Values]:
    """Yield every row seen by `at`, with until when and why it ended as was known then; no untold ones."""
    moment = text(at)
    for each in rows.versions:
        if each.values is not None and each.seen_from <= moment:
            over = each.seen_until is not None and each.seen_until <= moment
            ends: Values = {"seen_until_at": each.seen_until, "ended": each.ended} if over else {}
            yield {**each.values, "source": rows.source, "seen_from_at": each.seen_from, **ends}


def text(at: datetime) -> str:
    """Return `at` (UTC) as bundles write it: 2026-11-22T03:36:54.123456Z."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")
