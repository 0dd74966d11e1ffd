"""Actions on what customers instruct: enter, assess, tell the customer of one that seems to break the law, settle."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.notices.queueing import Told, mail
from upheld.registers.privacy.models import Customer
from upheld.registers.privacy.processing_models import Finding, Instruction, Outcome
from upheld.registers.rules import LEADS, all_known, fill, in_order, not_ahead
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=Instruction)
def enter_instruction(
    customer: Customer,
    *,
    by: Person,
    title: Line,
    what: Annotated[Prose, "what the customer wants done"],
    purpose: Annotated[Name, "a short name of what it is for, as logs call it"],
    data_categories: Annotated[list[Name], "the short names of the data categories"],
    document: Annotated[Kept, "the instruction as it came: a contract's annex, a mail"],
    from_on: date,
    until_on: Annotated[date | None, "the last day, where there is one"] = None,
    received_at: Annotated[datetime | None, "when it came; now if not given"] = None,
) -> Instruction:
    """Enter what `customer` instructs. It is not followed before somebody assessed it."""
    in_order(from_on, until_on)
    all_known("data_categories", data_categories, "DataCategory")
    if not data_categories:
        raise ill(data_categories="Name at least one.")
    said = {"title": title, "what": what, "purpose": purpose, "data_categories": data_categories, "document": document}
    when = not_ahead(received_at, "received_at")
    return keep(fill(Instruction(customer=customer), **said, from_on=from_on, until_on=until_on, received_at=when))


@action(by=LEADS, when=lambda instruction: "It was assessed already." if instruction.assessed_at else "")
def assess_instruction(
    instruction: Instruction, *, by: Person, finding: Finding, why: Annotated[Prose, "why it is, or which law it seems to break"]
) -> Instruction:
    """Say whether `instruction` may be followed. One that seems to break the law is suspended now, and the customer is told by mail.

    Where nobody knows the customer's address for notices, tell it otherwise and note that.
    """
    fill(instruction, finding=finding, why=why, assessed_at=clock.now(), assessed_by=by.ref)
    if finding is Finding.INFRINGING:
        instruction.suspended_at = clock.now()
        if address := instruction.customer.notice_address:
            instruction.message = mail(_letter(instruction), to=address).pk
    return keep(instruction)


def _letter(instruction: Instruction) -> Told:
    said = (
        f"In our opinion your instruction “{instruction.title}” infringes data protection law (GDPR 28(3)).",
        instruction.why,
        "We do not follow it until you withdraw, change or confirm it.",
    )
    return Told("customer.instruction", f"Your instruction “{instruction.title}” is suspended", "\n".join(said))


@action(by=KEEPERS, when=lambda instruction: "" if instruction.suspended_at else "Only one that seems to break the law is told.")
def note_instruction_notice(
    instruction: Instruction, *, by: Person, receipt: Annotated[Kept, "what proves that the customer knows"], at: datetime | None = None
) -> Instruction:
    """Say that the customer was told otherwise than by the mail that goes out by itself that `instruction` is suspended."""
    when = not_ahead(at)
    if instruction.suspended_at and when < instruction.suspended_at:
        raise ill(at="It cannot have been told before it was suspended.")
    return keep(fill(instruction, notified_at=when))


@action(by=LEADS, when=lambda each: "" if each.suspended_at and not each.settled_at else "It is not suspended.")
def settle_instruction(
    instruction: Instruction,
    *,
    by: Person,
    outcome: Annotated[Outcome, "what the customer decided"],
    document: Annotated[Kept, "what the customer wrote"],
) -> Instruction:
    """Say what became of `instruction`, which was suspended. One that was withdrawn ends; another is followed again."""
    if outcome is Outcome.WITHDRAWN:
        instruction.until_on = clock.now().date()
    return keep(fill(instruction, outcome=outcome, settled_at=clock.now(), document=document))


@action(by=KEEPERS, when=lambda instruction: "It ended already." if instruction.until_on else "")
def end_instruction(instruction: Instruction, *, by: Person, until_on: Annotated[date, "the last day"]) -> Instruction:
    """Say that `instruction` holds until a day."""
    in_order(instruction.from_on, until_on)
    return keep(fill(instruction, until_on=until_on))
