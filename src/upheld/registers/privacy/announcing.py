"""Actions by which customers are told of sub-processors and transfers before they start: announce, prove delivery, send again, drop."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.notices.queueing import Told, mail
from upheld.registers.privacy.concerned import contracts, earliest, named_in, period
from upheld.registers.privacy.models import Authorisation, Contract, Customer, NoticeMode
from upheld.registers.privacy.sharing_models import Announcement, Basis, Changes, CustomerNotice, Shared, SubProcessor, Transfer
from upheld.registers.rules import LEADS, fill, not_ahead
from upheld.registers.words import Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Planned = Annotated[date, "from which day on"]
What = Annotated[Prose, "what is new, in words for customers"]
When = Annotated[datetime | None, "when; now if not given"]


def _not_over(shared: Shared) -> str:
    return "It ended already." if shared.ended_on else ""


@action(by=KEEPERS, makes=Announcement, when=_not_over)
def announce_subprocessor(subprocessor: SubProcessor, *, by: Person, change: Changes, what: What, planned_on: Planned) -> Announcement:
    """Tell every customer concerned of `subprocessor`, or of a change to it, as its contract says and as long before.

    Refused where the day comes too soon for one of them, or a contract lets nobody else process the customer's data.
    """
    return _announced(Announcement(subprocessor=subprocessor), by, change, what, planned_on)


@action(by=KEEPERS, makes=Announcement, when=_not_over)
def announce_transfer(
    transfer: Transfer,
    *,
    by: Person,
    change: Changes,
    what: What,
    planned_on: Planned,
    basis: Annotated[Basis | None, "what it shall rest on from then on, where that changes"] = None,
) -> Announcement:
    """Tell every customer concerned of `transfer`, or of a change of its basis, as its contract says and as long before."""
    return _announced(Announcement(transfer=transfer, basis=str(basis or transfer.basis)), by, change, what, planned_on)


def _announced(announcement: Announcement, by: Person, change: Changes, what: str, planned_on: date) -> Announcement:
    shared, now = announcement.shared, clock.now()
    if (change is Changes.CHANGE) != (shared.started_on is not None):
        raise ill(change="What is in use can change, and what is not yet is an addition or a replacement.")
    concerned = contracts(shared, planned_on)
    if isinstance(shared, SubProcessor):
        _none_forbids(concerned)
    tell = {each.customer_id: each for each in concerned if change is Changes.CHANGE or not named_in(each, shared)}
    for contract in tell.values():
        _reachable(shared, contract, planned_on)
    keep(fill(announcement, owner=shared.owner, change=change, what=what, at=now, planned_on=planned_on))
    for contract in tell.values():
        _tell(announcement, contract)
    return announcement


def _none_forbids(concerned: list[Contract]) -> None:
    if those := sorted({str(each.customer) for each in concerned if each.authorisation == Authorisation.NONE}):
        raise Refused(f"Contracts let nobody else process the data of {', '.join(those)}: leave these customers out, or agree otherwise.")


def _reachable(shared: Shared, contract: Contract, planned_on: date) -> None:
    who = contract.customer
    if contract.notice_mode == NoticeMode.MAIL and not who.notice_address:
        raise Refused(f"{who} is to be told by mail, and nobody knows its address for notices; change the customer first.")
    ahead = period(shared, contract)
    if (first := earliest(clock.now(), ahead)) > planned_on:
        raise ill(planned_on=f"{who} must be told {ahead} before: this cannot be before {first}.")


def _tell(announcement: Announcement, contract: Contract) -> CustomerNotice:
    ahead = str(period(announcement.shared, contract))
    notice = CustomerNotice(announcement=announcement, customer=contract.customer)
    return _send(fill(notice, mode=contract.notice_mode, period=ahead))


def _send(notice: CustomerNotice) -> CustomerNotice:
    notice.at, notice.bounced_at, notice.bounce, notice.message = clock.now(), None, "", ""
    said = letter(notice)
    notice.told = f"{said.title}\n{said.text}"
    if notice.mode == NoticeMode.MAIL:
        notice.message = mail(said, to=notice.customer.notice_address).pk
    return keep(notice)


def letter(notice: CustomerNotice) -> Told:
    """Return what a customer is told: who, what for, which data, where, under which safeguards, from when on, and how to object."""
    announcement, shared = notice.announcement, notice.announcement.shared
    said = (
        announcement.what,
        f"Who: {shared.recipient if isinstance(shared, Transfer) else shared.title}",
        f"What for: {shared.purpose}",
        f"Which data: {', '.join(shared.data_categories)}",
        f"Where: {', '.join(shared.countries)}",
        f"Safeguards: {shared.safeguards or 'none needed'}" + (f" ({announcement.basis})" if announcement.basis else ""),
        f"From: {announcement.planned_on}",
        f"You are told {notice.period} before, as your contract says, and can object until then; nothing starts while you do.",
    )
    return Told(f"customer.{shared.kind}", f"{shared.title}: {announcement.change} from {announcement.planned_on}", "\n".join(said))


@action(by=KEEPERS, when=lambda notice: "" if notice.mode == NoticeMode.LETTER else "This customer is told otherwise than by letter.")
def note_receipt(
    notice: CustomerNotice, *, by: Person, receipt: Annotated[Kept, "the proof of delivery"], at: When = None
) -> CustomerNotice:
    """Say that the letter of `notice` arrived, with what proves it."""
    when = not_ahead(at)
    if when < notice.at:
        raise ill(at="It cannot have arrived before it was written.")
    return keep(fill(notice, received_at=when, receipt=receipt))


@action(by=(*LEADS, Role.CUSTOMER), when=lambda notice: "It was acknowledged already." if notice.received_at else "")
def acknowledge_notice(notice: CustomerNotice, *, by: Person) -> CustomerNotice:
    """Say, for the customer, that you read `notice`. Our own people cannot say it for a customer."""
    _only_the_customer(by, notice.customer, "acknowledge this")
    return keep(fill(notice, received_at=clock.now()))


def speaks_for(by: Person, customer: Customer) -> bool:
    """Whether `by` is here for `customer`."""
    return any(held.role is Role.CUSTOMER and held.over == ("customer", customer.name) for held in by.held)


def _only_the_customer(by: Person, customer: Customer, what: str) -> None:
    if not speaks_for(by, customer):
        raise Refused(f"Only somebody of {customer} can {what}.")


@action(by=KEEPERS, when=lambda notice: "It came back already." if notice.bounced_at else "")
def note_bounce(
    notice: CustomerNotice, *, by: Person, why: Annotated[Prose, "what the mail that came back says"], at: When = None
) -> CustomerNotice:
    """Say that the mail of `notice` came back: nobody was told by it, and its period has not begun."""
    if notice.mode != NoticeMode.MAIL:
        raise Refused("Only a mail can come back.")
    return keep(fill(notice, bounced_at=not_ahead(at), bounce=why))


@action(by=KEEPERS, when=lambda notice: "The customer knows already." if notice.received_at else "")
def send_again(notice: CustomerNotice, *, by: Person) -> CustomerNotice:
    """Send `notice` again, as the customer's contract and address are now; its period counts from then on."""
    if notice.mode == NoticeMode.MAIL and not notice.customer.notice_address:
        raise Refused("Nobody knows the customer's address for notices; change the customer first.")
    return _send(notice)


@action(by=(*LEADS, Role.OWNER, Role.CUSTOMER), when=lambda notice: "It is authorised already." if notice.authorised_at else "")
def authorise_notice(
    notice: CustomerNotice,
    *,
    by: Person,
    letter: Annotated[Kept | None, "what the customer signed; needed unless you are the customer"] = None,
) -> CustomerNotice:
    """Say that the customer authorises what `notice` tells of, where its contract demands that."""
    if letter is None:
        _only_the_customer(by, notice.customer, "authorise this without a letter")
    return keep(fill(notice, authorised_at=clock.now(), authorisation=letter))


@action(by=KEEPERS, when=lambda announcement: "It is done, or was dropped." if announcement.done_on or announcement.dropped_at else "")
def drop_announcement(announcement: Announcement, *, by: Person) -> Announcement:
    """Say that what was announced will not come."""
    return keep(fill(announcement, dropped_at=clock.now()))
