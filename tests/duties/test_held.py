"""Occurrences held against the ledger: what was done to their rows behind the product's back is found, and nothing else is."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from tests.duties.test_occurrences import contact, look
from tests.world import account, person

from upheld import clock
from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.duties.held import reseal
from upheld.duties.models import Occurrence
from upheld.erasure.acting import CLI
from upheld.registers.governance.contacts import end_contact, verify_contact
from upheld.registers.governance.models import Contact
from upheld.registers.recorded import register_states

DELETED = "an occurrence was deleted, added or ended behind the product's back"
CHANGED = "an occurrence was changed behind the product's back"


def deviating() -> list[str | None]:
    rows = [row for row in register_states() if str(row["id"]).startswith("duties.occurrence")]
    assert rows[0]["as_recorded"] is (len(rows) == 1)
    return [str(row["detail"]) for row in rows[1:]]


@pytest.fixture
def three(ledger: object, noon: datetime) -> list[Occurrence]:
    """One occurrence that was done, one that was withdrawn, one that is owed."""
    lea: Account = account("lea", Role.SECURITY_LEAD)
    first = contact(lea)
    look()
    with clock.at(noon + timedelta(days=1)):
        verify_contact(first, by=person(lea))
        look()
    with clock.at(noon + timedelta(days=400)):
        look()
        end_contact(Contact.objects.get(), by=person(lea))
    with clock.at(noon + timedelta(days=800)):
        look()
    return list(Occurrence.objects.order_by("pk"))


def test_what_was_done_to_the_rows_is_found(three: list[Occurrence]) -> None:
    assert {each.state for each in three} == {"done", "withdrawn"}
    assert deviating() == []  # and while it is waited for what opened and what ended
    done, withdrawn = three[0], three[-1]
    for sabotage, said in (
        ({"cycle": "another"}, [CHANGED, CHANGED]),
        ({"ended_by": "P-eve"}, [CHANGED]),
        ({"ended_at": done.opened_at}, [CHANGED]),
        ({"state": "open", "ended_at": None}, [DELETED]),
        ({"salt": "no hexadecimal"}, [CHANGED, CHANGED]),
        ({"ended_entry": withdrawn.ended_entry}, [DELETED, DELETED]),
        ({"opened_entry": "nothing"}, [DELETED, "occurrences were opened or ended behind the product's back"]),
    ):
        with transaction.atomic():
            Occurrence.objects.filter(pk=done.pk).update(**sabotage)
            assert deviating() == said, sabotage
            transaction.set_rollback(True)
    Occurrence.objects.filter(pk=withdrawn.pk).delete()
    assert set(deviating()) == {DELETED}


def test_whom_a_row_names_may_be_erased_and_it_is_held_all_the_same(three: list[Occurrence]) -> None:
    done, withdrawn = three[0], three[-1]
    gone, salt = "erased-0123456789ab", done.salt
    with transaction.atomic():  # without an entry it is a change like any other
        Occurrence.objects.filter(pk=done.pk).update(ended_by=gone)
        assert deviating() == [CHANGED]
        transaction.set_rollback(True)
    with transaction.atomic():
        reseal({done.pk: {"ended_by": gone}, withdrawn.pk: {"about": "of somebody"}}, CLI)
    done.refresh_from_db()
    assert (done.ended_by, done.salt == salt, deviating()) == (gone, False, [])
    with transaction.atomic():
        Occurrence.objects.filter(pk=done.pk).update(ended_at=done.opened_at)
        assert deviating() == [CHANGED]
        reseal({done.pk: {"ended_by": "erased-ba9876543210"}}, CLI)
        assert deviating() == [CHANGED]  # what did not hold before is not made right by an erasure
        transaction.set_rollback(True)
    Occurrence.objects.filter(pk=done.pk).delete()
    assert set(deviating()) == {DELETED}
