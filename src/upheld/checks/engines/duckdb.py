"""Judging in a process of its own: a query that kills or hangs it is an error, and the others are judged by a fresh one."""

import os
import pickle
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.engines.worker import READY, Start, tally
from upheld.evidence.frame import Frame
from upheld.evidence.loading import ASIDE_ROWS

# The process stops a query by itself; only one that does not listen is killed, this much later.
_GRACE_SECONDS = 5.0
# Nothing else of the environment, which may hold secrets, reaches the process.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR", "HOME", "VIRTUAL_ENV")


def run(frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> dict[str, Tally]:
    """Return the tally of each of `jobs` on `frame`, by measure. `needs` is what they read, together."""
    tallies: dict[str, Tally] = {}
    while len(tallies) < len(jobs):
        with _aside(frame, outcomes) as aside, Worker(Start(frame, needs, limits, outcomes, aside)) as worker:
            for job in jobs[len(tallies) :]:
                tallies[job.measure] = worker.tally(job)
                if worker.ended:
                    break
    return tallies


@contextmanager
def _aside(frame: Frame, outcomes: Path | None) -> Iterator[Path | None]:
    """Make a folder for the tables of `frame`, where any is large, and remove it: beside the populations, which are as personal."""
    if not any(sum(file.rows for file in files) > ASIDE_ROWS for files in frame.files.values()):
        yield None
        return
    if outcomes is not None:
        outcomes.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=outcomes, prefix=".judging-") as folder:
        yield Path(folder)


class Worker:
    """One judging process, for one frame. Used as a context, which ends it."""

    def __init__(self, start: Start) -> None:
        """Start it; it loads while the first job is being prepared."""
        self._limits = start.limits
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "upheld.checks.engines.duckdb_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        self._unread = b""
        self._ready = False
        self.ended = False
        self._send(start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def tally(self, job: Job) -> Tally:
        """Return the outcome of `job`; an error when the process ends or hangs over it, and `ended` is then set."""
        if not self._ready and (failed := self._load()) is not None:
            return failed
        self._send(job)
        said = self._line(self._limits.seconds + _GRACE_SECONDS)
        return tally(said) if said is not None else self._gone("over this query")

    def _load(self) -> Tally | None:
        """Wait until the frame is loaded; the error that all jobs get if it is not."""
        said = self._line(self._limits.load_seconds)
        if said == READY:
            self._ready = True
            return None
        if said is None:
            return self._gone("while it loaded the evidence")
        self.ended = True
        return tally(said)

    def _gone(self, when: str) -> Tally:
        self.ended = True
        status = self._process.poll()
        if status is None:
            return Tally(error=f"the judging process did not answer {when} within its time, and was stopped")
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        return Tally(error=f"the judging process {how} {when}")

    def _send(self, what: Start | Job) -> None:
        assert self._process.stdin is not None, "it was opened with a pipe"
        try:
            pickle.dump(what, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it ended; the answer that is then missing says so

    def _line(self, seconds: float) -> bytes | None:
        """Return the next line without its end, or None when there is none within `seconds` or the process ended."""
        assert self._process.stdout is not None, "it was opened with a pipe"
        until = time.monotonic() + seconds
        while b"\n" not in self._unread:
            readable, _, _ = select.select([self._process.stdout], [], [], max(0.0, until - time.monotonic()))
            more = os.read(self._process.stdout.fileno(), 1 << 20) if readable else b""
            if not more:
                return None
            self._unread += more
        said, _, self._unread = self._unread.partition(b"\n")
        return said
