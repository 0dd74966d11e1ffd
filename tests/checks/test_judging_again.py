"""For every shipped measure: judged again only where needed, it comes to what it does judged whole, whatever changed and whenever."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.checks import companies, here
from tests.stage import declared, shipped

from upheld.checks import kept_steps
from upheld.checks.judge import judge
from upheld.checks.keeping import Round, load
from upheld.checks.rejudge import rejudge
from upheld.evidence.derived import bases

# For a long run: UPHELD_EXAMPLES=500 .venv/bin/python -m pytest tests/checks/test_judging_again.py
EXAMPLES = int(os.environ.get("UPHELD_EXAMPLES", "1"))
GROUPS = [sorted(shipped())[start::8] for start in range(8)]


@pytest.fixture(autouse=True)
def _every_step_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Companies here are small, and what is kept of large ones is kept of them."""
    monkeypatch.setattr(kept_steps, "LARGE_ROWS", 0)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_judging_again_comes_to_what_judging_whole_does(group: list[str]) -> None:
    @settings(max_examples=max(1, EXAMPLES * len(group) // 4), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(name=st.sampled_from(group), data=st.data())
    def agrees(name: str, data: st.DataObject) -> None:
        measure = shipped()[name]
        told = data.draw(companies.days(sorted(bases(measure.tables)), 2))
        with TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
            kept: Round | None = None
            for number, frame in enumerate(companies.frames(Path(folder), told)):
                again = rejudge([measure], frame, declared(), {}, kept, engine=here.run, outcomes=Path(folder, "rounds", str(number)))
                note(f"{frame.as_of} {again.ways}")
                assert again.verdicts == judge([measure], frame, declared(), {}, engine=here.run)
                kept = load(again.kept.dump())

    agrees()
