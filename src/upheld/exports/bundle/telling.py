"""The verdicts of a bundle, written: each measure's intervals and judgements, its file, its parameters and the queries as they ran."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from upheld import workspace
from upheld.evidence.collection import Progress
from upheld.exports.bundle import contents, judged, scope
from upheld.exports.bundle.contents import Gathered
from upheld.exports.bundle.intervals import Interval, intervals
from upheld.exports.bundle.judged import Instant, Judged
from upheld.exports.bundle.known import Known
from upheld.exports.bundle.scope import Selected
from upheld.ledger.entry import instant_text
from upheld.ledger.profile import Json
from upheld.ledger.verify import strict
from upheld.registers.findings.exceptions import exceptions_in_force
from upheld.verdicts import terms
from upheld.verdicts.models import Judgement

Files = dict[str, bytes]
Wanted = dict[tuple[datetime, str], tuple[str, Mapping[str, object]]]


@dataclass
class Told:
    """What was told: the state of each measure, sentences on what cannot be re-performed, and how many judgements there are."""

    states: dict[str, str] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    judgements: int = 0


def tell(selected: Selected, gathered: Gathered, files: Files, progress: Progress) -> Told:
    """Write the verdicts of every measure selected into `files`; what they rest on is in `gathered` then."""
    stood = intervals(selected)
    said: dict[str, list[tuple[Judged, dict[str, Json]]]] = {}
    wanted = _wanted(selected, stood, files)
    for number, (as_of, group) in enumerate(groupby(sorted(wanted), key=lambda key: key[0])):
        progress("judging again", number + 1)
        instant = judged.at(as_of, selected.known, selected.parameters)
        held_to = _terms(as_of, instant.exceptions, gathered, files)
        for one in judged.judged(instant, [(measure, *wanted[as_of, measure]) for _, measure in group]):
            each = replace(one, lacking=one.lacking or held_to.changed(one, instant))
            said.setdefault(each.measure, []).append((each, _with_query(each, gathered.judgement(each, instant), files)))
    newest = selected.judgement
    gathered.entries.add(newest.entry_id)
    if newest.as_of not in {as_of for as_of, _ in wanted}:
        _terms(newest.as_of, exceptions_in_force(newest.as_of), gathered, files)
    told = Told()
    for measure, judgements in sorted(said.items()):
        last, _ = judgements[-1]
        told.states[measure] = str(last.facts["state"])
        told.judgements += len(judgements)
        told.lacking += [f"{measure} as of {instant_text(each.as_of)}: {it['lacking']}" for each, it in judgements if it["lacking"]]
        gathered.entries |= {each.entry for each in stood.get(measure, ())}
        _write(measure, selected.known, stood.get(measure, []), [it for _, it in judgements], told.states[measure], files)
    return told


@dataclass(frozen=True)
class _HeldTo:
    """What a judgement was held to, and what it would be held to now; None where that cannot be told, or nobody said it then."""

    then: Mapping[str, str] | None
    now: Mapping[str, str]
    said: bool

    def changed(self, each: Judged, instant: Instant) -> str:
        """Return why `each` cannot be shown as it was decided, "" if it can: the bundle has the floors and contracts of now."""
        if not self.said or each.verdict is None:
            return ""
        if self.then is None:
            return "the floors and contracts that it was held to were not kept, and others are in force now"
        names = {f"tables.{seen.table}" for seen in each.verdict.evidence} | {f"parameters.{instant.measures[each.measure].chapter}"}
        other = sorted(name for name in names if self.then.get(name) != self.now.get(name))
        return f"since then {', '.join(other)} changed, which it was held to" if other else ""


def _terms(as_of: datetime, exceptions: terms.Exceptions, gathered: Gathered, files: Files) -> _HeldTo:
    """Write what was judged by then, as the judgement's entry has the digest of it; the entry goes along."""
    judgement = Judgement.objects.filter(as_of=as_of).order_by("-id").first()
    if judgement is None:
        return _HeldTo(None, {}, said=False)
    promised = terms.promised(judgement.as_of)
    now = terms.terms(workspace.current().measures, exceptions, judgement.salts, judgement.as_of, promised)
    due = scope.terms_of(judgement)
    then = None if due is None else now if due == terms.digest(now) else terms.kept(due)
    if then is not None:
        files[f"terms/{judgement.entry_id}.json"] = strict.write(then)
        gathered.entries.add(judgement.entry_id)
    return _HeldTo(then, now, said=due is not None)


def _wanted(selected: Selected, stood: Mapping[str, list[Interval]], files: Files) -> Wanted:
    """Return which judgements go along, by instant and measure: the last one, and over a period each that changed a state.

    Of the last one the ledger has a digest of what it said of every measure; where nobody can say that any more, the entry
    that began the interval in force stands in for it.
    """
    lines, facts = judged.facts_at(selected.judgement, selected.known, selected.parameters)
    if lines:
        files[f"judgements/{selected.judgement.entry_id}.jsonl"] = lines
    wanted: Wanted = {}
    for measure in selected.measures:
        for each in stood.get(measure, ()):
            if each.judged_again or measure not in facts:
                wanted[each.from_at, measure] = each.entry, each.facts
        if measure in facts:
            wanted[selected.judgement.as_of, measure] = selected.judgement.entry_id, facts[measure]
    return wanted


def _with_query(each: Judged, said: dict[str, Json], files: Files) -> dict[str, Json]:
    """Return `said` with the path of the query as it ran, which is written there."""
    if not each.query or said["lacking"]:
        return said
    path = f"queries/{each.measure}/{each.as_of:%Y%m%dT%H%M%S%f}Z.sql"
    files[path] = each.query.encode() + b"\n"
    return said | {"ran": path}


def _write(name: str, known: Known, stood: list[Interval], judgements: list[dict[str, Json]], state: str, files: Files) -> None:
    measure = known.get(name)
    if measure is not None:
        files[f"measures/{name}.sql"] = contents.measure_file(known.path(name), measure)
        files[f"parameters/{measure.chapter}.toml"] = terms.chapter_file(measure.chapter, workspace.current().measures)
    files[f"verdicts/{name}.json"] = strict.write(
        {
            "measure": name,
            "title": measure.title if measure else "",
            "promise": measure.promise if measure else "",
            "state": state,
            "intervals": [each.plain() for each in stood],
            "judgements": judgements,
        }
    )
