"""Companies that stand ready: made once by commands, and put back before each test that wants one."""

import shutil
from collections.abc import Callable

import pytest
from tests.command import Upheld


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Upheld]:
    """Return a function that puts a workspace into a state of the past: "begun" by init, with its lists "listed", or "judged" once.

    All stand in one place, one after the other, because a source's settings name the places of its files.
    """
    here = tmp_path_factory.mktemp("company")
    root, made = here / "root", list[str]()
    root.mkdir()
    command = Upheld(root)

    def make(state: str, before: str, do: Callable[[], object]) -> None:
        if before:
            put_back(before)
        do()
        shutil.copytree(root, here / state, symlinks=True)
        made.append(state)

    def put_back(state: str) -> Upheld:
        if state not in made:
            make(state, *steps[state])
        shutil.rmtree(root)
        shutil.copytree(here / state, root, symlinks=True)
        return command

    steps: dict[str, tuple[str, Callable[[], object]]] = {
        "begun": ("", lambda: done(command, "init")),
        "listed": ("begun", command.list_company),
        "judged": ("listed", lambda: done(command, "run")),
    }
    return put_back


def done(command: Upheld, word: str) -> None:
    """Let `command` do `word`, which must succeed."""
    answer = command(word)
    assert answer.returncode == 0, answer.stderr


@pytest.fixture
def upheld(standing: Callable[[str], Upheld]) -> Upheld:
    """Return the command line beside a workspace in which nothing has been done yet."""
    return standing("begun")


@pytest.fixture
def company(standing: Callable[[str], Upheld]) -> Upheld:
    """Return the command line beside a workspace with three lists, of which none was read."""
    return standing("listed")


@pytest.fixture
def judged(standing: Callable[[str], Upheld]) -> Upheld:
    """Return the command line beside a workspace whose three lists were read and judged once."""
    return standing("judged")
