"""People of the sample company: who works there, since when, for whom, and who left."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.names import FAMILY, GIVEN, OTHER_SCRIPTS, person_name, user_name
from upheld.sources.sample.roles import BY_NAME, ROLES

# The first people are cast, so that every seed has someone in each post; the administrators are 9 to 12.
CAST = (
    "Managing director", "Head of finance", "Head of people", "Head of technology", "Security officer", "Account manager", "Support agent",
    "Editor", "System administrator", "System administrator", "System administrator", "System administrator", "Buyer",
)  # fmt: skip
# People whose role the planted faults depend on.
PINNED = {
    21: "Account manager", 22: "Support agent", 23: "Software engineer", 24: "Release engineer", 25: "Accountant", 26: "People partner",
    27: "Software engineer", 28: "Account manager", 30: "Software engineer", 31: "Editor", 32: "Product manager", 33: "Account manager",
    34: "Support agent", 35: "Buyer", 36: "Software engineer", 55: "Software engineer",
}  # fmt: skip
HEADS = {"Management": 1, "Finance": 2, "People": 3, "Technology": 4, "Sales": 6, "Support": 7, "Marketing": 8, "Operations": 13}
OFFICES = ("Nordhaven", "Lisbrook")
SMALLEST = 60
# With the contract, so that also who has not begun yet has signed.
SIGNED_BEFORE = timedelta(days=60)
# People by number, not by name: what is planted must stay planted under every seed.
REHIRED = 44
NAMESAKES = (26, 57)
CONTRACT_ENDS = 36
LEAVERS_EVERY = 11
FIRST_LEAVER = 33


@dataclass(frozen=True)
class Person:
    """Someone who works or worked at the company. `number` is their place, from 1; `id` what HR knows them by."""

    number: int
    id: str
    name: str
    user_name: str
    kind: str
    role: str
    manager_id: str | None
    office: str
    started_on: date
    ended_on: date | None

    @property
    def mail(self) -> str:
        """The work address."""
        return f"{self.user_name}@example.org"

    @property
    def department(self) -> str:
        """Where the role belongs."""
        return BY_NAME[self.role].department


@dataclass(frozen=True)
class Staff:
    """Everyone, by number. `today` is the day of the collection."""

    people: Sequence[Person]
    today: date

    def number(self, number: int) -> Person:
        """Return the person with that number, from 1."""
        return self.people[number - 1]

    def here(self, person: Person) -> bool:
        """Whether the person works for the company today."""
        return person.started_on <= self.today and (person.ended_on is None or person.ended_on >= self.today)

    @property
    def current(self) -> list[Person]:
        """Everyone who works for the company today."""
        return [person for person in self.people if self.here(person)]


def person_id(number: int) -> str:
    """Return the HR number of the person with that place."""
    return str(1000 + number)


def hire(dice: Dice, calendar: Calendar, size: int) -> Staff:
    """Return a staff of `size` people."""
    turn = dice.number("names", 0, len(GIVEN) * len(FAMILY) - 1)
    taken: set[str] = set()
    people = [_person(dice, calendar, number, size, turn, taken) for number in range(1, size + 1)]
    return Staff(people, calendar.seen_at.date())


def _person(dice: Dice, calendar: Calendar, number: int, size: int, turn: int, taken: set[str]) -> Person:
    name, account = _called(number, turn, taken)
    role = CAST[number - 1] if number <= len(CAST) else PINNED.get(number) or _role(dice, number)
    head = HEADS[BY_NAME[role].department]
    ended_on = _end(dice, calendar, number)
    return Person(
        number=number,
        id=person_id(number),
        name=name,
        user_name=account,
        kind="contractor" if number % 9 == 0 and number > len(CAST) else "employee",
        role=role,
        manager_id=person_id(head if head != number else 1) if number != 1 else None,
        office=dice.pick(f"office/{number}", OFFICES),
        started_on=calendar.day(_service(dice, number, size)),
        ended_on=ended_on,
    )


def _called(number: int, turn: int, taken: set[str]) -> tuple[str, str]:
    """Return name and account name; a name that two people have gives the second a 2."""
    if number % 29 == 0 and number // 29 <= len(OTHER_SCRIPTS):
        name, account = OTHER_SCRIPTS[number // 29 - 1]
    else:
        name = person_name(NAMESAKES[0] if number == NAMESAKES[1] else number, turn)
        account = user_name(name)
    free = account if account not in taken else next(f"{account}{more}" for more in count(2) if f"{account}{more}" not in taken)
    taken.add(free)
    return name, free


def _role(dice: Dice, number: int) -> str:
    drawn = dice.number(f"role/{number}", 1, sum(role.share for role in ROLES))
    for role in ROLES:
        drawn -= role.share
        if drawn <= 0 and role.share:
            return role.name
    raise AssertionError("the shares of all roles cover every draw")


def _leaves(number: int) -> bool:
    return number >= FIRST_LEAVER and number % LEAVERS_EVERY == 0 and number != REHIRED


def _end(dice: Dice, calendar: Calendar, number: int) -> date | None:
    if number == CONTRACT_ENDS:
        return calendar.day(-5)
    return calendar.day(dice.number(f"end/{number}", 40, 600)) if _leaves(number) else None


def _service(dice: Dice, number: int, size: int) -> int:
    """Return for how many days the person has been (or was first) employed; the last one hired starts next week."""
    if number == size:
        return -6
    if number == REHIRED:
        return 40
    if number % 37 == 0 and not _leaves(number):
        return dice.number(f"start/{number}", 16, 28)
    return dice.number(f"start/{number}", 700, 3600)


def people_rows(staff: Staff) -> Iterator[Row]:
    """Yield `people`."""
    for person in staff.people:
        yield {
            "id": person.id,
            "name": person.name,
            "mail": person.mail,
            "user_name": person.user_name,
            "kind": person.kind,
            "role": person.role,
            "department": person.department,
            "manager_id": person.manager_id,
            "office": person.office,
            "started_on": person.started_on,
            "ended_on": person.ended_on,
            "confidentiality_signed_on": person.started_on - SIGNED_BEFORE,
        }
