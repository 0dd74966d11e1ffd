"""The evidence in a bundle: every table's rows, held against the collections that the ledger says brought them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

from upheld.ledger.verify.bundle import contracts, rows
from upheld.ledger.verify.bundle.contracts import Contract
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, Fields, document
from upheld.ledger.verify.bundle.logs import BundledLog, Logged
from upheld.ledger.verify.bundle.rows import Rows
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Rejected, Report

MAX_TEXT_BYTES = 4 << 20
# When a reading began is in no digest: an entry's time is when it ended, and no source takes longer than this.
LONGEST_READING = timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """That a source read a table at an instant (as text), and what stood then came to `digest`."""

    at: str
    digest: str
    coverage: str
    quarantined: bool
    denied: tuple[str, ...]


@dataclass
class Evidence:
    """Rows and readings by (table, source), contracts of all tables, and derived tables as digest and SQL (None: not SQL)."""

    rows: dict[tuple[str, str], Rows] = field(default_factory=dict)
    reads: dict[tuple[str, str], list[Read]] = field(default_factory=dict)
    through_time: set[tuple[str, str]] = field(default_factory=set)
    contracts: dict[str, Contract] = field(default_factory=dict)
    derived: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def bases(self, names: Iterable[str]) -> set[str]:
        """Return the collected tables that `names` are made from in the end."""
        found: set[str] = set()
        queue, done = list(names), set()
        while queue:
            name = queue.pop().removeprefix("history.")
            if name in done:
                continue
            done.add(name)
            if name in self.derived:
                queue.extend(self.contracts[name].inputs)
            else:
                found.add(name)
        return found


def read(layout: Layout, logs: Iterable[BundledLog], report: Report) -> Evidence:
    """Return the evidence of the bundle, every digest computed anew. Raises `Rejected`; what differs is reported as failed."""
    said = document(layout.read("evidence.json", MAX_DOCUMENT_BYTES), "evidence.json")
    found = Evidence()
    entries = {name: entry for log in logs for name, entry in log.entries.items()}
    for name in said.texts("tables"):
        found.contracts[name] = contracts.parse(name, layout.read(f"tables/{name}.toml", MAX_TEXT_BYTES))
    for each in said.each("derived"):
        _derived(found, layout, each)
    for each in said.each("rows"):
        _rows(found, layout, each, entries, report)
    for log in logs:
        _none_left_out(found, log, report)
    readings = sum(1 for reads in found.reads.values() for each in reads if each.digest)
    versions = sum(len(each.versions) for each in found.rows.values())
    if not report.failed:
        report.checked.append(f"{versions:,} rows give the digests of all {readings:,} readings of tables that the ledger knows")
    for (table, source), held in found.rows.items():
        for why, count in held.untold.items():
            report.skipped.append(f"what {count:,} rows of {table} from {source} say: they were {why}, and their digests do not show it")
    return found


def _derived(found: Evidence, layout: Layout, said: Fields) -> None:
    name, kind = said.text("name"), said.text("kind")
    if kind not in ("sql", "py"):
        raise Rejected(f"{said.place}: a derived table is computed by SQL or Python")
    contract, body = layout.read(f"derived/{name}.toml", MAX_TEXT_BYTES), layout.read(f"derived/{name}.{kind}", MAX_TEXT_BYTES)
    found.contracts[name] = contracts.parse(name, contract)
    digest = sha256(contract + b"\0" + body).hexdigest()
    found.derived[name] = digest, body.decode("utf-8", "replace") if kind == "sql" else None


def _rows(found: Evidence, layout: Layout, said: Fields, entries: Mapping[str, Logged], report: Report) -> None:
    table, source = said.text("table"), said.text("source")
    contract = found.contracts.get(table)
    if contract is None or (table, source) in found.rows:
        raise Rejected(f"{said.place}: {ascii(table)[:60]} from {ascii(source)[:60]} is there twice, or has no contract")
    held = found.rows[table, source] = rows.read(layout.read(f"rows/{table}/{source}.jsonl", MAX_DOCUMENT_BYTES), table, source, contract)
    reads = found.reads[table, source] = []
    _require_order(list(said.each("read")), entries, table, source, report)
    for each in said.each("read"):
        one = _read(table, source, each, entries)
        reads.append(one)
        if one.digest and held.root(one.at) != one.digest:
            report.failed.append(
                f"the rows of {table} from {source} as of {one.at} do not give the digest {one.digest[:16]}... that the ledger says: "
                "a row was changed, added or left out"
            )
    whole = [each.at for each in reads if each.digest]
    if unread := sum(not any(each.stood(at) for at in whole) for each in held.versions):
        report.failed.append(f"{unread:,} rows of {table} from {source} stood at no time when the ledger says that it was read")
    if said.flag("through_time"):
        found.through_time.add((table, source))
        instants = {each.at for each in reads}
        if odd := [one for one in held.versions if one.seen_from not in instants or (one.seen_until or one.seen_from) not in instants]:
            report.failed.append(f"{len(odd):,} rows of {table} from {source} opened or ended when nobody read the table")


def _require_order(read: list[Fields], entries: Mapping[str, Logged], table: str, source: str, report: Report) -> None:
    """Check that readings follow one another as their entries do, and that the source was not read in between: it reads one at a time."""
    place = f"the readings of {table} from {source}"
    told = [(each.instant("at"), entries[each.text("entry")]) for each in read if each.text("entry") in entries]
    if any(a >= b or first.at > then.at or first.id == then.id for (a, first), (b, then) in pairwise(told)):
        report.failed.append(f"{place} are not in the order of their entries")
    ends = [each.at for each in entries.values() if each.kind == "collection.finished" and each.subject == source]
    if any(at < end < entry.at for at, entry in told for end in ends):
        report.failed.append(f"{place}: one is said to have begun before another had ended, whose entry is here")


def _read(table: str, source: str, said: Fields, entries: Mapping[str, Logged]) -> Read:
    """Return a reading of `table` as its entry in the ledger says."""
    entry = entries.get(said.text("entry"))
    if entry is None or entry.kind != "collection.finished" or entry.subject != source:
        raise Rejected(f"{said.place}: no entry of the ledger says that {source} was read then")
    told = entry.body.within("tables").within(table)
    if not entry.at - LONGEST_READING <= said.instant("at") <= entry.at:
        raise Rejected(f"{said.place}: {source} is said to have been read after the ledger had it, or more than a day before")
    return Read(said.text("at"), told.text("digest"), told.text("coverage"), told.flag("quarantined"), tuple(told.texts("denied")))


def _none_left_out(found: Evidence, log: BundledLog, report: Report) -> None:
    """Where every entry of a stretch of the log is there, check that no reading in it is missing from a table's history."""
    if log.run is None:
        return
    for table, source in sorted(found.through_time):
        told = [
            entry
            for entry in log.entries.values()
            if entry.index in log.run and entry.kind == "collection.finished" and entry.subject == source
        ]
        there = [entry for entry in told if _digest(entry, table)]
        latest = max((each.at for each in found.reads[table, source]), default="")
        due = sum(rows.text(entry.at) <= latest for entry in there)
        if sum(1 for each in found.reads[table, source] if each.digest) < due:
            report.failed.append(f"{due:,} readings of {table} from {source} are in the ledger, and the bundle leaves some out")


def _digest(entry: Logged, table: str) -> str:
    tables = entry.body.within("tables").said.get(table)
    return str(tables.get("digest", "")) if isinstance(tables, dict) else ""
