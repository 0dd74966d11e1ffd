"""What a collection changes: the rows that stand held against those it brought. Pure; the rule of who may end a row is here."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from upheld.evidence.canonical import MICROSECOND, SALT_BYTES, canonical, leaf
from upheld.evidence.collection import Coverage, Gap, TableSeen
from upheld.evidence.frame import ChangeFile, Filled
from upheld.evidence.merkle import root
from upheld.evidence.table import Kind, Row, Table, Value, table

# More keys than this gone at once, whichever is larger, is sooner a broken collection than so many leavers.
FEW_KEYS = 20
FEW_PERCENT = 5
# So is a small table that comes back empty, or more than half empty.
SMALL, SMALLER = 10, 5


@dataclass(frozen=True)
class Standing:
    """A row that is open: its values as they lie in Parquet, with the salt of its leaf; of an erased one only the leaf is left.

    `masked` is the leaf of a row that names somebody who was erased no more: its values are not those that it was made of.
    """

    row: Row
    salt: bytes | None
    leaf: bytes | None
    masked: bytes | None = None

    def leaf_of(self, table: Table) -> bytes:
        """Return its 32-byte leaf: kept if it was erased or masked, else computed from its values and salt."""
        if self.leaf is not None or self.masked is not None:
            return self.leaf or self.masked or b""
        assert self.salt is not None, "a row that is not erased has its salt"
        return leaf(self.salt, canonical(table, self.row))


@dataclass(frozen=True)
class Change:
    """A row that opened (`salt`, and all its values) or, where `ended` says why, one that ended (its key, or its `leaf` if erased)."""

    row: Row
    salt: bytes | None = None
    ended: str | None = None
    leaf: bytes | None = None


@dataclass(frozen=True)
class TableRecorded:
    """What recording one table of a collection came to.

    `rows` came, of which `opened` are new and `changed` are not as before; `ended` ones are gone; `vanished` ones did not
    come and stand all the same, because the collection is partial or the table `quarantined`. `coverage` is partial for
    a quarantined table, and `cut_short` says so. `digest` is the Merkle root (hex) of the rows as they stand now, empty if
    the table was not read. `file` is None when nothing changed.
    """

    table: str
    source: str
    collection: str
    seen_at: datetime
    coverage: Coverage
    gaps: tuple[Gap, ...] = ()
    cut_short: tuple[str, ...] = ()
    rows: int = 0
    opened: int = 0
    changed: int = 0
    ended: int = 0
    vanished: int = 0
    quarantined: bool = False
    digest: str = ""
    file: ChangeFile | None = None

    def filled(self, complete_at: datetime | None = None) -> Filled:
        """Return what a frame says of the table after this; `complete_at` is when it was last read completely before."""
        spoke = self.seen_at if self.coverage is Coverage.COMPLETE else complete_at
        return Filled(
            table=self.table,
            source=self.source,
            collection=self.collection,
            seen_at=self.seen_at,
            complete_at=spoke,
            stale_at=(spoke or self.seen_at) + table(self.table).fresh_for,
            coverage=self.coverage,
            rows=self.rows + self.vanished,
            digest=self.digest,
            gaps=self.gaps,
            cut_short=self.cut_short,
        )


@dataclass(frozen=True)
class Recorded:
    """What recording a collection came to, by table. Its files count once the caller's manifest names them."""

    tables: Mapping[str, TableRecorded]

    @property
    def files(self) -> list[ChangeFile]:
        """The change files that were written."""
        return [each.file for each in self.tables.values() if each.file]


@dataclass
class _Compared:
    """`leaves` are those of the rows that stay for certain; `gone` are the rows that did not come."""

    leaves: list[bytes] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    gone: list[Standing] = field(default_factory=list)
    erased: list[Standing] = field(default_factory=list)
    known: int = 0
    changed: int = 0
    ended: int = 0


def recorded(about: TableRecorded, seen: TableSeen, standing: Iterable[Standing], *, accept: bool) -> tuple[TableRecorded, list[Change]]:
    """Return `about` with what came of holding `seen` against the rows that are `standing`, and the changes to write.

    Rows end only if `seen` is complete, and not when too many of them are gone at once (`too_many`) unless that is
    to be `accept`ed. What the system itself reports as deleted ends in any case.
    """
    compared, new = _compare(seen, standing)
    quarantined = seen.coverage is Coverage.COMPLETE and too_many(len(compared.gone), compared.known) and not accept
    complete = seen.coverage is Coverage.COMPLETE and not quarantined
    if complete:
        compared.changes += [Change(_key_of(seen.table, each.row), ended="vanished") for each in compared.gone]
        compared.changes += [Change({}, ended="erased", leaf=each.leaf) for each in compared.erased]
        compared.ended += len(compared.gone)
    else:
        compared.leaves += [each.leaf_of(seen.table) for each in [*compared.gone, *compared.erased]]
    why = f"{len(compared.gone):,} of {compared.known:,} rows vanished at once: none is taken as gone until somebody confirms it"
    told = replace(
        about,
        coverage=seen.coverage if complete or seen.cut_short else Coverage.PARTIAL,
        cut_short=(*about.cut_short, why) if quarantined else about.cut_short,
        rows=len(seen.rows),
        opened=new,
        changed=compared.changed,
        ended=compared.ended,
        vanished=0 if complete else len(compared.gone),
        quarantined=quarantined,
        digest=root(compared.leaves).hex(),
    )
    return told, compared.changes


def too_many(gone: int, known: int) -> bool:
    """Whether so many of `known` rows gone at once are sooner a broken collection than the truth."""
    if gone == known >= SMALLER or (gone * 2 > known >= SMALL):
        return True
    return gone > max(FEW_KEYS, known * FEW_PERCENT // 100)


def _compare(seen: TableSeen, standing: Iterable[Standing]) -> tuple[_Compared, int]:
    """Hold `seen` against `standing`, and return that with the number of rows that are new."""
    compared, contract = _Compared(), seen.table
    fresh = dict(seen.rows)
    for each in standing:
        if each.leaf is not None:
            compared.erased.append(each)
            continue
        compared.known += 1
        key = key_of(contract, each.row)
        row = fresh.pop(key, None)
        if row is None:
            _not_there(compared, seen, key, each)
            continue
        line, before = canonical(contract, row), canonical(contract, each.row)
        if line == before:
            assert each.masked or each.salt, "a row that is neither erased nor masked has its salt"
            compared.leaves.append(each.masked or leaf(each.salt or b"", before))
        else:
            compared.changed += 1
            _open(compared, row, line)
    for row in fresh.values():
        _open(compared, row, canonical(contract, row))
    return compared, len(fresh)


def _not_there(compared: _Compared, seen: TableSeen, key: tuple[Value, ...], standing: Standing) -> None:
    if key in seen.deleted:
        compared.changes.append(Change(_key_of(seen.table, standing.row), ended="deleted"))
        compared.ended += 1
    else:
        compared.gone.append(standing)


def _open(compared: _Compared, row: Row, line: bytes) -> None:
    salt = secrets.token_bytes(SALT_BYTES)
    compared.changes.append(Change(row, salt))
    compared.leaves.append(leaf(salt, line))


def restored(table: Table, row: Row) -> dict[str, Value]:
    """Return `row`, whose values are as they lie in Parquet, as sources bring it: timestamps aware, durations as `timedelta`."""
    found = dict(row)
    for name, value in row.items():
        if isinstance(value, datetime):
            found[name] = value.replace(tzinfo=UTC)
        elif type(value) is int and table.columns[name].kind is Kind.DURATION:
            found[name] = value * MICROSECOND
    return found


def key_of(table: Table, row: Row) -> tuple[Value, ...]:
    """Return the key of `row`, whose values are as they lie in Parquet, as `TableSeen` holds it."""
    return tuple(restored(table, _key_of(table, row)).values())


def _key_of(table: Table, row: Row) -> dict[str, Value]:
    return {part: row[part] for part in table.key}
