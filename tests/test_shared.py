"""What a file's tests share is made once, on however many workers the files are run."""

import os

import pytest


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fail where another worker has made this already."""
    mine = tmp_path_factory.getbasetemp()
    (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine).joinpath("made-once").touch(exist_ok=False)


@pytest.mark.parametrize("which", range(6))
def test_a_files_tests_share_a_worker(once: None, which: int) -> None:
    assert which in range(6)
