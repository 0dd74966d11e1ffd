"""Actions on categories of data: enter, change, end."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.checks.span import Span
from upheld.registers.privacy.models import DataCategory
from upheld.registers.rules import LEADS, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

Retention = Annotated[Span | None, "how long such data are kept at most"]


@action(by=(*LEADS, Role.OWNER), makes=DataCategory)
def enter_data_category(
    *,
    by: Person,
    name: Name,
    title: Line,
    what: Annotated[Prose, "what belongs to it, with examples"],
    personal: Annotated[bool, "whether such data are about people"],
    of_customers: Annotated[bool, "whether customers entrust them to the company"],
    owner: PersonId,
    special: Annotated[bool, "whether they are of those in GDPR 9 or 10: health, faith, convictions ..."] = False,
    retention: Retention = None,
) -> DataCategory:
    """Enter a category of data that systems hold and contracts speak of."""
    not_taken(DataCategory, name)
    return keep(_said(DataCategory(name=name), title, what, personal, special, of_customers, owner, retention))


@action(by=(*LEADS, Role.OWNER), when=lambda category: "This category is used no more." if category.ended_at else "")
def change_data_category(
    category: DataCategory,
    *,
    by: Person,
    title: Line,
    what: Prose,
    personal: bool,
    of_customers: bool,
    owner: PersonId,
    special: bool = False,
    retention: Retention = None,
) -> DataCategory:
    """Say anew what `category` is."""
    return keep(_said(category, title, what, personal, special, of_customers, owner, retention))


@action(by=LEADS, when=lambda category: "It ended already." if category.ended_at else "")
def end_data_category(category: DataCategory, *, by: Person) -> DataCategory:
    """Say that there are no such data any more."""
    category.ended_at = clock.now()
    return keep(category)


def _said(
    category: DataCategory, title: str, what: str, personal: bool, special: bool, of_customers: bool, owner: str, retention: Span | None
) -> DataCategory:
    if special and not personal:
        raise ill(special="Only personal data are of a special category.")
    return fill(
        category,
        title=title,
        what=what,
        personal=personal,
        special=special,
        of_customers=of_customers,
        owner=owner,
        retention=retention,
    )
