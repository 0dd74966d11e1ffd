"""What goes into a bundle of one judgement: what the ledger says of it, and the same judgement made again here to have its particulars."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from upheld.checks.engines.tally import fitting
from upheld.checks.front import MeasureError
from upheld.checks.judge import Exceptions, judge, said
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameters
from upheld.checks.verdict import Verdict
from upheld.evidence.frame import Frame
from upheld.ledger import lookup
from upheld.registers.findings.exceptions import exceptions_in_force
from upheld.sources.frames import frame
from upheld.verdicts import salting
from upheld.verdicts.models import Judgement, MeasureVerdict

# Every subject that does not pass goes along by name.
_NAMED = 5_000_000


@dataclass(frozen=True)
class Judged:
    """One measure judged as of an instant. `entry` is the id of the ledger's entry about it, `facts` what that says.

    `verdict` is the same judgement made again now; `lacking` says why it does not come to those facts, and is empty when it does.
    `salt` is that of its outcomes' digest, None where it was destroyed.
    """

    measure: str
    as_of: datetime
    entry: str
    facts: Mapping[str, object]
    verdict: Verdict | None
    query: str
    lacking: str
    salt: bytes | None = b""


@dataclass(frozen=True)
class Instant:
    """All that is judged again as of one instant, on one frame."""

    frame: Frame
    measures: Mapping[str, Measure]
    parameters: Parameters
    exceptions: Exceptions

    def again(self, wanted: Iterable[str]) -> dict[str, Verdict]:
        """Return the verdicts of the measures `wanted` as of the instant, by measure; of those that there still are."""
        there = [self.measures[name] for name in wanted if name in self.measures]
        limits = fitting(sum(each.rows for filled in self.frame.filled.values() for each in filled), _NAMED)
        return {each.measure: each for each in judge(there, self.frame, self.parameters, self.exceptions, limits=limits)} if there else {}


def at(as_of: datetime, known: Mapping[str, Measure], parameters: Parameters) -> Instant:
    """Return the frame and the exceptions as of `as_of`, to judge the measures `known` on."""
    return Instant(frame(as_of), known, parameters, exceptions_in_force(as_of))


def judged(instant: Instant, told: Sequence[tuple[str, str, Mapping[str, object]]]) -> list[Judged]:
    """Return what goes along of each of `told`: measure, id of the ledger's entry, and the facts that it says."""
    again, salts = instant.again(measure for measure, _, _ in told), salts_at(instant.frame.as_of)
    found = []
    for measure, entry, facts in told:
        verdict, known = again.get(measure), salting.salt(salts, measure)
        lacking = _lacking(facts, verdict, known)
        query = "" if lacking or verdict is None or not verdict.digests.get("outcomes") else _said(instant, measure)
        found.append(Judged(measure, instant.frame.as_of, entry, facts, verdict, query, lacking, known))
    return found


def salts_at(as_of: datetime) -> salting.Salts:
    """Return the salts of the judgement as of `as_of`; none where there was no such judgement."""
    judgement = Judgement.objects.filter(as_of=as_of).order_by("-id").first()
    return judgement.salts if judgement else {}


def _said(instant: Instant, measure: str) -> str:
    try:
        return said(instant.measures[measure], instant.parameters, instant.frame.as_of)
    except MeasureError:
        return ""


def _lacking(facts: Mapping[str, object], verdict: Verdict | None, known: bytes | None) -> str:
    if verdict is None:
        return "there is no file of this measure any more, or it cannot be read"
    if (again := _facts(verdict, known)) == facts:
        return ""
    inputs = facts["inputs"]
    assert isinstance(inputs, list), "the ledger's facts have inputs"
    before = {str(each["of"]): str(each["sha256"]) for each in inputs}
    now = salting.salted(verdict.digests, known)
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if not before:
        return "it was not judged: its file was wrong"
    if not changed:
        changed = sorted(name for name in facts if facts[name] != again.get(name))
    return f"since then its {', '.join(changed)} changed, or rows were erased"


def facts_of(row: MeasureVerdict, known: bytes | None) -> dict[str, object]:
    """Return what the ledger's entries say of a verdict, from its row and the salt `known` of its judgement."""
    return {
        "measure": row.measure,
        "state": row.state,
        "population": row.population,
        "pass": row.passed,
        "fail": row.failed,
        "unknown": row.unknown,
        "excepted": row.excepted,
        "inputs": [{"of": name, "sha256": digest} for name, digest in sorted(salting.salted(row.digests, known).items())],
    }


def _facts(verdict: Verdict, known: bytes | None) -> dict[str, object]:
    return facts_of(
        MeasureVerdict(
            measure=verdict.measure,
            state=verdict.state.value,
            population=verdict.population,
            passed=verdict.passed,
            failed=verdict.failed,
            unknown=verdict.unknown,
            excepted=verdict.excepted,
            digests=verdict.digests,
        ),
        known,
    )


def facts_at(judgement: Judgement, known: Mapping[str, Measure], parameters: Parameters) -> tuple[bytes, dict[str, dict[str, object]]]:
    """Return the facts of every measure at `judgement`, as lines and by measure; empty where nobody can say them any more.

    They are those whose digest the ledger's entry has: taken from the verdicts in force, or found again by judging everything.
    """
    said = lookup.entries([judgement.entry_id]).get(judgement.entry_id)
    due = str(said["body"]["digest"]) if said else ""
    salts = judgement.salts
    found = _lines(
        facts_of(row, salting.salt(salts, row.measure)) for row in MeasureVerdict.objects.filter(judgement=judgement).order_by("measure")
    )
    if hashlib.sha256(found).hexdigest() != due:
        instant = at(judgement.as_of, known, parameters)
        verdicts = instant.again(instant.measures)
        found = _lines(_facts(verdicts[name], salting.salt(salts, name)) for name in sorted(verdicts))
    if not found or hashlib.sha256(found).hexdigest() != due:
        return b"", {}
    return found + b"\n", {str(each["measure"]): each for each in map(orjson.loads, found.split(b"\n"))}


def _lines(facts: Iterable[Mapping[str, object]]) -> bytes:
    return b"\n".join(orjson.dumps(each, option=orjson.OPT_SORT_KEYS) for each in facts)
