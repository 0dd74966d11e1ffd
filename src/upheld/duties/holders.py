"""With whom a duty is: who holds the word that a measure names as its owner, who stands in for whom, and whose manager is who."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from upheld.accounts.models import ReportingLine, RoleGiven
from upheld.accounts.person import in_force
from upheld.accounts.role import Role
from upheld.duties.arranged import Absence
from upheld.registers.governance.models import Holding, Part

LEADING = (Role.SECURITY_LEAD, Role.DPO)


@dataclass(frozen=True)
class Holders:
    """`by_word`: who holds which word (people.id); `away`: who stands in today for whom; `managing`: who answers for management."""

    by_word: Mapping[str, frozenset[str]]
    away: Mapping[str, str]
    managing: frozenset[str] = frozenset()

    def of(self, word: str) -> frozenset[str]:
        """Return who answers for `word` today, deputies in place of those who are away; the security lead where nobody holds it."""
        found = self.by_word.get(word) or self.by_word.get(Role.SECURITY_LEAD, frozenset())
        return frozenset(map(self.stand_in, found))

    def words(self, person: str) -> frozenset[str]:
        """Return the words that `person` answers for today, themselves or for somebody who is away."""
        return frozenset(word for word in self.by_word if person in self.of(word))

    def stand_in(self, person: str) -> str:
        """Return with whom that is today which is `person`'s: their deputy, or the deputy's; themselves where all of these are away."""
        seen, now = {person}, person
        while now in self.away:
            now = self.away[now]
            if now in seen:
                return person
            seen.add(now)
        return now


def holders(now: datetime) -> Holders:
    """Return who holds what on the day of `now`; one query over what three tables say."""
    found: dict[str, set[str]] = {}
    managing, away = set(), {}
    for said, _number, word, person in sorted(_held(now.date()).union(_given(now), _away(now.date()), all=True)):
        if said == _AWAY:
            away[person] = word  # what was said last holds
        else:
            found.setdefault(word, set()).add(person)
        if said == _MANAGES:
            managing.add(person)
    return Holders({word: frozenset(people) for word, people in found.items()}, away, frozenset(managing))


_AWAY, _GIVEN, _HOLDS, _MANAGES = "away", "given", "holds", "manages"
Said = QuerySet[Any, tuple[str, int, str, str]]  # what is said, the row's number, the word or the deputy, and of whom


def _held(day: date) -> Said:
    """Responsibilities held on `day`."""
    held = Holding.objects.filter(Q(until_on=None) | Q(until_on__gte=day), part__in=(Part.ACCOUNTABLE, Part.RESPONSIBLE), from_on__lte=day)
    manages = When(part=Part.ACCOUNTABLE, responsibility__management=True, then=Value(_MANAGES))
    said = held.annotate(said=Case(manages, default=Value(_HOLDS), output_field=TextField()), word=F("responsibility__name"))
    return said.order_by().values_list("said", "pk", "word", "person")


def _given(now: datetime) -> Said:
    """Roles that make somebody hold a word: owner of what the word names, and those who lead everything."""
    given = RoleGiven.objects.filter(in_force(now), account__is_active=True).exclude(account__person="")
    owns, leads = Q(role=Role.OWNER, over_kind="owner"), Q(role__in=LEADING, over="")
    word = Case(When(owns, then=F("over")), default=F("role"), output_field=TextField())
    said = given.filter(owns | leads).annotate(said=Value(_GIVEN, TextField()), word=word)
    return said.order_by().values_list("said", "pk", "word", "account__person")


def _away(day: date) -> Said:
    """Who is away on `day`, with who stands in for them."""
    rows = Absence.objects.filter(from_on__lte=day, until_on__gte=day).annotate(said=Value(_AWAY, TextField()))
    return rows.order_by().values_list("said", "pk", "deputy", "person")


def managers(persons: Collection[str] | None = None) -> dict[str, str]:
    """Return who `persons` (None: everybody) report to."""
    lines = ReportingLine.objects.all() if persons is None else ReportingLine.objects.filter(person__in=persons)
    return dict(lines.values_list("person", "manager"))


def unheld(words: Iterable[str], held: Holders) -> set[str]:
    """Return those of `words` that nobody holds."""
    return {word for word in words if not held.by_word.get(word)}
