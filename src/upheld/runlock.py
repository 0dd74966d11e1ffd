"""The run lock: in a workspace one run at a time writes history and verdicts. A dead process holds nothing."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from upheld.workspace import Workspace


class AnotherRun(RuntimeError):
    """Another run holds the lock, and whoever asked did not want to wait."""


@contextmanager
def run_lock(space: Workspace, *, waits: Callable[[str], None] | None = None, name: str = "run") -> Iterator[None]:
    """Hold the run lock of `space`. Where another run has it, tell `waits` who, and wait; raises `AnotherRun` where that is None.

    Another `name` is a lock of its own, for what must happen once at a time and need not wait for runs.
    """
    with (space.root / f"{name}.lock").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            holder = held.read().strip() or "unknown process"
            if waits is None:
                raise AnotherRun(f"another run is at work in {space.root} ({holder})") from error
            waits(holder)
            fcntl.flock(held, fcntl.LOCK_EX)
        _say(held.fileno(), f"process {os.getpid()}")
        try:
            yield
        finally:
            _say(held.fileno(), "")


def _say(descriptor: int, who: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, who.encode(), 0)
