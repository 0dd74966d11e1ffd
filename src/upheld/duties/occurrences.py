"""Occurrences as rows: each due instance is opened once and ends once, however long nobody looked; all of a look in one transaction."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from django.db import transaction
from django.db.models import Max

from upheld.actions.models import Step
from upheld.duties.arranged import Demand, Skip
from upheld.duties.cycles import Cycle, end_of
from upheld.duties.lending import lend
from upheld.duties.models import Look, Occurrence, State
from upheld.duties.passing import passing
from upheld.duties.wanted import Looked, Wanted, look
from upheld.ledger.append import append
from upheld.ledger.profile import Json

_AT_ONCE = 500
DEMANDED = "demanded"
LOOKED_UP = "duties.looked-up"  # the kind of entry that a look makes
_CHANGING = ("do", "about", "owes", "role", "held_by", "planned_at", "due_at", "escalated", "escalated_to")
_ENDING = ("state", "ended_at", "ended_by", "why", "done_entry", "ended_entry")


@dataclass(frozen=True)
class Tally:
    """What a look at duties came to: how many occurrences were opened, and how many ended in which way or were passed on."""

    opened: int
    ended: Counter[str]
    passed_on: int

    def __str__(self) -> str:
        ended = "".join(f", {number:,} {state}" for state, number in sorted(self.ended.items()))
        return f"{self.opened:,} opened{ended}" + (f", {self.passed_on:,} passed on" if self.passed_on else "")


def materialise(now: datetime) -> Tally:
    """Open what has become somebody's work by `now`, end what was done, missed, skipped or is no longer owed, and pass on what nobody did.

    What is found is kept and entered in the ledger in one transaction; a worker that is killed leaves all of it or nothing.
    """
    # Read before the transaction, which keeps others from writing: what is done in between, the next look finds.
    found, arranged = look(now, _last_opened()), passing(now)
    with transaction.atomic():
        standing = list(Occurrence.objects.select_for_update().filter(state=State.OPEN))
        before = {each.pk: _changing(each) for each in standing}
        for each in standing:
            _bring_up_to_date(each, found, now)
        fresh = list(_fresh(found, standing, now))
        _skip([each for each in (*standing, *fresh) if each.state == State.OPEN])
        passed_on = sum(arranged.settle(each, now) for each in (*standing, *fresh) if each.state == State.OPEN)
        changed = [each for each in standing if each.state != State.OPEN or _changing(each) != before[each.pk]]
        return _keep(fresh, changed, passed_on, now)


def last_look() -> datetime | None:
    """Return when duties were last looked up; None for never."""
    return Look.objects.values_list("at", flat=True).first()


def _last_opened() -> dict[tuple[str, str], datetime]:
    rows = Occurrence.objects.exclude(closes_at=None).order_by().values("duty", "subject").annotate(at=Max("opens_at"))
    return {(row["duty"], row["subject"]): row["at"] for row in rows}


def _changing(each: Occurrence) -> tuple[object, ...]:
    return tuple(getattr(each, name) for name in _CHANGING)


def _bring_up_to_date(each: Occurrence, found: Looked, now: datetime) -> None:
    """End `each` if it was done or missed, or is no longer owed; else say anew by when it is due, and who owes it."""
    now_wanted = found.wanted.get((each.duty, each.subject, each.whose))
    if now_wanted is None:
        if each.duty in found.whole:
            _end(each, State.WITHDRAWN, now, "It is no longer owed.")
        return
    each.do, each.about, each.owes, each.role = now_wanted.do, now_wanted.about, now_wanted.owes, now_wanted.role
    cycle = next((cycle for cycle in now_wanted.cycles if cycle.name == each.cycle), None)
    if cycle is not None:
        each.planned_at, each.opens_at = cycle.due_at, cycle.opens_at
        if cycle.done_at is not None:
            _end(each, State.DONE, cycle.done_at)
        elif cycle.closes_at is not None and cycle.closes_at <= now:
            _end(each, State.MISSED, cycle.closes_at, "Nobody did it before the next one.")
    elif (at := now_wanted.answered_at(each.counts_from_at, each.planned_at)) is not None:
        _end(each, State.DONE, at)
    elif now_wanted.cycles and not each.cycle.startswith(DEMANDED):
        each.planned_at = min(each.planned_at, now_wanted.cycles[0].due_at)  # it is due sooner than was thought


def _end(each: Occurrence, state: State, at: datetime, why: str = "") -> None:
    each.state, each.ended_at, each.why = state, at, why


def _fresh(found: Looked, standing: Iterable[Occurrence], now: datetime) -> Iterator[Occurrence]:
    """Yield what is to be opened: cycles that no row is of yet, and of what counts from the last time one at a time."""
    open_now = {
        (each.duty, each.subject, each.whose) for each in standing if each.state == State.OPEN and not each.cycle.startswith(DEMANDED)
    }
    candidates = [
        (wanted, cycle)
        for key, wanted in found.wanted.items()
        for cycle in wanted.cycles
        if cycle.opens_at <= now and (cycle.closes_at is not None or (cycle.done_at is None and key not in open_now))
    ]
    candidates += list(_demanded(found))
    known = _known({wanted.key[1] for wanted, _cycle in candidates})
    for wanted, cycle in candidates:
        if (*wanted.key, cycle.name) not in known:
            yield _row(wanted, cycle, now)


def _demanded(found: Looked) -> Iterator[tuple[Wanted, Cycle]]:
    asked: dict[tuple[str, str], list[Demand]] = {}
    for each in Demand.objects.all():
        asked.setdefault((each.duty, each.subject), []).append(each)
    for key, wanted in found.wanted.items() if asked else ():
        for each in asked.get(key[:2], ()):
            yield wanted, Cycle(f"{DEMANDED} {each.pk}", each.at, each.at, end_of(each.due_on))


def _known(subjects: set[str]) -> set[tuple[str, str, str, str]]:
    """Return the names of all rows about `subjects`."""
    found: set[tuple[str, str, str, str]] = set()
    listed = sorted(subjects)
    for start in range(0, len(listed), _AT_ONCE):
        rows = Occurrence.objects.filter(subject__in=listed[start : start + _AT_ONCE])
        found.update(rows.values_list("duty", "subject", "whose", "cycle"))
    return found


def _row(wanted: Wanted, cycle: Cycle, now: datetime) -> Occurrence:
    duty, subject, whose = wanted.key
    row = Occurrence(
        duty=duty, subject=subject, whose=whose, cycle=cycle.name, do=wanted.do, about=wanted.about, owes=wanted.owes, role=wanted.role
    )
    row.counts_from_at, row.opens_at, row.planned_at, row.due_at = cycle.counts_from_at, cycle.opens_at, cycle.due_at, cycle.due_at
    row.closes_at, row.opened_at, row.state, row.salt = cycle.closes_at, now, State.OPEN, token_hex(16)
    at = cycle.done_at or (wanted.answered_at(cycle.counts_from_at, cycle.due_at) if cycle.name.startswith(DEMANDED) else None)
    if at is not None:
        _end(row, State.DONE, at)
    elif cycle.closes_at is not None and cycle.closes_at <= now:
        _end(row, State.MISSED, cycle.closes_at, "Nobody did it before the next one.")
    return row


def _skip(standing: Iterable[Occurrence]) -> None:
    """End those of `standing` that somebody said need not be done."""
    skips = {(each.duty, each.subject, each.whose, each.cycle): each for each in Skip.objects.all()}
    for each in standing if skips else ():
        if skip := skips.get((each.duty, each.subject, each.whose, each.cycle)):
            _end(each, State.SKIPPED, skip.at, skip.reason)
            each.ended_by = skip.by


def _keep(fresh: list[Occurrence], changed: list[Occurrence], passed_on: int, now: datetime) -> Tally:
    """Write the rows, and what they come to as an entry: how many, and a digest that they can be held against later."""
    ended = [each for each in (*fresh, *changed) if each.state != State.OPEN]
    tally = Tally(len(fresh), Counter(each.state for each in ended), passed_on)
    _name_steps([each for each in ended if each.state == State.DONE])
    if fresh or ended or passed_on:
        entry_id = append(LOOKED_UP, body=_summary(tally, fresh, ended), effective_at=now)
        for each in fresh:
            each.opened_entry = entry_id
        for each in ended:
            each.ended_entry = entry_id
    Occurrence.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    Occurrence.objects.bulk_update(changed, [*_CHANGING, *_ENDING], batch_size=_AT_ONCE)
    lend(now)
    Look.objects.update_or_create(pk=1, defaults={"at": now})
    return tally


def _summary(tally: Tally, fresh: Iterable[Occurrence], ended: Iterable[Occurrence]) -> dict[str, Json]:
    counts: dict[str, Json] = {str(state): number for state, number in sorted(tally.ended.items())}
    return {"opened": tally.opened, "ended": counts, "passed_on": tally.passed_on, "digest": digest([*fresh, *ended])}


def digest(rows: Iterable[Occurrence]) -> str:
    """Return SHA-256, in hex, over the digests of `rows`, each once, in order: what the entry of a look says of them."""
    return digest_of(each.digest() for each in rows)


def digest_of(rows: Iterable[bytes]) -> str:
    """Return SHA-256, in hex, over the digests `rows`, each once, in order."""
    return sha256(b"".join(sorted(set(rows)))).hexdigest()


def _name_steps(done: list[Occurrence]) -> None:
    """Say by which step each of `done` was done, where it was done by an action, and by whom."""
    by_duty: dict[str, list[Occurrence]] = {}
    for each in done:
        by_duty.setdefault(each.duty, []).append(each)
    for duty, rows in by_duty.items():
        steps = Step.objects.filter(action=duty, at__gte=min(each.counts_from_at for each in rows)).order_by("at")
        by_subject: dict[str, list[Step]] = {}
        for step in steps.iterator(chunk_size=2_000):
            by_subject.setdefault(f"{step.register}/{step.record}", []).append(step)
        for each in rows:
            theirs = (step for step in by_subject.get(each.subject, ()) if step.at >= each.counts_from_at)
            if found := next((step for step in theirs if not each.whose or step.by == each.whose), None):
                each.ended_by, each.done_entry = found.by, found.entry_id
