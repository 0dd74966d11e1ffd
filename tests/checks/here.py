"""The engine without its process: the same locked connection, for tests that judge many small frames."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from upheld.checks.engines.changed import make
from upheld.checks.engines.job import Job, Needs
from upheld.checks.engines.session import Session
from upheld.checks.engines.tally import Limits, Tally
from upheld.evidence.frame import Frame


def run(frame: Frame, needs: Needs, jobs: Sequence[Job], limits: Limits, outcomes: Path | None) -> Mapping[str, Tally]:
    """Return the tally of each of `jobs`, by name."""

    def load(connection: duckdb.DuckDBPyConnection) -> None:
        frame.load(connection, needs.tables, needs.history, needs.columns)
        for change in needs.changes:
            make(connection, change)

    session = Session(load, limits, outcomes)
    try:
        return {job.measure: session.tally(job) for job in jobs}
    finally:
        session.close()
