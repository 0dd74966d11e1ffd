"""Kept steps in jobs: which steps of a measure are worth keeping, where they lie, and the job that reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from upheld.checks.cutting import Cut, cut
from upheld.checks.engines.job import Job, KeptStep
from upheld.checks.judge import Prepared, said
from upheld.checks.keeping import Lying, Round, digest_of
from upheld.checks.measure import Measure
from upheld.evidence.derived import bases
from upheld.evidence.frame import Frame

# Of fewer rows judging everything takes less than keeping anything.
LARGE_ROWS = 20_000
_FOLDER = "steps"


def worth_keeping(measure: Measure, frame: Frame) -> Cut | None:
    """Return `measure` cut by the largest of its tables that it can be cut by; None where that is not large."""
    rows = {name: sum(each.rows for each in frame.filled.get(name, ())) for name in bases(measure.tables)}
    large = sorted((name for name in rows if rows[name] >= LARGE_ROWS), key=lambda name: (-rows[name], name))
    return next((found for name in large if (found := cut(measure, name))), None)


def reading(ready: Prepared, job: Job, parts: Cut, steps: tuple[KeptStep, ...], as_of: datetime) -> tuple[Prepared, Job]:
    """Return `job` of `ready` as one of the rest of its query, which reads `steps`, and what it is then a job of."""
    query = said(parts.rest, ready.parameters, as_of)
    return replace(ready, measure=parts.rest), replace(job, query=query, kept=steps)


def made_anew(ready: Prepared, parts: Cut, folder: Path, as_of: datetime) -> tuple[KeptStep, ...]:
    """Return the steps of `parts`, to be made from nothing, below the `folder` of this round."""
    return tuple(KeptStep(name, said(part, ready.parameters, as_of), file_of(folder, name)) for name, part in parts.steps.items())


def exchanged(ready: Prepared, parts: Cut, folder: Path, as_of: datetime, kept: Round) -> tuple[KeptStep, ...]:
    """Return the steps of `parts`, to be made of those that are `kept` and of changed rows, as `made_anew` does."""
    return tuple(
        KeptStep(
            name,
            said(part, ready.parameters, as_of),
            file_of(folder, name),
            said(part, ready.parameters, kept.as_of),
            folder.parent / kept.steps[name].file,
            parts.groups,
            parts.plain,
        )
        for name, part in parts.steps.items()
    )


def lying(names: Iterable[str], folder: Path | None, kept: Round | None) -> Mapping[str, Lying]:
    """Return where each of the steps `names` lies now: in the `folder` of this round if it was made there, else where it was `kept`."""
    found: dict[str, Lying] = {}
    for name in sorted(set(names)):
        file = file_of(folder, name) if folder else None
        if folder and file and file.is_file():
            found[name] = Lying(str(file.relative_to(folder.parent)), digest_of(file))
        elif kept and name in kept.steps:
            found[name] = kept.steps[name]
    return found


def file_of(folder: Path, name: str) -> Path:
    """Return where the round of `folder` keeps the step `name`."""
    return folder / _FOLDER / f"{name}.parquet"
