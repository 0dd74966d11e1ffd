"""Actions on requirements and agreements: what must be agreed with which class of supplier, and what was."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.checks.span import Span
from upheld.registers.rules import LEADS, all_known, fill, in_order, not_taken
from upheld.registers.suppliers.models import Agreement, Requirement, Supplier, Tier
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Tiers = Annotated[list[Tier], "which risk classes it is required of"]
Contained = Annotated[list[Name], "the short names of the requirements that it contains"]
Recovery = Annotated[Span | None, "how soon the service is back at the latest"]
Warning = Annotated[Span | None, "how long before a change of the service we are told"]
Breach = Annotated[Span | None, "how soon we are told of a breach"]
Notice = Annotated[Span | None, "how long before its end it can be ended"]


@action(by=LEADS, makes=Requirement)
def set_requirement(
    *,
    by: Person,
    name: Name,
    title: Line,
    text: Annotated[Prose, "the clause as it should stand in an agreement"],
    tiers: Tiers,
    supply_chain: Annotated[bool, "whether it is about the supplier's own suppliers"] = False,
) -> Requirement:
    """Say what agreements with suppliers of some risk classes must contain, from now on."""
    not_taken(Requirement, name)
    return keep(fill(Requirement(name=name), title=title, text=text, tiers=tiers, supply_chain=supply_chain))


@action(by=LEADS, when=lambda requirement: "It is no longer required." if requirement.ended_at else "")
def change_requirement(requirement: Requirement, *, by: Person, title: Line, text: Prose, tiers: Tiers, supply_chain: bool) -> Requirement:
    """Say anew what `requirement` is, and of whom it is required."""
    return keep(fill(requirement, title=title, text=text, tiers=tiers, supply_chain=supply_chain))


@action(by=LEADS, when=lambda requirement: "It is no longer required." if requirement.ended_at else "")
def drop_requirement(requirement: Requirement, *, by: Person, why: Prose) -> Requirement:
    """Say that `requirement` is required no longer, and why."""
    return keep(fill(requirement, ended_at=clock.now(), text=f"{requirement.text}\n\nNo longer required: {why}"))


@action(by=KEEPERS, makes=Agreement)
def enter_agreement(
    supplier: Supplier,
    *,
    by: Person,
    title: Line,
    signed_on: date,
    from_on: date,
    document: Annotated[Kept, "the signed text"],
    requirements: Contained = [],  # noqa: B006  never changed
    until_on: Annotated[date | None, "the last day, where one was agreed"] = None,
    recovery_time: Recovery = None,
    change_notice: Warning = None,
    breach_notice: Breach = None,
    notice_period: Notice = None,
) -> Agreement:
    """Enter the signed agreement with `supplier`. Somebody else then checks it against the text; it counts from then on."""
    in_order(from_on, until_on)
    if signed_on > clock.now().date():
        raise ill(signed_on="This day lies ahead; enter an agreement when it is signed.")
    all_known("requirements", requirements, "Requirement")
    said = {"title": title, "signed_on": signed_on, "from_on": from_on, "until_on": until_on, "document": document}
    spans = {"recovery_time": recovery_time, "change_notice": change_notice, "breach_notice": breach_notice, "notice_period": notice_period}
    return keep(fill(Agreement(supplier=supplier, requirements=requirements), **said, **spans))


@action(
    by=KEEPERS,
    apart_from=["enter-agreement"],
    why_apart="what was entered is checked by somebody else",
    when=lambda agreement: "It was checked already." if agreement.checked_at else "",
)
def check_agreement(agreement: Agreement, *, by: Person) -> Agreement:
    """Say that you held what was entered of `agreement` against the signed text, and that it contains what is said."""
    return keep(fill(agreement, checked_by=by.ref, checked_at=clock.now()))


@action(by=KEEPERS)
def end_agreement(agreement: Agreement, *, by: Person, until_on: Annotated[date, "the last day"]) -> Agreement:
    """Say that `agreement` ends after a day."""
    in_order(agreement.from_on, until_on)
    agreement.until_on = until_on
    return keep(agreement)


def missing(supplier: Supplier, day: date) -> list[str]:
    """Return what agreements with `supplier` that are checked and in force on `day` lack of what its class requires."""
    running = [each for each in supplier.agreements.exclude(checked_at=None) if each.from_on <= day and (each.until_on or day) >= day]
    if not running:
        return ["anything at all"]
    contained = {name for each in running for name in each.requirements}
    wanted = [each for each in Requirement.objects.filter(ended_at=None) if supplier.tier in each.tiers]
    return [each.title for each in wanted if each.name not in contained]
