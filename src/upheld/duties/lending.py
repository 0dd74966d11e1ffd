"""Lending records: whoever does a duty for somebody else may do its action to the record it is about, and see it, while that lasts."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from upheld.actions.models import Lent
from upheld.duties.holders import holders
from upheld.duties.models import Occurrence, State

Loan = tuple[str, str, int, str]  # action, register, number, person


def lend(now: datetime) -> None:
    """Let what is lent be what open occurrences ask for as of `now`: no more, and no less."""
    wanted = set(_wanted(now))
    standing = {(each.action, each.register, each.number, each.person): each.pk for each in Lent.objects.all()}
    Lent.objects.filter(pk__in=[pk for loan, pk in standing.items() if loan not in wanted]).delete()
    fresh = sorted(wanted - standing.keys())
    Lent.objects.bulk_create([Lent(action=loan[0], register=loan[1], number=loan[2], person=loan[3]) for loan in fresh], batch_size=500)


def _wanted(now: datetime) -> Iterator[Loan]:
    """What somebody does for who owes it, and what the holders of a role owe: the record need not be theirs."""
    rows = Occurrence.objects.filter(state=State.OPEN).exclude(held_by=F("owes"), role="")
    held = holders(now)
    for duty, subject, held_by, role in rows.values_list("duty", "subject", "held_by", "role"):
        register, _, number = subject.rpartition("/")
        if "." in duty and register and number.isdecimal() and len(number) < 19:
            for person in [held_by] if held_by else held.of(role):
                yield duty, register, int(number), person
