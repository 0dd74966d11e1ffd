"""Running a drill in a test."""

from tests.labs import installed

from upheld.checks.verdict import State
from upheld.drills.catalogue import drill_of
from upheld.drills.run import run_drill


def goes_red_and_heals(measure: str) -> None:
    """Run the drill of `measure` on the real thing, and expect it upheld, broken and named, and upheld again."""
    with installed():
        result = run_drill(drill_of(measure))
        assert result.ok, result.why
        assert [step.verdict.state is State.BROKEN for step in result.steps] == [False, True, False]
