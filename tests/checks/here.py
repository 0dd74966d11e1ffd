"""The engine without its process: the same locked connection, for tests that judge many small frames."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.loading import load
from upheld.checks.engines.session import Session
from upheld.checks.engines.tally import Limits, Tally
from upheld.evidence.frame import Frame


def run(frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> Mapping[str, Tally]:
    """Return the tally of each of `jobs`, by name."""
    session = Session(lambda connection: load(connection, frame, needs), limits, outcomes)
    try:
        return {job.measure: session.tally(job) for job in jobs}
    finally:
        session.close()
