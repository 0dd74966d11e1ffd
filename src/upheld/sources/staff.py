"""What the HR list says about accounts: whose each is, and who reports to whom. Asked for by managers' rights."""

from dataclasses import dataclass

from django.db import transaction

from upheld import clock
from upheld.accounts.giving import subject
from upheld.accounts.models import Account, ReportingLine
from upheld.evidence.history import rows_at
from upheld.evidence.table import Row
from upheld.ledger.append import append
from upheld.ledger.entry import SYSTEM, Actor
from upheld.sources.frames import frame


@dataclass(frozen=True)
class Tied:
    """How many accounts are of a known person, how many are not, and how many people report to somebody."""

    tied: int
    untied: int
    lines: int


def tie(*, by: Actor = SYSTEM) -> Tied:
    """Tie each account without a person to the one whose address it has, and keep who reports to whom. Safe to call again.

    Done by itself whenever the HR list was read. Nothing is kept of anybody before the first account exists. An address that
    two people of the list share ties nobody; an account once tied stays so, whatever its address becomes.
    """
    if not Account.objects.exists():
        return Tied(0, 0, 0)
    people = _people()
    by_mail: dict[str, set[str]] = {}
    for row in people:
        if row["mail"] and row["ended_on"] is None:
            by_mail.setdefault(str(row["mail"]).strip().lower(), set()).add(str(row["id"]))
    lines = {str(row["id"]): str(row["manager_id"]) for row in people if row["manager_id"] and row["manager_id"] != row["id"]}
    with transaction.atomic():
        taken = set(Account.objects.filter(is_active=True).exclude(person="").values_list("person", flat=True))
        for account in Account.objects.filter(person="", is_active=True):
            found = by_mail.get(account.mail, set()) - taken
            if len(found) == 1:
                _tie(account, found.pop(), by)
        _keep(lines)
        known = Account.objects.filter(is_active=True)
        return Tied(known.exclude(person="").count(), known.filter(person="").count(), len(lines))


def _tie(account: Account, person: str, by: Actor) -> None:
    before = subject(account)
    account.person = person
    account.save(update_fields=["person"])
    append("account.tied", subject=subject(account), body={}, personal={"account": before[1]}, actor=by)


def _keep(lines: dict[str, str]) -> None:
    """Make the lines equal to `lines`, writing only what changed."""
    known = dict(ReportingLine.objects.values_list("person", "manager"))
    ReportingLine.objects.filter(person__in=[person for person in known if person not in lines]).delete()
    changed = [ReportingLine(person=person, manager=manager) for person, manager in lines.items() if known.get(person) != manager]
    ReportingLine.objects.bulk_create(changed, update_conflicts=True, unique_fields=["person"], update_fields=["manager"], batch_size=400)


def _people() -> list[Row]:
    now = clock.now()
    current = frame(now).files.get("people", ())
    found: list[Row] = []
    for source in sorted({file.source for file in current}):
        found += rows_at([file for file in current if file.source == source], "people", now)
    return found
