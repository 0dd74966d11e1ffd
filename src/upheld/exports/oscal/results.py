"""The OSCAL assessment results: an observation for each measure, a finding for each promise, a risk for each that is not upheld."""

from collections.abc import Iterator

from upheld.checks.verdict import State
from upheld.exports.oscal.plan import assets
from upheld.exports.oscal.words import PLAN, SATISFIED, Part, all_controls, line, metadata, props, statement, uuid
from upheld.exports.position import Position, Tested
from upheld.ledger.entry import instant_text
from upheld.verdicts.standing import PromiseStanding

_REASON = {State.UPHELD: "pass", State.AT_RISK: "pass", State.BROKEN: "fail"}


def assessment_results(position: Position, *about: str, plan: str = PLAN) -> Part:
    """Return the results as of the position's instant; `about` names the part of them that it is cut to, `plan` where the plan lies."""
    return {
        "assessment-results": {
            "uuid": uuid(position, "results", instant_text(position.at), *about),
            "metadata": metadata(position, "How each promise stands"),
            "import-ap": {"href": plan},
            "results": [
                {
                    "uuid": uuid(position, "result", instant_text(position.at), *about),
                    "title": "How each promise stands",
                    "description": "Each measure was judged on its whole population; a promise is as its worst measure.",
                    "start": instant_text(position.judged_at),
                    "end": instant_text(position.judged_at),
                    "props": props(ledger=position.origin, ledger_entry=position.entry),
                    "local-definitions": {"assessment-assets": assets(position)},
                    "reviewed-controls": all_controls(position),
                    "observations": [observation(position, each) for each in position.tested.values()],
                    "risks": list(risks(position)),
                    "findings": list(_findings(position)),
                }
            ],
        }
    }


def observation(position: Position, tested: Tested) -> Part:
    """Return what one measure found, in numbers."""
    verdict = tested.verdict
    return {
        "uuid": uuid(position, "observation", tested.id),
        "title": line(tested.title),
        "description": f"{tested.fact} {tested.found}",
        "props": _numbers(tested),
        "methods": ["EXAMINE" if tested.is_attested else "TEST"],
        "types": ["control-objective"],
        "origins": [{"actors": [{"type": "tool", "actor-uuid": uuid(position, "tester")}]}],
        "relevant-evidence": [_evidence(position, tested)] if verdict else [],
        "collected": instant_text(verdict.judged_until_at if verdict else position.judged_at),
        "expires": instant_text(verdict.stale_at) if verdict and verdict.stale_at else None,
    }


def _numbers(tested: Tested) -> list[Part]:
    verdict = tested.verdict
    if verdict is None:
        return props(measure=tested.id, state=tested.state)
    return props(
        measure=tested.id,
        state=tested.state,
        since=instant_text(verdict.from_at),
        population=verdict.population,
        **{"pass": verdict.passed, "fail": verdict.failed},
        unknown=verdict.unknown,
        excepted=verdict.excepted,
        breaks_at=instant_text(verdict.flips_at) if verdict.flips_at else "",
    )


def _evidence(position: Position, tested: Tested) -> Part:
    proof = {"href": tested.proof} if tested.proof else {}
    return proof | {
        "description": f"The entry of the ledger {position.origin} that began this state; a bundle of the measure shows the rows.",
        "props": props(ledger_entry=tested.entry),
    }


def _findings(position: Position) -> Iterator[Part]:
    for document in position.documents:
        for each in document.promises:
            yield _finding(position, each)


def _finding(position: Position, each: PromiseStanding) -> Part:
    satisfied = each.state in SATISFIED
    return {
        "uuid": uuid(position, "finding", each.promise.id),
        "title": each.promise.id,
        "description": each.promise.text,
        "props": props(state=each.state),
        "target": {
            "type": "statement-id",
            "target-id": statement(each.promise),
            "status": {"state": "satisfied" if satisfied else "not-satisfied", "reason": _REASON.get(each.state, "other")},
        },
        "implementation-statement-uuid": uuid(position, "statement", each.promise.id),
        "related-observations": [{"observation-uuid": uuid(position, "observation", name)} for name in each.promise.measures],
        "related-risks": [{"risk-uuid": uuid(position, "risk", name)} for name in unsatisfied(position, each)],
    }


def unsatisfied(position: Position, each: PromiseStanding) -> list[str]:
    """Return the measures of a promise that are not upheld."""
    return [name for name in each.promise.measures if position.tested[name].state not in SATISFIED]


def risks(position: Position) -> Iterator[Part]:
    """Yield a risk for each measure that is not upheld. An approved exception is a deviation, and stays one that is not satisfied."""
    for tested in position.tested.values():
        if tested.state in SATISFIED:
            continue
        yield {
            "uuid": uuid(position, "risk", tested.id),
            "title": line(f"{tested.title}: {tested.state}"),
            "description": tested.found,
            "statement": (tested.measure and tested.measure.why) or tested.fact,
            "props": props(measure=tested.id, severity=tested.measure.severity if tested.measure else ""),
            "status": "deviation-approved" if tested.state is State.EXCEPTED else "open",
            "related-observations": [{"observation-uuid": uuid(position, "observation", tested.id)}],
        }
