"""Who the people are that records name: looked up in the list of people as it was last read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated

from upheld import clock
from upheld.accounts.models import Account
from upheld.actions.kinds import Somebody
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.sources.frames import files


@dataclass(frozen=True)
class Known:
    """Somebody in the list of people."""

    name: str
    department: str
    role: str
    started_on: date | None
    ended_on: date | None
    mail: str = ""

    def works_here(self, day: date) -> bool:
        """Whether somebody works here on `day`, as far as is known."""
        return (self.started_on is None or self.started_on <= day) and (self.ended_on is None or self.ended_on >= day)


_ACCOUNT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_held: ContextVar[Mapping[str, Known] | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within this, the list of people is the one that there is now: for work on many records at once."""
    token = _held.set(known())
    try:
        yield
    finally:
        _held.reset(token)


def known() -> Mapping[str, Known]:
    """Return everybody in the list of people, by id; nobody where no such list was read."""
    if (still := _held.get()) is not None:
        return still
    read, now = tuple(files(table_name="people", in_use=True)), clock.now()
    # Where all of it was read by now, no later instant says anything else.
    return _read(read, now if any(file.seen_at > now for file in read) else None)


@lru_cache(maxsize=2)
def _read(read: tuple[ChangeFile, ...], at: datetime | None) -> Mapping[str, Known]:
    """Read the files `read`, of all sources, as they said `at` (None: last); they never change, so that what was read stays right."""
    found: dict[str, Known] = {}
    for source in sorted({file.source for file in read}):
        for row in rows_at([file for file in read if file.source == source], "people", at or clock.now()):
            found[str(row["id"])] = Known(
                name=str(row["name"] or row["id"]),
                department=str(row["department"] or ""),
                role=str(row["role"] or ""),
                started_on=_day(row["started_on"]),
                ended_on=_day(row["ended_on"]),
                mail=str(row["mail"] or ""),
            )
    return found


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def wrong_with(person: str) -> str:
    """Return what is wrong with the id `person`, "" for nothing: somebody who works here, where a list of people was read."""
    everybody = known()
    if not everybody:
        return ""
    somebody = everybody.get(person)
    if somebody is None:
        return f"{person} is nobody's id in the list of people."
    if somebody.ended_on is not None and somebody.ended_on < clock.now().date():
        return f"{person} left on {somebody.ended_on}; name somebody who works here."
    return ""


def names(persons: Iterable[str]) -> dict[str, str]:
    """Return what `persons` are called, by id; somebody from outside as their account is, somebody unknown by the id."""
    everybody, wanted = known(), list(persons)
    accounts = [person for person in wanted if person not in everybody and _ACCOUNT.fullmatch(person)]
    outside = {str(each.pk): each.name or each.mail for each in Account.objects.filter(pk__in=accounts)} if accounts else {}
    return {person: everybody[person].name if person in everybody else outside.get(person, person) for person in wanted}


PersonId = Annotated[str, Somebody(wrong_with)]
