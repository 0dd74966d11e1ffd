"""The judge: measures and a frame in, verdicts out. Queries are prepared, run by an engine, and decided worst first."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from upheld.checks import schema, sql
from upheld.checks.deciding import Case, verdict
from upheld.checks.engines import duckdb
from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.needs import needs
from upheld.checks.engines.tally import Limits, Tally, fitting
from upheld.checks.evidence import Evidence, weigh
from upheld.checks.front import MeasureError
from upheld.checks.lint import refusal
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameters
from upheld.checks.reach import Reach, reach
from upheld.checks.verdict import Verdict
from upheld.evidence.derived import bases
from upheld.evidence.frame import Frame

Exceptions = Mapping[str, Mapping[str, datetime]]
Engine = Callable[[Frame, Needs, Sequence[Job], Limits, Path | None], Mapping[str, Tally]]


@dataclass(frozen=True)
class Prepared:
    """A measure made ready: its evidence, its parameters, exceptions still running, and the job to run or the reason why there is none."""

    measure: Measure
    parameters: Parameters
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
    are not counted. The populations go below the folder `outcomes`, one Parquet file a measure (subject, label, ok,
    detail, flips_at, the query's further columns as text, excepted), when it is given.
    """
    ready = [prepare(measure, frame, parameters, exceptions.get(measure.id, {}), outcomes) for measure in measures]
    runnable = [each for each in ready if each.job]
    limits = limits or fitting(rows_of(ready, frame))
    jobs = [each.job for each in runnable if each.job]
    tallies = engine(frame, needs([each.measure for each in runnable]), jobs, limits, outcomes) if jobs else {}
    return [conclude(each, tallies, frame) for each in ready]


def rows_of(ready: Iterable[Prepared], frame: Frame) -> int:
    """Return how many rows the tables have together that any of `ready` reads."""
    read = bases(name for each in ready for name in each.measure.tables)
    return sum(each.rows for name in read for each in frame.filled.get(name, ()))


def prepare(
    measure: Measure,
    frame: Frame,
    parameters: Parameters,
    until: Mapping[str, datetime],
    outcomes: Path | None = None,
    *,
    allowed: bool = False,
) -> Prepared:
    """Return `measure` ready to run on `frame`. A query that is not allowed, or has no evidence at all, is not run.

    `allowed` says that this very file was found to be allowed before, by this release.
    """
    evidence = weigh(measure, frame, schema.inputs, _reach(measure, parameters))
    running = {subject: end for subject, end in until.items() if end > frame.as_of}
    # What is shipped was linted when it was made; it is looked at again where it is going to run.
    sure = allowed or (measure.shipped and evidence.missing)
    refused = ("" if sure else refusal(measure)) or _without_parameters(measure, parameters)
    if refused or evidence.missing:
        return Prepared(measure, parameters, evidence, running, None, refused)
    query = said(measure, parameters, frame.as_of)
    file = outcomes / f"{measure.id}.parquet" if outcomes else None
    job = Job(measure.id, query, tuple(sql.outputs(measure.tree)), tuple(sorted(running)), file)
    return Prepared(measure, parameters, evidence, running, job)


def _reach(measure: Measure, parameters: Parameters) -> Reach:
    try:
        return reach(measure, parameters)
    except MeasureError:
        return {}  # it is refused for its parameter


def said(measure: Measure, parameters: Parameters, as_of: datetime) -> str:
    """Return the query of `measure` in DuckDB's SQL, with its parameters and `as_of` put in.

    Raises `MeasureError` for a parameter that is not declared.
    """
    return sql.filled(_template(measure), {**parameters.values(measure), "as_of": as_of})


@lru_cache(maxsize=4096)
def _template(measure: Measure) -> str:
    return sql.template(measure.tree)


def conclude(ready: Prepared, tallies: Mapping[str, Tally], frame: Frame) -> Verdict:
    """Return the verdict on `ready`, its tally taken from `tallies` by the name of its job."""
    measure = ready.measure
    tally = tallies[ready.job.measure] if ready.job else Tally(error=ready.refused)
    of = {} if ready.refused else ready.parameters.of(measure)
    digests = {"measure": measure.digest, "evidence": _digest(ready.evidence)}
    digests |= {f"derived {name}": digest for name, digest in schema.versions(measure.tables).items()}
    if of:
        digests["parameters"] = ready.parameters.digest(measure)
    return verdict(
        Case(
            measure,
            ready.evidence,
            tally,
            frame.as_of,
            weaker=tuple(each.weakness for each in of.values() if each.weakness),
            until=ready.until,
            noun=measure.noun or schema.titles().get(measure.subjects, "subjects"),
            digests=digests,
        )
    )


def _without_parameters(measure: Measure, parameters: Parameters) -> str:
    try:
        parameters.of(measure)
    except MeasureError as error:
        return str(error)
    return ""


def _digest(evidence: Evidence) -> str:
    """SHA-256 over the digests of the collections that the evidence comes from, a line each."""
    lines = "\n".join(f"{seen.table} {seen.source} {seen.digest}" for seen in evidence.seen)
    return hashlib.sha256(lines.encode()).hexdigest()
