"""The judging process: loads one frame, locks DuckDB, then runs one job after the other until its input ends."""

import os
import pickle
import resource
import sys
from pathlib import Path
from typing import BinaryIO

import duckdb

from upheld.checks.engines.job import Job
from upheld.checks.engines.loading import load
from upheld.checks.engines.session import Session
from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.engines.worker import READY, Start, line
from upheld.evidence.loading import HistoryError
from upheld.evidence.table import ContractBroken

# Addresses, not memory: threads' stacks and the allocator reserve more than they touch.
_ADDRESSES_BEYOND = 512 << 20
_GRACE_SECONDS = 5


def main() -> None:
    """Serve one caller on standard input and output."""
    asked, answered = sys.stdin.buffer, _only_ours()
    start: Start = pickle.load(asked)  # noqa: S301  from the process that started this one, and nobody else
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        aside = start.aside
        session = Session(lambda connection: load(connection, start.frame, start.needs, aside), start.limits, start.outcomes, aside)
    except (duckdb.Error, OSError, MemoryError, HistoryError, ContractBroken) as error:
        answered.write(line(Tally(error=f"the evidence could not be loaded: {str(error).splitlines()[0]}")))
        answered.flush()
        return
    _allow_bytes(2 * start.limits.memory_bytes + _ADDRESSES_BEYOND)
    answered.write(READY + b"\n")
    answered.flush()
    _serve(asked, answered, session, start.limits)


def _serve(asked: BinaryIO, answered: BinaryIO, session: Session, limits: Limits) -> None:
    while True:
        try:
            job: Job = pickle.load(asked)  # noqa: S301  as above
        except EOFError:
            return
        _allow_seconds(limits.seconds * limits.threads)
        answered.write(line(session.tally(job)))
        answered.flush()


def _allow_bytes(more: int) -> None:
    """Let this process reserve that much more than it has, where the kernel tells how much that is."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return
    limit = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _allow_seconds(seconds: float) -> None:
    """Let the kernel end this process when it computes for that much longer, should nothing else stop the query."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + _GRACE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _only_ours() -> BinaryIO:
    """Standard output for answers alone: whatever else prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
