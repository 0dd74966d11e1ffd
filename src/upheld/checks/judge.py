"""The judge: measures and a frame in, verdicts out. Queries are prepared, run by an engine, and decided worst first."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from upheld.checks import schema, sql
from upheld.checks.deciding import Case, verdict
from upheld.checks.engines import duckdb
from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.needs import needs
from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.evidence import Evidence, weigh
from upheld.checks.front import MeasureError
from upheld.checks.lint import refusal
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameters
from upheld.checks.verdict import Verdict
from upheld.evidence.frame import Frame

Exceptions = Mapping[str, Mapping[str, datetime]]
Engine = Callable[[Frame, Needs, Sequence[Job], Limits, Path | None], Mapping[str, Tally]]


@dataclass(frozen=True)
class Prepared:
    """A measure made ready: its evidence, and the job to run or the reason why there is none."""

    measure: Measure
    evidence: Evidence
    until: Mapping[str, datetime]
    job: Job | None
    refused: str = ""


def judge(
    measures: Iterable[Measure],
    frame: Frame,
    parameters: Parameters,
    exceptions: Exceptions,
    *,
    outcomes: Path | None = None,
    limits: Limits | None = None,
    engine: Engine = duckdb.run,
) -> list[Verdict]:
    """Return a verdict for each of `measures` on `frame`, their queries run by `engine`; in the order given.

    `exceptions` are the approved ones by measure and subject, with the instant each ends; those over by `frame.as_of`
    are not counted. The populations go below the folder `outcomes`, one Parquet file a measure, when it is given.
    """
    ready = [prepare(measure, frame, parameters, exceptions.get(measure.id, {}), outcomes) for measure in measures]
    runnable = [each for each in ready if each.job]
    jobs = [each.job for each in ready if each.job]
    tallies = engine(frame, needs([each.measure for each in runnable]), jobs, limits or Limits(), outcomes)
    return [conclude(each, tallies, frame, parameters) for each in ready]


def prepare(
    measure: Measure, frame: Frame, parameters: Parameters, until: Mapping[str, datetime], outcomes: Path | None = None
) -> Prepared:
    """Return `measure` ready to run on `frame`. A query that is not allowed, or has no evidence at all, is not run."""
    evidence = weigh(measure, frame, schema.inputs)
    running = {subject: end for subject, end in until.items() if end > frame.as_of}
    refused = refusal(measure)
    if refused or evidence.missing:
        return Prepared(measure, evidence, running, None, refused)
    try:
        query = bound_sql(measure, parameters, frame.as_of)
    except (MeasureError, sql.Refused) as error:
        return Prepared(measure, evidence, running, None, str(error))
    file = outcomes / f"{measure.id}.parquet" if outcomes else None
    return Prepared(measure, evidence, running, Job(measure.id, query, tuple(sql.outputs(measure.tree)), tuple(sorted(running)), file))


def bound_sql(measure: Measure, parameters: Parameters, as_of: datetime) -> str:
    """Return the query of `measure` in DuckDB's SQL with its parameters and `as_of` put in.

    It is written from the syntax tree, so that nothing in the file reaches the engine that was not parsed.
    """
    values: dict[str, sql.Literal] = {**parameters.values(measure), "as_of": as_of}
    return sql.bound(measure.tree, values).sql(dialect=sql.DIALECT, comments=False)


def conclude(ready: Prepared, tallies: Mapping[str, Tally], frame: Frame, parameters: Parameters) -> Verdict:
    """Return the verdict on `ready`, its tally taken from `tallies`."""
    measure = ready.measure
    tally = tallies.get(measure.id, Tally()) if ready.job else Tally(error=ready.refused)
    known = not ready.refused
    return verdict(
        Case(
            measure,
            ready.evidence,
            tally,
            frame.as_of,
            weaker=tuple(each.weakness for each in parameters.of(measure).values() if each.weakness) if known else (),
            until=ready.until,
            noun=schema.titles().get(measure.subjects, "subjects"),
            digests={
                "measure": measure.digest,
                "parameters": parameters.digest(measure) if known else "",
                "evidence": _digest(ready.evidence),
            },
        )
    )


def _digest(evidence: Evidence) -> str:
    """SHA-256 over the digests of the collections that the evidence comes from."""
    lines = "\n".join(f"{seen.table} {seen.source} {seen.digest}" for seen in evidence.seen)
    return hashlib.sha256(lines.encode()).hexdigest()
