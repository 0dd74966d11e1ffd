"""Work done in a copy of this process that ends with it, so that what it needed of memory is given back, and its end ends nothing else."""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable

from django.db import connections

from upheld.ledger.disk import DiskFailed
from upheld.runlock import AnotherRun

_PR_SET_PDEATHSIG = 1  # prctl(2)
_THEMSELVES = (AnotherRun, DiskFailed)  # what whoever asked tells apart
Come = tuple[str, str]  # the name of what was raised, "" for nothing; and what it said


class WorkFailed(Exception):
    """What was to be done apart failed, or its process was killed; the message is what it said."""


def apart(work: Callable[[], str]) -> str:
    """Return what `work` says, done in a copy of this process; it dies with this one.

    Nothing of what it loads stays here. No thread but Python's own may run here. Raises `AnotherRun`, `DiskFailed` or `WorkFailed`.
    """
    connections.close_all()  # a connection cannot be used by two processes
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    ours, theirs = os.pipe()
    us, child = os.getpid(), os.fork()
    if child == 0:
        os.close(ours)
        _do(work, theirs, us)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        told = pipe.read()
    _pid, status = os.waitpid(child, 0)
    if not told:
        raise WorkFailed(f"its process was ended by {_by_what(status)}; nothing that was unfinished counts")
    name, said = pickle.loads(told)  # noqa: S301  our own copy wrote it
    for each in _THEMSELVES:
        if name == each.__name__:
            raise each(said)
    if name:
        raise WorkFailed(said or name)
    return str(said)


def _do(work: Callable[[], str], pipe: int, parent: int) -> None:
    """Do `work`, tell through `pipe` what came of it, and end this process."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    status = 1
    try:
        if os.getppid() == parent:
            told = pickle.dumps(_come(work))
            with os.fdopen(pipe, "wb") as out:
                out.write(told)
            connections.close_all()
            status = 0
    finally:
        os._exit(status)


def _come(work: Callable[[], str]) -> Come:
    try:
        return "", work()
    except Exception as error:  # noqa: BLE001  whoever asked tells of it, as if it had been raised there
        known = next((each.__name__ for each in _THEMSELVES if isinstance(error, each)), type(error).__name__)
        return known, str(error).strip()


def _by_what(status: int) -> str:
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"itself with status {os.waitstatus_to_exitcode(status)}"
