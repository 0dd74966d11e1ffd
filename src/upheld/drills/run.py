"""Runs a drill: collect, judge, break, judge, heal, judge - through the real sources, the real store and the real judge."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from upheld import clock
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.verdict import Outcome, State, Verdict
from upheld.drills.drill import Drill, NotOurs, Scene, ours
from upheld.evidence.collection import Collecting
from upheld.evidence.frame import ChangeFile, Filled, Frame
from upheld.evidence.store import Store
from upheld.lab.service import Service
from upheld.sources.source import Source, SourceError

Entered = TypeVar("Entered")
Tell = Callable[[str], None]
STANDS = (State.UPHELD, State.AT_RISK)
REGISTERS = "registers"


@dataclass(frozen=True)
class Step:
    """One judgement of a drill: `what` had been done before it, and how long that and the judgement took, in seconds."""

    what: str
    verdict: Verdict
    seconds: float


@dataclass(frozen=True)
class DrillResult:
    """What came of a drill. `why` says what was not as it must be; empty when `ok`."""

    measure: str
    steps: tuple[Step, ...]
    ok: bool
    why: str = ""


class Lab(ExitStack):
    """What a drill started. Nothing is broken or healed unless all of it is ours and still runs."""

    def __init__(self) -> None:
        super().__init__()
        self.services: list[Service] = []
        self.entered = 0

    def enter_context(self, cm: AbstractContextManager[Entered, bool | None]) -> Entered:
        """Enter `cm`, and remember it when it is a service."""
        entered = super().enter_context(cm)
        self.entered += 1
        if isinstance(cm, Service):
            self.services.append(cm)
        return entered

    def check(self) -> None:
        """Raise `NotOurs` unless the drill works on what the lab started here."""
        if not self.entered:
            raise NotOurs("the drill started nothing in the lab: a drill never touches a real system")
        for service in self.services:
            ours(service)


@dataclass
class Record:
    """A history of the drill's own, in a folder of its own."""

    folder: Path
    files: list[ChangeFile] = field(default_factory=list)
    filled: dict[tuple[str, str], Filled] = field(default_factory=dict)
    runs: int = 0

    def collect(self, scene: Scene) -> None:
        """Read every source of `scene`, and its registers, into the history."""
        for name, tables, source in _sources(scene):
            into = Collecting(name, tables, clock.now())
            source.collect(into)
            self._keep(into)

    def _keep(self, into: Collecting) -> None:
        self.runs += 1
        told = Store(self.folder, self.files).record(into, f"drill-{self.runs}")
        self.files += told.files
        for name, table in told.tables.items():
            before = self.filled.get((name, into.source))
            self.filled[name, into.source] = table.filled(before.complete_at if before else None)

    def frame(self) -> Frame:
        """Return everything as of now."""
        files: dict[str, list[ChangeFile]] = {}
        filled: dict[str, list[Filled]] = {}
        for file in self.files:
            files.setdefault(file.table, []).append(file)
        for (name, _), told in self.filled.items():
            filled.setdefault(name, []).append(told)
        return Frame(clock.now(), files, filled)


class _Registers:
    """The register rows of a scene, as a source."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def test(self) -> str:
        return "rows that people would keep"

    def collect(self, into: Collecting) -> None:
        for name, rows in self._scene.registers.items():
            into.rows(name, rows)


def run_drill(drill: Drill, *, tell: Tell = lambda said: None) -> DrillResult:
    """Show `drill`'s measure upheld, broken and naming the subject, and upheld again; return what came of it.

    `tell` is called with a sentence before each step. Raises `NotInstalled` or `DidNotStart` where the lab cannot give the services,
    and `NotOurs`, having touched nothing, where the drill would work on anything that the lab did not start.
    """
    steps: list[Step] = []
    with tempfile.TemporaryDirectory(prefix="upheld-drill-") as folder, Lab() as lab:
        try:
            why = next(filter(None, _acts(drill, lab, Path(folder), steps, tell)), "")
        except SourceError as error:
            why = f"what the lab started could not be read: {error}"
    return DrillResult(drill.measure, tuple(steps), not why, why)


def _acts(drill: Drill, lab: Lab, folder: Path, steps: list[Step], tell: Tell) -> Iterator[str]:
    """Do one step after the other, and yield after each what was not as it must be, empty when it was."""
    tell("starting the lab")
    scene = drill.open(lab)
    record = Record(folder / "history")
    yield _stands("at the beginning", _step("nothing is broken", drill, scene, record, steps))
    lab.check()
    tell(drill.breaks)
    named = drill.sabotage()
    yield _is_caught(named, _step(drill.breaks, drill, scene, record, steps))
    lab.check()
    tell("healing it")
    drill.heal()
    # What happened once stays in the history it happened in: such a measure is shown to hold in a history that begins now.
    healed = Record(folder / "after") if drill.lasting else record
    yield _stands("after healing", _step("it is healed", drill, scene, healed, steps))


def _step(what: str, drill: Drill, scene: Scene, record: Record, steps: list[Step]) -> Verdict:
    began = time.monotonic()
    record.collect(scene)
    verdict = _judged(drill, scene.parameters, record.frame())
    steps.append(Step(what, verdict, time.monotonic() - began))
    return verdict


def _judged(drill: Drill, given: Mapping[str, str | list[str]], frame: Frame) -> Verdict:
    measure = library.shipped()[drill.measure]
    parameters = library.parameters_in_force()
    if given:
        parameters = parameters.overridden({measure.chapter: dict(given)})
    return judge([measure], frame, parameters, {})[0]


def _sources(scene: Scene) -> Sequence[tuple[str, Sequence[str], Source]]:
    registers = [(REGISTERS, tuple(scene.registers), _Registers(scene))] if scene.registers else []
    return [*scene.sources, *registers]


def _stands(when: str, verdict: Verdict) -> str:
    if verdict.state in STANDS:
        return ""
    return f"{when} it is {verdict.state}, not upheld: {verdict.reason}{_named_in([*verdict.failing, *verdict.unknowns])}"


def _is_caught(named: str, verdict: Verdict) -> str:
    if verdict.state is not State.BROKEN:
        return f"the break was not caught: it is {verdict.state}, {verdict.reason}{_named_in(verdict.unknowns)}"
    if not any(named in outcome.subject or named in outcome.label for outcome in verdict.failing):
        return f"it is broken, but nothing that fails is called {named}{_named_in(verdict.failing)}"
    return ""


def _named_in(outcomes: Sequence[Outcome]) -> str:
    said = "; ".join(f"{outcome.label}: {outcome.detail}" for outcome in outcomes[:5])
    return f" ({said})" if said else ""
