"""The worker as a process of its own beside the server: a query that is judged slows no page, and neither outlives the other."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from upheld.workspace import Workspace

_SECONDS_TO_END = 30


@contextmanager
def beside(space: Workspace) -> Iterator[None]:
    """Let a worker work on `space` meanwhile. Once this process has ended, however that comes about, it ends after what it is at."""
    words = [sys.executable, "-m", "upheld", "--workspace", str(space.root), "work", "--beside", str(os.getpid())]
    worker = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            worker.kill()
