"""Check: the frame as of an instant, every measure judged on it in a process of its own, and the verdicts kept."""

import hashlib
from datetime import datetime
from pathlib import Path

from upheld import workspace
from upheld.checks import library
from upheld.checks.choosing import chosen
from upheld.checks.engines import duckdb
from upheld.checks.judge import Exceptions, judge
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameters
from upheld.checks.rejudge import rejudge
from upheld.checks.verdict import State, Verdict
from upheld.checks.words import instant
from upheld.evidence.collection import Progress, no_progress
from upheld.registers.findings.exceptions import exceptions_in_force
from upheld.sources.frames import frame
from upheld.verdicts.keeping import keep
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Judgement, MeasureVerdict
from upheld.verdicts.resuming import FILE, folder_of, resume, write


class ClockSteppedBack(Exception):
    """A judgement of a later instant is kept already: the clock stepped back, or was ahead then."""


def check(as_of: datetime, *, whole: bool = False, engine: str = "", progress: Progress = no_progress) -> list[Verdict]:
    """Judge every measure as of `as_of` and keep the verdicts; only what changed is judged again, unless `whole` asks for everything.

    `engine` is as `choosing.chosen` has it: Spark always judges everything. A measure of the workspace's own whose file is wrong is
    unproven and says so. Raises `ClockSteppedBack`, `NoEngine`, and `MeasureError` for parameters that are wrong.

    The populations that are judged lie in a folder of their own below the workspace's outcomes; a killed check leaves one that nothing
    names, which the next check removes. Those that are taken over stay where they lie.
    """
    space, other = workspace.current(), chosen(engine)
    _in_order(as_of)
    folder = folder_of(space.outcomes, as_of)
    progress("measures", 0)
    measures, parameters, unreadable = _to_judge(as_of)
    exceptions = exceptions_in_force(as_of)
    if other is not None:
        verdicts = judge(measures, frame(as_of), parameters, exceptions, outcomes=folder, engine=other) + unreadable
        _keep_all(verdicts, as_of, folder, exceptions)
        return verdicts
    found = rejudge(measures, frame(as_of), parameters, exceptions, None if whole else resume(space.outcomes, as_of), outcomes=folder)
    verdicts = found.verdicts + unreadable
    files = {name: str((space.outcomes / kept.file).relative_to(space.root)) for name, kept in found.kept.judged.items() if kept.file}
    keep(verdicts, as_of, files, parameters=_digest(space.parameters), kept=write(found.kept, folder), exceptions=exceptions)
    _sweep(space.outcomes, [folder / FILE, *(space.outcomes / step.file for step in found.kept.steps.values())])
    return verdicts


def _keep_all(verdicts: list[Verdict], as_of: datetime, folder: Path, exceptions: Exceptions) -> None:
    """Keep `verdicts`, whose populations all lie in `folder`; the next round has nothing to build on, and judges everything."""
    space = workspace.current()
    there = {each.measure: folder / f"{each.measure}.parquet" for each in verdicts}
    files = {name: str(file.relative_to(space.root)) for name, file in there.items() if file.is_file()}
    keep(verdicts, as_of, files, parameters=_digest(space.parameters), exceptions=exceptions)
    _sweep(space.outcomes, [])


def _in_order(as_of: datetime) -> None:
    last = Judgement.objects.order_by("-as_of").first()
    if last is not None and as_of < last.as_of:
        raise ClockSteppedBack(
            f"It is said to be {instant(as_of)}, but what stood on {instant(last.as_of)} was judged already. Set this machine's clock "
            "right; if it is right now and was ahead then: upheld ahead --set-aside. Nothing was changed."
        )


def judged_as_of(as_of: datetime, engine: str = "") -> list[Verdict]:
    """Judge every measure as of `as_of`, on what had been collected by then, by the `engine` of that name. Nothing is kept."""
    run = chosen(engine) or duckdb.run
    measures, parameters, unreadable = _to_judge(as_of)
    return judge(measures, frame(as_of), parameters, exceptions_in_force(as_of), engine=run) + unreadable


def _to_judge(as_of: datetime) -> tuple[list[Measure], Parameters, list[Verdict]]:
    """The measures that can be read and the parameters in force, and verdicts on the measures that cannot."""
    space = workspace.current()
    measures, wrong = measures_of(space)
    parameters = library.parameters_in_force(space.measures, space.parameters if space.parameters.is_file() else None)
    unreadable = [Verdict(name, State.UNPROVEN, f"It could not be judged: {why}", as_of) for name, why in wrong.items()]
    return list(measures.values()), parameters, unreadable


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _sweep(outcomes: Path, kept: list[Path]) -> None:
    """Remove populations that no verdict in force names, and what other rounds kept, but `kept`: the history can give both again."""
    named = set(kept) | {
        outcomes.parent / path for path in MeasureVerdict.objects.filter(until_at=None).values_list("outcomes", flat=True) if path
    }
    for file in outcomes.rglob("*"):
        if file.is_file() and file not in named:
            file.unlink()
    for folder in sorted((path for path in outcomes.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
