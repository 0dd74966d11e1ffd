"""How people want to be told: everything at once, everything once a day, or (unless they say) what is urgent at once."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from upheld.accounts.models import Account
from upheld.accounts.person import Person
from upheld.ledger.append import append
from upheld.notices.models import Wish


class How(StrEnum):
    """When mail comes."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    URGENT_AT_ONCE = "urgent"


def wishes(accounts: Iterable[UUID]) -> Mapping[UUID, How]:
    """Return what the owners of `accounts` said; those who said nothing are not in it."""
    return {each.account: How(each.how) for each in Wish.objects.filter(account__in=list(accounts))}


def wish_of(person: Person) -> How:
    """Return how `person` wants to be told."""
    return wishes([person.account_id]).get(person.account_id, How.URGENT_AT_ONCE)


def choose(person: Person, how: How, language: str) -> None:
    """Tell `person` in this way and language ("de") from now on."""
    with transaction.atomic():
        Wish.objects.update_or_create(account=person.account_id, defaults={"how": how.value})
        Account.objects.filter(pk=person.account_id).update(language=language)
        append("notices.chosen", subject=("person", person.actor.id), actor=person.actor, body={"how": how.value, "language": language})


def is_at_once(how: How, *, urgent: bool) -> bool:
    """Return whether something is told at once to somebody who wants it so."""
    return how is How.AT_ONCE or (how is How.URGENT_AT_ONCE and urgent)
