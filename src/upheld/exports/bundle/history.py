"""Rows of one table from one source as they stood through time, with their salts, read from change files for a bundle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from upheld.evidence.canonical import canonical, leaf
from upheld.evidence.duck import lent
from upheld.evidence.frame import ChangeFile
from upheld.evidence.table import Table, table
from upheld.ledger.entry import instant_text


@dataclass
class Version:
    """One version of a row: its values as they lie in Parquet, and its salt.

    Of one that was erased, only its `leaf` is left; one in which somebody was `masked` (its leaf) has other values than that is of.
    """

    values: Mapping[str, Any]
    salt: bytes | None
    leaf: bytes | None
    masked: bytes | None
    seen_from_at: datetime
    seen_until_at: datetime | None = None
    ended: str | None = None

    def stood(self, at: datetime) -> bool:
        """Whether it stood at the instant `at`."""
        return self.seen_from_at <= at and (self.seen_until_at is None or self.seen_until_at > at)


def versions(files: Sequence[ChangeFile], until: datetime) -> list[Version]:
    """Return every version of every row in `files` (one table, one source) that was seen by `until`, in order of time."""
    if not files:
        return []
    contract = table(files[0].table)
    found: list[Version] = []
    standing: dict[tuple[Any, ...], Version] = {}
    for row in _changes(files, until):
        key = (row["_leaf"], *(row[part] for part in contract.key))
        seen_at = row["_seen_at"].replace(tzinfo=UTC)
        before = standing.pop(key, None)
        if before is not None:
            before.seen_until_at, before.ended = seen_at, "changed" if row["_change"] == "opened" else row["_ended"]
        if row["_change"] == "opened":
            values = {name: row.get(name) for name in contract.columns}
            standing[key] = Version(values, row["_salt"], row["_leaf"], row.get("_masked"), seen_at)
            found.append(standing[key])
    return found


def _changes(files: Sequence[ChangeFile], until: datetime) -> Iterable[dict[str, Any]]:
    with lent() as connection:
        read = connection.execute(
            "SELECT * FROM read_parquet($files, union_by_name = true) WHERE _seen_at <= $until ORDER BY _seen_at, _change DESC",
            {"files": [str(file.path) for file in files], "until": until.astimezone(UTC).replace(tzinfo=None)},
        )
        names = [column[0] for column in read.description or ()]
        while batch := read.fetchmany(10_000):
            for values in batch:
                yield dict(zip(names, values, strict=True))


def line(contract: Table, version: Version, *, disclosed: bool) -> bytes:
    """Return `version` as a line of a bundle, in canonical JSON; without its values unless they are `disclosed`."""
    said = {"from": instant_text(version.seen_from_at)}
    if version.seen_until_at is not None:
        said |= {"until": instant_text(version.seen_until_at), "ended": str(version.ended)}
    parts = {name: b'"' + value.encode() + b'"' for name, value in said.items()}
    if version.leaf is not None or not disclosed:
        parts |= {"leaf": _hex(leaf_of(contract, version)), "why": b'"erased"' if version.leaf is not None else b'"withheld"'}
    elif version.masked is not None:
        parts |= {"row": canonical(contract, version.values), "leaf": _hex(version.masked), "why": b'"masked"'}
    else:
        assert version.salt is not None, "a row that is neither erased nor masked has its salt"
        parts |= {"row": canonical(contract, version.values), "salt": _hex(version.salt)}
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), parts[name]) for name in sorted(parts)) + b"}\n"


def leaf_of(contract: Table, version: Version) -> bytes:
    """Return the 32-byte leaf of `version`."""
    known = version.leaf or version.masked
    if known is not None:
        return known
    assert version.salt is not None, "a row that is neither erased nor masked has its salt"
    return leaf(version.salt, canonical(contract, version.values))


def _hex(digest: bytes) -> bytes:
    return f'"{digest.hex()}"'.encode()
