"""Running a drill in a test."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.labs import installed

from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.measure import Measure
from upheld.checks.verdict import State, Verdict
from upheld.drills.catalogue import drill_of
from upheld.drills.kept import KeptDrill
from upheld.drills.run import STANDS, Lab, Record, run_drill


def goes_red_and_heals(measure: str) -> None:
    """Run the drill of `measure` on the real thing, and expect it upheld, broken and named, and upheld again."""
    with installed():
        result = run_drill(drill_of(measure))
        assert result.ok, result.why
        assert [step.verdict.state is State.BROKEN for step in result.steps] == [False, True, False]


def all_go_red_and_heal(drills: Sequence[KeptDrill]) -> None:
    """Run `drills`, which share what they keep, on one scene: all upheld, each broken and named in turn, all upheld again."""
    first = drills[0]
    first.beside = tuple(each.measure for each in drills[1:])
    with installed(), Lab() as lab, TemporaryDirectory() as folder:
        scene = first.open(lab)
        measures = [library.shipped()[each.measure] for each in drills]
        parameters = library.parameters_in_force()

        def judged(name: str, of: Sequence[Measure]) -> list[Verdict]:
            record = Record(Path(folder) / name)
            record.collect(scene)
            return judge(of, record.frame(), parameters, {})

        assert [each for each in judged("before", measures) if each.state not in STANDS] == []
        for drill, measure in zip(drills, measures, strict=True):
            vars(drill).update({name: value for name, value in vars(first).items() if name != "beside"})
            lab.check()
            named = drill.sabotage()
            (verdict,) = judged(measure.name, [measure])
            assert verdict.state is State.BROKEN, (drill.measure, verdict.reason)
            assert any(named in each.subject or named in each.label for each in verdict.failing), (drill.measure, named)
            drill.heal()
        assert [each for each in judged("after", measures) if each.state not in STANDS] == []
