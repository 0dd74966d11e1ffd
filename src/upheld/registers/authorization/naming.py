"""Log-on names are never given to a second person: every one that was ever seen is remembered, and asked about before one is given out."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from django.db.models import Max

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.authorization.naming_models import IssuedName, RememberedName
from upheld.registers.evidence import evidence
from upheld.registers.rules import LEADS, all_known
from upheld.registers.staff import PersonId
from upheld.vault import keys
from upheld.vault.fence import normalised

AT_ONCE = 5_000
OVERLAP = timedelta(days=1)  # sources are read at different times, and some take hours
NOBODY = "?"  # whose it was, the system did not say
_SEEN = """
    SELECT system_id, identifier, coalesce(holder, $nobody), min(from_at)
    FROM identifier_lives
    WHERE word = 'name' AND from_at > $since
    GROUP BY ALL
"""


@action(by=(*LEADS, Role.OWNER), makes=IssuedName)
def issue_name(
    *,
    by: Person,
    person: Annotated[PersonId, "who is to have it"],
    system: Annotated[str, Text(60), "the system's short name in the list of systems"],
    account: Annotated[str, Text(200), "the name to sign in with, before the account is made"],
) -> IssuedName:
    """Give somebody a log-on name on a system, before the account is made. Refused if it ever stood for anybody else there."""
    all_known("system", [system], "System")
    return issue(by, person, system, account)


def issue(by: Person, person: str, system: str, account: str) -> IssuedName:
    """Give somebody a log-on name within an action; one that they were given before is theirs still. Raises `Ill` for another's."""
    remember()
    if other := _taken(system, account, person):
        raise ill(account=f"{account} {other} on {system}, and is never given to a second person: choose another name.")
    now = clock.now()
    if given := IssuedName.objects.filter(system=system, account=account, person=person).first():
        return given
    RememberedName.objects.bulk_create([_remembered(system, account, person, now)], ignore_conflicts=True)
    return keep(IssuedName(system=system, account=account, person=person, issued_by=by.ref, issued_at=now))


def _taken(system: str, account: str, person: str) -> str:
    """Return for whom `account` on `system` stood but `person`, as far as that may be said; "" if for nobody else."""
    holders = set(RememberedName.objects.filter(system=system, name=_mark(system, account)).values_list("holder", flat=True))
    others = holders - {_mark("", each) for each in _numbers(person)}
    if not others:
        return ""
    return "was there before, and whose it was is not known" if others == {_mark("", NOBODY)} else "stood for somebody else"


def _numbers(person: str) -> set[str]:
    """Return the numbers that `person` is known by: the list's own, and the one that stands for all of theirs."""
    with evidence(clock.now(), ["engagements"]) as connection:
        found = connection.execute("SELECT person_id FROM engagements WHERE id = $person", {"person": person}).fetchall()
    return {person, *(each for (each,) in found)}


def remember() -> int:
    """Remember the log-on names that sources told of since this was done last; return how many that were."""
    last = RememberedName.objects.aggregate(at=Max("first_at"))["at"]
    since = last - OVERLAP if last else datetime(1, 1, 1, tzinfo=UTC)
    with evidence(clock.now(), ["identifier_lives"]) as connection:
        found = connection.execute(_SEEN, {"nobody": NOBODY, "since": since.replace(tzinfo=None)})
        made = 0
        while some := found.fetchmany(AT_ONCE):
            fresh = list(_fresh(some))
            RememberedName.objects.bulk_create(fresh, ignore_conflicts=True)
            made += len(fresh)
    return made


def _fresh(found: Iterable[tuple[str, str, str, datetime]]) -> Iterator[RememberedName]:
    for system, account, holder, at in found:
        yield _remembered(system, account, holder, at.replace(tzinfo=UTC))


def _remembered(system: str, account: str, holder: str, at: datetime) -> RememberedName:
    return RememberedName(system=system, name=_mark(system, account), holder=_mark("", holder), first_at=at)


def _mark(within: str, value: str) -> str:
    return keys.here().hash("name", within, normalised(value)).hex()
