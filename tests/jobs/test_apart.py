"""Work done in a copy of this process: what it says and raises comes back, and nothing else does."""

import os
import signal
from pathlib import Path

import pytest

from upheld.jobs.apart import WorkFailed, apart
from upheld.runlock import AnotherRun


def test_what_it_says_comes_back_and_what_it_did_to_memory_does_not(workspace: object) -> None:
    here: list[str] = []

    def work() -> str:
        here.append("x" * 10_000_000)
        return f"done by {os.getpid()}"

    said = apart(work)
    assert said.startswith("done by ") and said != f"done by {os.getpid()}"
    assert here == []
    assert work() == f"done by {os.getpid()}" and here  # the control


def test_what_it_raises_is_told_apart(workspace: object) -> None:
    def busy() -> str:
        raise AnotherRun("another run is at work")

    def wrong() -> str:
        raise ValueError("odd")

    with pytest.raises(AnotherRun, match="another run is at work"):
        apart(busy)
    with pytest.raises(WorkFailed, match=r"^odd$"):
        apart(wrong)


def test_one_that_is_killed_ends_nothing_else(workspace: object, tmp_path: Path) -> None:
    def killed() -> str:
        (tmp_path / "begun").touch()
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    with pytest.raises(WorkFailed, match="ended by SIGKILL"):
        apart(killed)
    assert (tmp_path / "begun").exists()
    assert apart(lambda: "and on") == "and on"
