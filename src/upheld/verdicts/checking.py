"""Check: the frame as of an instant, every measure judged on it in a process of its own, and the verdicts kept."""

import hashlib
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from upheld import workspace
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.verdict import State, Verdict
from upheld.checks.words import instant
from upheld.evidence.collection import Progress, no_progress
from upheld.sources.frames import frame
from upheld.verdicts.keeping import keep
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Judgement, MeasureVerdict


class ClockSteppedBack(Exception):
    """A judgement of a later instant is kept already: the clock stepped back, or was ahead then."""


def check(as_of: datetime, *, progress: Progress = no_progress) -> list[Verdict]:
    """Judge every measure as of `as_of` and keep the verdicts.

    A measure of the workspace's own whose file is wrong is unproven and says so. Raises `ClockSteppedBack`, and
    `MeasureError` for parameters that are wrong.

    The populations lie in a folder of their own below the workspace's outcomes; a killed check leaves one that nothing
    names, which the next check removes.
    """
    space = workspace.current()
    _in_order(as_of)
    folder = space.outcomes / as_of.strftime("%Y%m%dT%H%M%S%fZ")
    progress("measures", 0)
    verdicts = _judged(as_of, folder)
    keep(verdicts, as_of, _files(verdicts, folder, space.root), parameters=_digest(space.parameters))
    _sweep(space.outcomes)
    return verdicts


def _in_order(as_of: datetime) -> None:
    last = Judgement.objects.order_by("-as_of").first()
    if last is not None and as_of < last.as_of:
        raise ClockSteppedBack(
            f"It is said to be {instant(as_of)}, but what stood on {instant(last.as_of)} was judged already. Set this machine's clock "
            "right; if it is right now and was ahead then, judging goes on once that instant is past. Nothing was changed."
        )


def judged_as_of(as_of: datetime) -> list[Verdict]:
    """Judge every measure as of `as_of`, on what had been collected by then. Nothing is kept."""
    return _judged(as_of, None)


def _judged(as_of: datetime, outcomes: Path | None) -> list[Verdict]:
    space = workspace.current()
    measures, wrong = measures_of(space)
    parameters = library.parameters_in_force(space.measures, space.parameters if space.parameters.is_file() else None)
    verdicts = judge(measures.values(), frame(as_of), parameters, {}, outcomes=outcomes)
    return verdicts + [Verdict(name, State.UNPROVEN, f"It could not be judged: {why}", as_of) for name, why in wrong.items()]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _files(verdicts: Iterable[Verdict], folder: Path, root: Path) -> dict[str, str]:
    """Return each measure's file of subjects, relative to the workspace; a measure that was not run has none."""
    paths = {verdict.measure: folder / f"{verdict.measure}.parquet" for verdict in verdicts}
    return {measure: str(path.relative_to(root)) for measure, path in paths.items() if path.is_file()}


def _sweep(outcomes: Path) -> None:
    """Remove populations of judgements that no verdict in force names: the history can give them again."""
    named = {Path(path).parts[1] for path in MeasureVerdict.objects.filter(until_at=None).values_list("outcomes", flat=True) if path}
    for folder in outcomes.iterdir():
        if folder.is_dir() and folder.name not in named:
            shutil.rmtree(folder)
