"""The worker as a process beside the server: a query that is judged slows no page, and neither outlives the other."""

import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from django.db import connections

_PR_SET_NAME = 15  # prctl(2)
NAME = b"upheld-work"
_SECONDS_TO_END, _LOOK_EVERY, _LOOK_AFTER_US = 30.0, 0.1, 2.0


@contextmanager
def beside(work: Callable[[int], None]) -> Iterator[None]:
    """Let `work` run meanwhile in a copy of this process, which shares what was loaded; it is given the number of this one.

    Once this process has ended, however that comes about, it ends after what it is at. No thread but Python's own may run here yet.
    """
    connections.close_all()  # a connection cannot be used by two processes
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    us, worker = os.getpid(), os.fork()
    if worker == 0:
        _do(work, us)
    try:
        yield
    finally:
        _end(worker)


def ending_with_us() -> None:
    """Let each copy of this process that is made from now on, by whatever library, end once this one has, however that came about."""
    us = os.getpid()
    os.register_at_fork(after_in_child=lambda: _watch(us))


def _watch(parent: int) -> None:
    if os.getppid() == parent:  # copies of copies are those' to end
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_AFTER_US)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_SECONDS_TO_END)
    os._exit(1)


def _do(work: Callable[[int], None], us: int) -> None:
    status = 1
    try:
        os.setsid()  # Ctrl-C is meant for the server, which then ends this one
        ctypes.CDLL(None).prctl(_PR_SET_NAME, NAME, 0, 0, 0)
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), sys.stdin.fileno())
        work(us)
        status = 0
    except Exception:  # noqa: BLE001  the outermost frame of a process: nobody above could tell of it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def _end(worker: int) -> None:
    """Ask the process `worker` to end; kill it where it does not within half a minute."""
    if os.waitpid(worker, os.WNOHANG)[0]:
        return
    os.kill(worker, signal.SIGTERM)
    until = time.monotonic() + _SECONDS_TO_END
    while not os.waitpid(worker, os.WNOHANG)[0]:
        if time.monotonic() > until:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
            return
        time.sleep(_LOOK_EVERY)
