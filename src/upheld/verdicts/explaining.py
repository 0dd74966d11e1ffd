"""One measure in full: its state and why, who fails, the query, and the evidence it was judged on."""

from dataclasses import dataclass

from upheld import workspace
from upheld.checks.verdict import State
from upheld.documents import catalogue
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding, MeasureVerdict
from upheld.verdicts.standing import in_force, lacking


@dataclass(frozen=True)
class MeasureExplained:
    """A measure with its verdict in force (None: never judged) and its open findings. `query` is empty when it is still to come."""

    id: str
    fact: str
    state: State
    reason: str
    query: str
    verdict: MeasureVerdict | None
    failing: tuple[Finding, ...]

    def as_json(self) -> dict[str, object]:
        """Return the stable shape of `upheld show MEASURE --json`."""
        verdict = self.verdict
        return {
            "id": self.id,
            "state": self.state.value,
            "reason": self.reason,
            "since": verdict and verdict.from_at,
            "judged_at": verdict and verdict.judged_until_at,
            "stale_at": verdict and verdict.stale_at,
            "flips_at": verdict and verdict.flips_at,
            "population": verdict.population if verdict else 0,
            "pass": verdict.passed if verdict else 0,
            "fail": verdict.failed if verdict else 0,
            "unknown": verdict.unknown if verdict else 0,
            "failing": [{"subject": each.subject, "label": each.label, "detail": each.detail} for each in self.failing],
            "untested": verdict.untested if verdict else [],
            "query": self.query,
            "evidence": [
                {name: seen[name] for name in ("table", "source", "seen_at", "digest", "coverage", "stale")}
                for seen in (verdict.evidence if verdict else [])
            ],
        }


def explain(name: str) -> MeasureExplained | None:
    """Return the measure called `name` in full, or None when nobody knows it."""
    known = catalogue.known(workspace.current().measures).get(name)
    if known is None:
        return None
    verdict = in_force().get(name)
    measure = measures_of(workspace.current())[0].get(name)
    return MeasureExplained(
        id=name,
        fact=known.fact,
        state=State(verdict.state) if verdict else State.UNPROVEN,
        reason=verdict.reason if verdict else lacking(name, known),
        query=measure.query if measure else "",
        verdict=verdict,
        failing=tuple(Finding.objects.filter(measure=name, resolved_at=None)),
    )
