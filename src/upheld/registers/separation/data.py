"""Actions on test data: register a set, approve it, let it stay longer, say that it is erased."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.rules import LEADS, STAFF, all_known, fill, not_taken
from upheld.registers.separation.models import Origin, TestDataSet
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Until = Annotated[date, "the day after which it must be gone"]


def _there(test_data: TestDataSet) -> str:
    return "These data are erased." if test_data.erased_at else ""


@action(by=STAFF, makes=TestDataSet)
def register_test_data(
    *,
    by: Person,
    name: Name,
    title: Line,
    system: Annotated[Name, "the short name of the system that it is on"],
    origin: Annotated[Origin, "made up, or from real data: anonymised for good, or masked"],
    how: Annotated[Prose, "how it was made, and why nobody can be found in it"],
    owner: PersonId,
    expires_on: Until,
) -> TestDataSet:
    """Register data to test with. They may be used once somebody else has approved them."""
    not_taken(TestDataSet, name)
    all_known("system", [system], "System")
    _ahead(expires_on)
    made = TestDataSet(name=name, origin=origin, expires_on=expires_on)
    return keep(fill(made, title=title, system=system, how=how, owner=owner))


def _ahead(day: date) -> None:
    if day < clock.now().date():
        raise ill(expires_on="This day is over.")


@action(
    by=KEEPERS,
    apart_from=["register-test-data", "extend-test-data"],
    why_apart="nobody approves the test data that they brought",
    when=lambda test_data: _there(test_data) or ("They are approved already." if test_data.approved_at else ""),
)
def approve_test_data(test_data: TestDataSet, *, by: Person) -> TestDataSet:
    """Approve `test_data`: nobody can be found in them, and they are needed."""
    test_data.approved_at, test_data.approved_by = clock.now(), by.ref
    return keep(test_data)


@action(by=STAFF, when=_there)
def extend_test_data(test_data: TestDataSet, *, by: Person, expires_on: Until) -> TestDataSet:
    """Ask that `test_data` stay longer. It is approved anew."""
    _ahead(expires_on)
    test_data.expires_on, test_data.approved_at, test_data.approved_by = expires_on, None, ""
    return keep(test_data)


@action(by=STAFF, when=_there)
def erase_test_data(test_data: TestDataSet, *, by: Person) -> TestDataSet:
    """Say that `test_data` are erased."""
    test_data.erased_at = clock.now()
    return keep(test_data)
