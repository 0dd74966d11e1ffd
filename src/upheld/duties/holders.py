"""With whom a duty is: who holds the word that a measure names as its owner, who stands in for whom, and whose manager is who."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from upheld.accounts.models import ReportingLine, RoleGiven
from upheld.accounts.person import in_force
from upheld.accounts.role import Role
from upheld.duties.arranged import Absence
from upheld.registers.governance.models import Holding, Part

LEADING = (Role.SECURITY_LEAD, Role.DPO)


@dataclass(frozen=True)
class Holders:
    """`by_word`: who holds which word (people.id); `away`: who stands in today for whom."""

    by_word: Mapping[str, frozenset[str]]
    away: Mapping[str, str]

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
    """Return who holds what on the day of `now`; three queries."""
    today = now.date()
    found: dict[str, set[str]] = {}
    holdings = Holding.objects.filter(part__in=(Part.ACCOUNTABLE, Part.RESPONSIBLE), from_on__lte=today)
    for word, person, until_on in holdings.values_list("responsibility__name", "person", "until_on"):
        if until_on is None or until_on >= today:
            found.setdefault(word, set()).add(person)
    given = RoleGiven.objects.filter(in_force(now), account__is_active=True).exclude(account__person="")
    for role, kind, over, person in given.values_list("role", "over_kind", "over", "account__person"):
        if role == Role.OWNER and kind == "owner":
            found.setdefault(over, set()).add(person)
        elif role in LEADING and not over:
            found.setdefault(role, set()).add(person)
    return Holders({word: frozenset(people) for word, people in found.items()}, absent(today))


def absent(day: date) -> dict[str, str]:
    """Return who is away on `day`, and who stands in for each; what was said last holds."""
    rows = Absence.objects.filter(from_on__lte=day, until_on__gte=day).order_by("pk")
    return dict(rows.values_list("person", "deputy"))


def managers(persons: Collection[str] | None = None) -> dict[str, str]:
    """Return who `persons` (None: everybody) report to."""
    lines = ReportingLine.objects.all() if persons is None else ReportingLine.objects.filter(person__in=persons)
    return dict(lines.values_list("person", "manager"))


def unheld(words: Iterable[str], held: Holders) -> set[str]:
    """Return those of `words` that nobody holds."""
    return {word for word in words if not held.by_word.get(word)}
