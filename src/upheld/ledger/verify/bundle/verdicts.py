"""The verdicts in a bundle: each judgement bound to its entry, and intervals bound to what changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from upheld.ledger.verify.bundle import deciding, judgements, measures, rows
from upheld.ledger.verify.bundle.evidence import MAX_TEXT_BYTES, Evidence
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, Fields, document, lines
from upheld.ledger.verify.bundle.judgements import Judgement
from upheld.ledger.verify.bundle.logs import BundledLog, Logged
from upheld.ledger.verify.bundle.members import Manifest
from upheld.ledger.verify.bundle.terms import Terms
from upheld.ledger.verify.layout import Layout, Unreadable
from upheld.ledger.verify.report import Rejected, Report

_VERDICT = frozenset({"measure", "title", "promise", "state", "intervals", "judgements"})
_INTERVAL = frozenset({"state", "from", "until", "entry"})
CHANGED, MADE = "verdict.changed", "judgement.made"


@dataclass
class Verdicts:
    """The judgements of every measure in the bundle, by measure; the last is the one that the bundle is about."""

    by_measure: dict[str, list[Judgement]] = field(default_factory=dict)

    @property
    def all(self) -> list[Judgement]:
        """All judgements."""
        return [each for found in self.by_measure.values() for each in found]


class Entries:
    """The proven entries of all logs, and what judgements said of every measure, once it was shown to be what they are of."""

    def __init__(self, layout: Layout, logs: Sequence[BundledLog]) -> None:
        """Take the entries of `logs`, each proven to be in its log."""
        self.logs = logs
        self._layout = layout
        self._entries = {name: entry for log in logs for name, entry in log.entries.items()}
        self._made: dict[str, dict[str, Fields]] = {}

    @property
    def all(self) -> list[Logged]:
        """All entries, in the order of the logs."""
        return sorted(self._entries.values(), key=lambda each: ([log.origin for log in self.logs].index(each.origin), each.index))

    def judged_at(self, at: datetime) -> Mapping[str, Fields]:
        """Return what the judgement as of `at` said of every measure; empty where the bundle does not have all of that."""
        made = [each for each in self.all if each.kind == MADE and each.effective_at == at]
        if not made:
            return {}
        if made[-1].id not in self._made:
            try:
                self._made[made[-1].id] = _made(self._layout, made[-1])
            except Unreadable:
                return {}
        return self._made[made[-1].id]

    @property
    def places(self) -> set[str]:
        """The paths of the judgements that were read, each of which is what its entry has the digest of."""
        return {f"judgements/{each}.jsonl" for each in self._made}

    def of(self, entry_id: str, kinds: tuple[str, ...], place: str) -> Logged:
        """Return the entry of that id, which must be of one of `kinds`."""
        found = self._entries.get(entry_id)
        if found is None or found.kind not in kinds:
            raise Rejected(f"{place}: the bundle has no proof of the entry that it rests on")
        return found

    def facts(self, entry: Logged, measure: str) -> Fields:
        """Return what `entry` says of `measure`: itself, or a line of the facts whose digest it is."""
        if entry.kind == CHANGED:
            return entry.body
        if entry.id not in self._made:
            self._made[entry.id] = _made(self._layout, entry)
        found = self._made[entry.id].get(measure)
        if found is None:
            raise Rejected(f"the judgement of {rows.text(entry.effective_at)} says nothing of {measure}")
        return found


def _made(layout: Layout, entry: Logged) -> dict[str, Fields]:
    place = f"judgements/{entry.id}.jsonl"
    data = layout.read(place, MAX_DOCUMENT_BYTES)
    if hashlib.sha256(data.removesuffix(b"\n")).hexdigest() != entry.body.text("digest"):
        raise Rejected(f"{place} is not what entry {entry.index} of the ledger was made of: a verdict in it was changed")
    return {each.text("measure"): each for each in lines(data, place)}


def read(layout: Layout, entries: Entries, held_to: Terms, manifest: Manifest, evidence: Evidence, report: Report) -> Verdicts:
    """Return the verdicts of the bundle. Raises `Rejected`; what does not hold of one is reported as failed."""
    found = Verdicts()
    for measure in manifest.said.texts("measures"):
        said = document(layout.read(f"verdicts/{measure}.json", MAX_DOCUMENT_BYTES), f"verdicts/{measure}.json")
        said.only(_VERDICT)
        if said.text("measure") != measure:
            raise Rejected(f"verdicts/{measure}.json is of another measure")
        found.by_measure[measure] = [_judgement(layout, each, measure, entries, evidence) for each in said.each("judgements")]
        for judged, told in zip(found.by_measure[measure], said.each("judgements"), strict=True):
            held_to.hold(judged, told, sorted({piece.table for piece in judged.evidence}))
        _titled(layout, said, found.by_measure[measure], report)
        _intervals(said, measure, entries, manifest, report)
        _lasting(said, found.by_measure[measure], report)
    for each in found.all:
        report.failed += each.wrong
        report.skipped += each.unchecked
    if not report.failed:
        last = max((each.as_of for each in found.all), default=None)
        counted = f"{len(found.all):,} judgements of {len(found.by_measure):,} measures"
        when = f"; the last is as of {last:%Y-%m-%d %H:%M} UTC" if last else ""
        report.checked.append(f"{counted} are those in the ledger, digest by digest{when}")
    return found


def _judgement(layout: Layout, said: Fields, measure: str, entries: Entries, evidence: Evidence) -> Judgement:
    entry = entries.of(said.text("entry"), (CHANGED, MADE), said.place)
    facts = entries.facts(entry, measure)
    if facts.text("measure") != measure or said.instant("as_of") != entry.effective_at:
        raise Rejected(f"{said.place}: entry {entry.index} is of another measure or instant")
    file = measures.parse(measure, layout.read(f"measures/{measure}.sql", MAX_TEXT_BYTES))
    chapter = layout.read(said.text("chapter"), MAX_TEXT_BYTES) if said.said.get("chapter") is not None else None
    return judgements.read(said, file, chapter, facts, evidence)


def _titled(layout: Layout, said: Fields, judged: Sequence[Judgement], report: Report) -> None:
    """Check that a verdict is headed by what its measure's own file says, whose digest was judged."""
    due = ("", "")
    if f"measures/{said.text('measure')}.sql" in layout.names():
        file = (
            judged[-1].measure
            if judged
            else measures.parse(said.text("measure"), layout.read(f"measures/{said.text('measure')}.sql", MAX_TEXT_BYTES))
        )
        due = (file.title, file.promise)
    if (said.text("title"), said.text("promise")) != due:
        report.failed.append(f"{said.place}: its title or its sentence is not what its measure's file says")


def _intervals(said: Fields, measure: str, entries: Entries, manifest: Manifest, report: Report) -> None:
    """Check that each interval begins with an entry that says so and one follows the other; and that no entry says of one left out."""
    begun: list[Logged] = []
    until: object = None
    for each in said.each("intervals"):
        each.only(_INTERVAL)
        entry = entries.of(each.text("entry"), (CHANGED,), each.place)
        body = entry.body
        if body.text("measure") != measure or body.text("state") != each.text("state") or entry.effective_at != each.instant("from"):
            report.failed.append(f"{each.place}: entry {entry.index} says otherwise of {measure}")
        if begun and until != each.text("from"):
            report.failed.append(f"{each.place}: it does not begin where the one before ended")
        begun.append(entry)
        until = each.said.get("until")
    # The last one is still in force, unless its measure was judged no more.
    if until is not None and measure in (entries.judged_at(manifest.said.instant("judged")) or {measure}):
        report.failed.append(f"{said.place}: it is said to have ended at {ascii(until)[:40]}, and no entry says so")
    if begun and until is None and begun[-1].body.text("state") != said.text("state"):
        report.failed.append(f"{said.place}: it is said to be {ascii(said.text('state'))[:20]}, and its last interval is not")
    told = {entry.id for entry in begun}
    as_of, since = manifest.said.instant("as_of"), manifest.said.instant_or_none("from")
    first = min([entry.effective_at for entry in begun] + [since or as_of])
    for entry in (entry for log in entries.logs for entry in log.entries.values() if entry.kind == CHANGED):
        if entry.subject == measure and entry.id not in told and first <= entry.effective_at <= as_of:
            report.failed.append(f"entry {entry.index} changed the verdict of {measure}, and the bundle does not say so")


def _lasting(said: Fields, judged: Sequence[Judgement], report: Report) -> None:
    """Check that what is said to be in force is what was judged last."""
    last = judged[-1] if judged else None
    if [each.as_of for each in judged] != sorted(each.as_of for each in judged):
        report.failed.append(f"{said.place}: its judgements are not in order of time")
    if said.text("state") != (last.state if last else deciding.UNPROVEN):
        report.failed.append(f"{said.place}: it is said to be {ascii(said.text('state'))[:20]}, and was last judged otherwise")
