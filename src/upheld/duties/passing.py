"""With whom an occurrence is, and by when it is due, after all that was arranged: absence, delegation, pauses; and passing it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from upheld.due import IsFree, with_pauses, working_days
from upheld.due import Pause as Paused
from upheld.duties.arranged import Delegation, Pause
from upheld.duties.holders import Holders, holders, managers
from upheld.duties.models import Occurrence
from upheld.duties.policy import policy
from upheld.registers.owing import duties

MOST_ESCALATED = 2  # to the manager, then to the security lead


@dataclass(frozen=True)
class Passing:
    """What was arranged as of an instant. `by_each` are the duties that nobody can do for another."""

    held: Holders
    delegated: Mapping[tuple[str, str], str]
    paused: Mapping[tuple[str, str], tuple[Paused, ...]]
    managers: Mapping[str, str]
    is_free: IsFree
    after: int
    by_each: frozenset[str]

    def settle(self, each: Occurrence, now: datetime) -> bool:
        """Say with whom `each` is and by when it is due, and return whether it was passed on because nobody did it."""
        each.held_by = self._with_whom(each)
        pauses = self.paused.get((each.duty, each.subject), ())
        each.due_at = with_pauses(each.counts_from_at, each.planned_at, pauses, now) if pauses else each.planned_at
        stands_still = any(pause.until_at is None for pause in pauses)
        level = 0 if each.due_at is None or stands_still or each.escalated == MOST_ESCALATED else self._level(each.due_at, now)
        passed_on = level > each.escalated
        if passed_on:
            each.escalated, each.escalated_to = level, self._next(each, level)
        return passed_on

    def _with_whom(self, each: Occurrence) -> str:
        if each.duty in self.by_each:
            return each.owes
        to = self.delegated.get((each.duty, each.subject), each.owes)
        return self.held.stand_in(to) if to else ""

    def _level(self, due_at: datetime, now: datetime) -> int:
        """Return how often what was due at `due_at` should have been passed on by `now`: each time that so many working days went by."""
        if due_at > now:
            return 0
        for level in count(1):
            if level > MOST_ESCALATED or working_days(due_at.date(), self.after * level, self.is_free) > now.date():
                return level - 1
        return 0

    def _next(self, each: Occurrence, level: int) -> str:
        """Return whom it is passed on to: the manager of who owes it first; "" for the security lead."""
        manager = self.managers.get(each.owes, "")
        return manager if level == 1 and manager != each.held_by else ""


def passing(now: datetime) -> Passing:
    """Return what was arranged as of `now`."""
    said = policy()
    rows = Delegation.objects.filter(until_on__gte=now.date()).order_by("pk")
    paused: dict[tuple[str, str], list[Paused]] = {}
    for each in Pause.objects.all():
        paused.setdefault((each.duty, each.subject), []).append(Paused(each.from_at, each.until_at, each.reason))
    return Passing(
        held=holders(now),
        delegated={(each.duty, each.subject): each.person for each in rows},
        paused={key: tuple(found) for key, found in paused.items()},
        managers=managers(),
        is_free=said.is_free,
        after=said.escalate_after,
        by_each=frozenset(each.name for each in duties() if each.by_each),
    )
