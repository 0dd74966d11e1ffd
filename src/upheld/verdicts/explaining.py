"""One measure in full: its state and why, who fails, the query, and the evidence it was judged on."""

from dataclasses import dataclass

import duckdb

from upheld import workspace
from upheld.checks.verdict import State
from upheld.evidence.duck import lent, put_in
from upheld.verdicts.measures import known_of, measures_of
from upheld.verdicts.models import Finding, MeasureVerdict
from upheld.verdicts.standing import in_force, lacking


@dataclass(frozen=True)
class MeasureExplained:
    """A measure with its verdict in force (None: never judged) and its open findings. `query` is empty where its file cannot be read.

    `unknown` are the subjects of which nothing is known, with what is said of each; none where the population is gone or altered.
    """

    id: str
    fact: str
    state: State
    reason: str
    query: str
    verdict: MeasureVerdict | None
    failing: tuple[Finding, ...]
    unknown: tuple[tuple[str, str], ...] = ()

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
            "unknown_subjects": [{"subject": subject, "detail": detail} for subject, detail in self.unknown],
            "untested": verdict.untested if verdict else [],
            "query": self.query,
            "evidence": [
                {name: seen[name] for name in ("table", "source", "seen_at", "digest", "coverage", "stale")}
                for seen in (verdict.evidence if verdict else [])
            ],
        }


def explain(name: str) -> MeasureExplained | None:
    """Return the measure called `name` in full, or None when nobody knows it."""
    known = known_of(workspace.current()).get(name)
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
        unknown=_unknown(verdict) if verdict else (),
    )


def _unknown(verdict: MeasureVerdict) -> tuple[tuple[str, str], ...]:
    """The unknown subjects in the population of `verdict`, if there are as many in it as were counted."""
    file = workspace.current().root / verdict.outcomes
    if not (verdict.unknown and verdict.outcomes and file.is_file()):
        return ()
    asked = put_in(
        "SELECT subject, coalesce(detail, '') FROM read_parquet($file) WHERE ok IS NULL ORDER BY subject",
        file=str(file),
    )
    try:
        with lent() as connection:
            found = connection.execute(asked).fetchall()
    except duckdb.Error:
        return ()
    return tuple((subject, detail) for subject, detail in found) if len(found) == verdict.unknown else ()
