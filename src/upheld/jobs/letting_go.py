"""The chore that lets go what is kept no longer: once a day, where two people agreed for how long something is kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from upheld import workspace
from upheld.jobs.chore import Chore
from upheld.jobs.models import Turn
from upheld.registers.backup.models import FiledRecord
from upheld.registers.privacy.retention_models import Retention
from upheld.retention import handed_in, history
from upheld.retention.needs import needs
from upheld.runlock import run_lock

NAME, EVERY = "let go", timedelta(days=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield letting go, if there is a rule that is approved, or a record that was destroyed."""
    ruled = Retention.objects.filter(ended_at=None).exclude(approved_at=None).exists()
    if ruled or FiledRecord.objects.exclude(destroyed_at=None).exclude(file="").exists():
        last = Turn.objects.filter(chore=NAME, failures=0).values_list("ended_at", flat=True).first()
        yield Chore(NAME, now if last is None else last + EVERY, _let_go)


def _let_go() -> str:
    with run_lock(workspace.current()):
        needed = needs()
        versions = sum(count for _, count in history.forget(needed))
        files = handed_in.forget(needed)
    return f"{versions:,} versions of rows and {files:,} files went"
