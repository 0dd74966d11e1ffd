"""What a bundle holds besides proofs, gathered from judgements: files by path, and the entries of the ledger that they rest on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from django.db.models import Q

from upheld.checks.floor import Value
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameter
from upheld.checks.reach import forgotten, reach
from upheld.checks.span import Span
from upheld.checks.verdict import Outcome, Seen, Verdict
from upheld.evidence import derived, table
from upheld.evidence.collection import Coverage
from upheld.evidence.derived import HISTORY, bases, derived_tables, needed
from upheld.evidence.frame import CUT_SHORT, ChangeFile, Frame
from upheld.exports.bundle import history
from upheld.exports.bundle.judged import Instant, Judged
from upheld.exports.bundle.scope import BundleError, Disclose
from upheld.ledger.entry import instant_text
from upheld.ledger.profile import Json
from upheld.sources.models import CollectedTable, ConfiguredSource

Put = Callable[[str, bytes], None]


@dataclass
class Pair:
    """One table from one source: its change files, when it was read, and the instants whose rows are needed."""

    table: str
    source: str
    files: list[ChangeFile] = field(default_factory=list)
    reads: dict[datetime, CollectedTable] = field(default_factory=dict)
    instants: set[datetime] = field(default_factory=set)
    through_time: bool = False


@dataclass
class Gathered:
    """What judgements rest on, as far as gathered: tables by source, names of contracts and derived tables, measures, entries."""

    disclose: Disclose
    pairs: dict[tuple[str, str], Pair] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    derived: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    rows: int = 0

    def disclosed(self, name: str) -> bool:
        """Whether rows of the table `name` go along."""
        personal = any(column.personal for column in table.table(name).columns.values())
        return self.disclose is Disclose.ALL or (self.disclose is Disclose.MASKED and not personal)

    def judgement(self, judged: Judged, instant: Instant) -> dict[str, Json]:
        """Take all that `judged` rests on, and return what a bundle says of it."""
        self.entries.add(judged.entry)
        verdict = judged.verdict
        said: dict[str, Json] = {"as_of": instant_text(judged.as_of), "entry": judged.entry, "lacking": judged.lacking}
        said |= {
            "chapter": None,
            "evidence": [],
            "exceptions": [],
            "flips_at": None,
            "gaps": [],
            "parameters": [],
            "ran": None,
            "salt": None,
            "subjects": None,
        }
        if judged.lacking or verdict is None:
            return said
        measure = instant.measures[judged.measure]
        if gone := _forgotten(measure, instant):
            return said | {"lacking": gone}
        self._contracts(measure)
        pieces = [self._piece(seen, measure, instant.frame) for seen in verdict.evidence]
        lost = [each.table for each, piece in zip(verdict.evidence, pieces, strict=True) if piece is None]
        if lost:
            return said | {"lacking": f"the history of {', '.join(sorted(set(lost)))} is not as it was recorded"}
        named = all(self.disclosed(seen.table) for seen in verdict.evidence)
        if "parameters" in verdict.digests:
            parameters = instant.parameters.of(measure)
            said |= {"chapter": f"parameters/{measure.chapter}.toml", "parameters": [_parameter(each) for each in parameters.values()]}
        return said | {
            "evidence": [piece for piece in pieces if piece is not None],
            "exceptions": _exceptions(instant, measure) if named else [],
            "flips_at": None if verdict.flips_at is None else instant_text(verdict.flips_at),
            "gaps": _gaps(instant.frame),
            "reason": verdict.reason if named else None,
            "salt": judged.salt.hex() if named and judged.salt is not None else None,
            "subjects": _subjects(verdict) if named else None,
        }

    def _piece(self, seen: Seen, measure: Measure, frame: Frame) -> dict[str, Json] | None:
        """Take a table of a source that a judgement read; None where its history was altered since."""
        source = _source(seen.source, frame.as_of)
        told = list(
            CollectedTable.objects.filter(collection__source=source, table=seen.table, collection__started_at__lte=frame.as_of)
            .select_related("collection")
            .order_by("collection__started_at", "collection_id")
        )
        read = [row for row in told if row.digest]
        whole = [row for row in read if row.coverage == Coverage.COMPLETE and not row.quarantined]
        if seen.digest != (read[-1].digest if read else ""):
            return None
        pair = self.pairs.setdefault((seen.table, seen.source), Pair(seen.table, seen.source))
        pair.files = [file for file in frame.files.get(seen.table, ()) if file.source == seen.source]
        pair.through_time |= seen.table in _through_time(measure)
        ends = {"newest": told[-1:], "read": read[-1:], "complete": whole[-1:]}
        for row in [*(read if pair.through_time else ()), *(row for rows in ends.values() for row in rows)]:
            pair.reads[row.collection.started_at] = row
            self.entries.add(row.collection.entry_id)
        pair.instants |= {row.collection.started_at for row in read[-1:]} | {frame.as_of}
        at = {name: instant_text(rows[0].collection.started_at) if rows else None for name, rows in ends.items()}
        return {"source": seen.source, "table": seen.table, **at}

    def _contracts(self, measure: Measure) -> None:
        self.tables |= bases(measure.tables)
        self.derived |= {each.name for each in needed(measure.tables)}

    def write(self, put: Put) -> dict[str, Json]:
        """Write the rows, contracts and derived tables gathered, and return what the bundle says of them."""
        for name in sorted(self.tables):
            put(f"tables/{name}.toml", (table.HERE / f"{name}.toml").read_text(encoding="utf-8").encode())
        kinds: list[Json] = []
        for name in (name for name in derived_tables() if name in self.derived):
            kind = "py" if derived_tables()[name].sql is None else "sql"
            kinds.append({"name": name, "kind": kind})
            for suffix in ("toml", kind):
                put(f"derived/{name}.{suffix}", (derived.HERE / f"{name}.{suffix}").read_text(encoding="utf-8").encode())
        return {"tables": sorted(self.tables), "derived": kinds, "rows": [self._rows(self.pairs[key], put) for key in sorted(self.pairs)]}

    def _rows(self, pair: Pair, put: Put) -> dict[str, Json]:
        contract, disclosed = table.table(pair.table), self.disclosed(pair.table)
        kept = [
            each
            for each in history.versions(pair.files, max(pair.instants))
            if pair.through_time or any(each.stood(at) for at in pair.instants)
        ]
        if disclosed:
            self.rows += len(kept)
        lines = sorted(history.line(contract, each, disclosed=disclosed) for each in kept)
        put(f"rows/{pair.table}/{pair.source}.jsonl", b"".join(lines))
        reads: list[Json] = [{"at": instant_text(at), "entry": pair.reads[at].collection.entry_id} for at in sorted(pair.reads)]
        return {"read": reads, "source": pair.source, "table": pair.table, "through_time": pair.through_time}


def _forgotten(measure: Measure, instant: Instant) -> str:
    """Return what of the evidence is kept no longer, "" where all that `measure` reads is there."""
    back = reach(measure, instant.parameters)
    filled = (each for name in bases(measure.tables) for each in instant.frame.filled.get(name, ()))
    return next((said for each in filled if (said := forgotten(each, instant.frame.as_of, back))), "")


def _source(name: str, as_of: datetime) -> ConfiguredSource:
    """Return the source that was in use under `name` as of `as_of`."""
    used = Q(added_at__lte=as_of) & (Q(removed_at=None) | Q(removed_at__gt=as_of))
    return ConfiguredSource.objects.get(used, name=name)


def _through_time(measure: Measure) -> set[str]:
    """Return the tables of which `measure` reads, itself or in a derived table, more than what stands: history, or since when."""
    read: dict[str, Iterable[str]] = {name: measure.columns for name in measure.reads if name not in derived_tables()}
    found = {name.removeprefix(HISTORY) for name, columns in read.items() if name.startswith(HISTORY) or "seen_from_at" in columns}
    for each in needed(measure.tables):
        found |= {
            name.removeprefix(HISTORY) for name, columns in each.inputs.items() if name.startswith(HISTORY) or "seen_from_at" in columns
        }
    return found & bases(measure.tables)


def _parameter(parameter: Parameter) -> dict[str, Json]:
    return {"name": parameter.name, "kind": parameter.kind.value, "value": _plain(parameter.value)}


def _plain(value: Value) -> Json:
    match value:
        case bool() | int() | str():
            return value
        case float():
            return repr(value)
        case Span():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return list(value)


def _gaps(frame: Frame) -> list[Json]:
    """Return the rows of the table `gaps`, as measures see it."""
    found: list[dict[str, str]] = []
    for filled in (each for pieces in frame.filled.values() for each in pieces):
        about = {"source": filled.source, "table_name": filled.table}
        found += [about | {"column_name": gap.column, "kind": gap.kind.value, "why": gap.why} for gap in filled.gaps]
        found += [about | {"kind": CUT_SHORT, "why": why} for why in filled.cut_short]
    return [dict(each) for each in sorted(found, key=lambda each: sorted(each.items()))]


def _exceptions(instant: Instant, measure: Measure) -> list[Json]:
    """Return the exceptions of `measure` that run as of the instant."""
    running = instant.exceptions.get(measure.id, {})
    return [{"subject": each, "until": instant_text(end)} for each, end in sorted(running.items()) if end > instant.frame.as_of]


def _subjects(verdict: Verdict) -> list[Json]:
    found = sorted((*verdict.failing, *verdict.unknowns), key=lambda each: each.subject.encode())
    return [_subject(each) for each in found]


def _subject(outcome: Outcome) -> dict[str, Json]:
    return {
        "subject": outcome.subject,
        "ok": outcome.ok,
        "label": outcome.label,
        "detail": outcome.detail,
        "excepted": outcome.excepted,
    }


def measure_file(path: Path, measure: Measure) -> bytes:
    """Return the text of a measure's file, of which its digest is: as Python reads text, whatever ends its lines.

    Raises `BundleError` if it was changed since `measure` was read from it.
    """
    text = path.read_text(encoding="utf-8").encode()
    if sha256(text).hexdigest() != measure.digest:
        raise BundleError(f"The file of {measure.id} was changed while the bundle was made: make it again")
    return text
