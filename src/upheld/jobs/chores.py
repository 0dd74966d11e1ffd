"""The chores: what is due by itself, and when; each found from what was done last, so that nothing is planned, nor forgotten."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from upheld import clock, workspace
from upheld.checks.words import instant
from upheld.erasure.reapplying import reapply
from upheld.evidence.table import tables
from upheld.jobs import anchoring, bundling, carrying_out, letting_go, owing, reading_logs, reading_mail, staffing, telling_changes
from upheld.jobs.chore import Chore, Unsuccessful
from upheld.ledger.sequencer import is_due, sequence
from upheld.notices import delivering, mail
from upheld.runlock import run_lock
from upheld.sources import configured
from upheld.sources.collecting import collect, tidy
from upheld.sources.models import Collection, ConfiguredSource
from upheld.verdicts.checking import check
from upheld.verdicts.models import Judgement, MeasureVerdict

# A table is read twice before what was read of it grows stale, and at least daily, so that one failure costs nothing.
OFTENEST, SELDOMEST = timedelta(minutes=15), timedelta(days=1)
# Time alone can put a measure at risk; that is looked for every hour.
JUDGED_EVERY = timedelta(hours=1)


def chores(now: datetime) -> Iterator[Chore]:
    """Yield every chore in the order in which those due are done: sources are written and read before measures are judged."""
    yield from carrying_out.chores(now)
    for source in configured.in_use():
        yield Chore(f"collect {source.name}", collection_due_at(source, now), partial(_collect, source))
    yield from reading_logs.chores(now)
    yield from reading_mail.chores(now)
    yield Chore("check", judging_due_at(now), _check)
    yield from staffing.chores(now)
    yield from owing.chores(now)
    yield from anchoring.chores(now)
    yield from telling_changes.chores(now)
    yield from bundling.chores(now)
    yield from letting_go.chores(now)
    yield Chore("deliver notices", delivering.next_at(), _deliver)


def every(source: ConfiguredSource) -> timedelta:
    """Return how often `source` is read: by the table of it that grows stale first."""
    limits = [tables()[name].fresh_for for name in configured.declared(source) if name in tables()]
    return max(OFTENEST, min([limit / 2 for limit in limits] + [SELDOMEST]))


def collection_due_at(source: ConfiguredSource, now: datetime) -> datetime:
    """Return when `source` is to be read next; `now` where it never was."""
    last = source.collections.aggregate(at=Max("started_at"))["at"]
    return now if last is None else last + every(source)


def judging_due_at(now: datetime) -> datetime | None:
    """Return when to judge next: once there is newer evidence, once time changes a verdict, or after an hour. None without evidence."""
    collected = Collection.objects.aggregate(at=Max("finished_at"))["at"]
    judged = Judgement.objects.aggregate(at=Max("as_of"))["at"]
    if collected is None:
        return None
    if judged is None or judged < collected:
        return now
    turns = MeasureVerdict.objects.filter(until_at=None).values_list("flips_at", "stale_at")
    ahead = [at for both in turns for at in both if at and at > judged]
    due_at: datetime = min([*ahead, judged + JUDGED_EVERY])
    return due_at


def place_entries() -> int:
    """Place what waits in the ledger's outbox and sign what is placed, if anything is due, and return how much was placed."""
    return sequence().placed if is_due() else 0


def _collect(source: ConfiguredSource) -> str:
    with run_lock(workspace.current()):
        reapply()
        tidy()
        found = collect(source)
    place_entries()
    if found.coverage == "failed":
        raise Unsuccessful(found.error or "nothing could be read")
    return f"{found.coverage}, {sum(each.rows for each in found.tables.all()):,} rows"


def _check() -> str:
    now = clock.now()
    with run_lock(workspace.current()):
        verdicts = check(now)
    place_entries()
    states = sorted({each.state.value for each in verdicts})
    counted = ", ".join(f"{sum(each.state.value == state for each in verdicts)} {state}" for state in states)
    return f"as of {instant(now)}: {counted}"


def _deliver() -> str:
    sent, failed = delivering.deliver(clock.now())
    place_entries()
    why = ": no mail server is set up (docs/how/tell-people.md)" if failed and not mail.is_set_up() else ""
    return f"{sent} sent, {failed} not{why}"
