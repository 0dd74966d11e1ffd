"""Telling people what they owe and what broke: each cause once to each receiver, in their language, at once or with the day's mail."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils import translation

from upheld.accounts.models import Account
from upheld.notices.queueing import MAIL, WEBHOOK, Telling, Told, queue, wanting
from upheld.notices.wishes import How, is_at_once, wishes


@dataclass(frozen=True)
class Cause:
    """Something to tell `persons` (people.id), and programs where `programs` says so.

    `name` is its own among all causes, and the same however often it is found; `words` says it in the language that is active.
    """

    name: str
    persons: frozenset[str]
    words: Callable[[], Told]
    urgent: bool = False
    programs: bool = False


def tell(causes: Iterable[Cause]) -> int:
    """Queue what was not told yet, in the transaction of the caller, and return how many mails and messages that is.

    Somebody without an account has no address here and is not told; they are not counted.
    """
    found = list(causes)
    if not found:
        return 0
    accounts = _accounts({person for each in found for person in each.persons})
    how = wishes(each.pk for each in accounts.values())
    return queue(telling for each in found for telling in _tellings(each, accounts, how))


def _accounts(persons: set[str]) -> dict[str, Account]:
    rows = Account.objects.filter(is_active=True).exclude(person="")
    if len(persons) <= 500:
        rows = rows.filter(person__in=persons)
    return {each.person: each for each in rows}


def _tellings(each: Cause, accounts: dict[str, Account], how: Mapping[UUID, How]) -> Iterator[Telling]:
    for person in sorted(each.persons & accounts.keys()):
        account = accounts[person]
        language = account.language or "en"
        with translation.override(language):
            told = each.words()
        at_once = is_at_once(how.get(account.pk, How.URGENT_AT_ONCE), urgent=each.urgent)
        yield Telling(told, each.name, MAIL, account.mail, str(account.pk), person, language, at_once)
    if each.programs:
        with translation.override("en"):
            told = each.words()
        for webhook in wanting(told.kind):
            yield Telling(told, each.name, WEBHOOK, webhook.name, webhook.name)
