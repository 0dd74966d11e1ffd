"""What decides a verdict, worst first. Anything not shown is unproven, never upheld."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from upheld.checks import reasons
from upheld.checks.engines.tally import Tally
from upheld.checks.evidence import Evidence
from upheld.checks.measure import Measure
from upheld.checks.verdict import State, Verdict
from upheld.checks.words import sentence


@dataclass(frozen=True)
class Case:
    """All that decides one measure's verdict.

    `weaker` says which parameters are weaker than the promise; `until` when each subject's exception ends; `noun` is
    what subjects are called; `digests` name the inputs.
    """

    measure: Measure
    evidence: Evidence
    tally: Tally
    as_of: datetime
    weaker: tuple[str, ...] = ()
    until: Mapping[str, datetime] = field(default_factory=dict)
    noun: str = "subjects"
    digests: Mapping[str, str] = field(default_factory=dict)


def verdict(case: Case) -> Verdict:
    """Return the verdict that `case` comes to; docs/design/verdicts.md gives the order and why."""
    state, reason = _decide(case)
    tally, evidence = case.tally, case.evidence
    return Verdict(
        measure=case.measure.id,
        state=state,
        reason="".join([reason, *(f" {remark}" for remark in evidence.remarks), reasons.untested(evidence)]),
        as_of=case.as_of,
        population=tally.population,
        passed=tally.passed,
        failed=tally.failed,
        unknown=tally.unknown,
        excepted=tally.excepted,
        failing=tally.failing,
        unknowns=tally.unknowns,
        flips_at=tally.flips_at,
        stale_at=evidence.stale_at,
        evidence=evidence.seen,
        untested=evidence.untested,
        digests={**case.digests, "outcomes": tally.digest},
    )


def _decide(case: Case) -> tuple[State, str]:
    tally = case.tally
    if case.weaker:
        more = f" {reasons.broken(tally, case.noun)}" if tally.failed else ""
        return State.BROKEN, f"The policy is weaker than the promise: {'; '.join(case.weaker)}.{more}"
    if tally.failed:
        return State.BROKEN, reasons.broken(tally, case.noun)
    unproven = _unproven(case)
    if unproven:
        return State.UNPROVEN, unproven
    if tally.excepted:
        return State.EXCEPTED, reasons.excepted(tally, case.noun, case.until)
    if _flips_soon(case):
        return State.AT_RISK, reasons.at_risk(tally, case.noun)
    return State.UPHELD, reasons.passing(tally, case.noun, case.measure.may_be_empty)


def _unproven(case: Case) -> str:
    """Why nothing is proven, in sentences; empty when everything is."""
    tally, evidence = case.tally, case.evidence
    if tally.error:
        return " ".join([sentence(f"it could not be judged: {tally.error}"), *evidence.problems])
    if evidence.missing:
        return " ".join(evidence.missing)
    said = list(evidence.problems)
    if tally.unknown:
        said.append(reasons.unknown(tally, case.noun, evidence.gaps))
    elif not tally.population and not case.measure.may_be_empty:
        said.append(reasons.empty(case.noun))
    return " ".join(said)


def _flips_soon(case: Case) -> bool:
    flips_at, warn = case.tally.flips_at, case.measure.warn
    return flips_at is not None and warn is not None and flips_at <= warn.after(case.as_of)
