"""Actions on sub-processors and transfers themselves: plan, change, start, carry a change out, end; and the list of destinations."""

from datetime import date
from typing import Annotated, Any, TypeVar

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Code
from upheld.registers.privacy.concerned import in_the_way, not_passed_on
from upheld.registers.privacy.models import Clause
from upheld.registers.privacy.sharing_models import Announcement, Basis, Destination, Shared, SubProcessor, Transfer
from upheld.registers.rules import LEADS, all_known, fill, in_order, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Owner = Annotated[PersonId, "who answers for it here"]
Purpose = Annotated[Prose, "what is done with the data there"]
Categories = Annotated[list[Name], "the short names of the data categories"]
Countries = Annotated[list[Name], "short codes of the countries where data are, or are seen from, as in de"]
Safeguards = Annotated[Prose | None, "what protects the data there, as in standard contractual clauses"]
Customers = Annotated[list[Name], "the short names of the customers whose data go there; none: all"]
Passed = Annotated[list[Clause], "what its terms pass on of what customers' contracts say"]
Terms = Annotated[Kept | None, "its signed terms"]
Country = Annotated[str, Code()]
AnyShared = TypeVar("AnyShared", bound=Shared)


def _not_over(shared: Shared) -> str:
    return "It ended already." if shared.ended_on else ""


def _planned(shared: Shared) -> str:
    return _not_over(shared) or ("It is in use already." if shared.started_on else "")


@action(by=KEEPERS, makes=SubProcessor)
def plan_subprocessor(
    *,
    by: Person,
    name: Name,
    title: Line,
    supplier: Annotated[Name, "the short name of the supplier"],
    owner: Owner,
    purpose: Purpose,
    data_categories: Categories,
    countries: Countries,
    safeguards: Safeguards = None,
    customers: Customers = [],  # noqa: B006  never changed
    flow_down: Passed = [],  # noqa: B006  never changed
    terms: Terms = None,
) -> SubProcessor:
    """Plan to let a supplier process customers' data. It is not used before customers were told, and its terms pass theirs on."""
    not_taken(SubProcessor, name)
    all_known("supplier", [supplier], "Supplier")
    given = {key: value for key, value in locals().items() if key not in ("by", "name")}
    return keep(_said(SubProcessor(name=name), **given))


@action(by=KEEPERS, when=_not_over)
def change_terms(subprocessor: SubProcessor, *, by: Person, flow_down: Passed, terms: Annotated[Kept, "its signed terms"]) -> SubProcessor:
    """Say anew what the terms of `subprocessor` pass on."""
    return keep(fill(subprocessor, flow_down=flow_down, terms=terms))


@action(by=KEEPERS, when=_planned)
def change_planned_subprocessor(
    subprocessor: SubProcessor,
    *,
    by: Person,
    title: Line,
    owner: Owner,
    purpose: Purpose,
    data_categories: Categories,
    countries: Countries,
    safeguards: Safeguards = None,
    customers: Customers = [],  # noqa: B006  never changed
) -> SubProcessor:
    """Say anew what is planned with `subprocessor`; refused once customers were told, since they were told something else."""
    _nobody_told(subprocessor)
    given = {key: value for key, value in locals().items() if key not in ("by", "subprocessor")}
    return keep(_said(subprocessor, **given))


@action(by=KEEPERS, when=_planned)
def start_subprocessor(subprocessor: SubProcessor, *, by: Person, from_on: date) -> SubProcessor:
    """Use `subprocessor` from a day on. Refused while a customer was not told long enough before, objects, or has not authorised it."""
    if not subprocessor.terms:
        raise Refused("Its signed terms are not kept; add them by changing its terms.")
    if lacking := not_passed_on(subprocessor, from_on):
        raise Refused(f"Its terms do not pass on what contracts with customers say: {', '.join(lacking)}.")
    return _started(subprocessor, from_on)


@action(by=KEEPERS, when=_not_over)
def end_subprocessor(subprocessor: SubProcessor, *, by: Person, ended_on: Annotated[date, "the last day"]) -> SubProcessor:
    """Say that `subprocessor` processes customers' data until a day."""
    return _ended(subprocessor, ended_on)


@action(by=KEEPERS, makes=Transfer)
def plan_transfer(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: Owner,
    recipient: Annotated[Line, "who gets the data there"],
    purpose: Purpose,
    data_categories: Categories,
    countries: Countries,
    basis: Annotated[Basis, "what lets the data go there (GDPR 45 to 49)"],
    safeguards: Safeguards = None,
    assessment: Annotated[Kept | None, "the assessment of the law there"] = None,
    customers: Customers = [],  # noqa: B006  never changed
) -> Transfer:
    """Plan to let personal data go to another jurisdiction. They do not before customers were told of it and its basis."""
    not_taken(Transfer, name)
    given = {key: value for key, value in locals().items() if key not in ("by", "name")}
    if basis in (Basis.CLAUSES, Basis.RULES) and assessment is None:
        raise ill(assessment="On this basis, the law of the country is assessed first; add the assessment.")
    return keep(_said(Transfer(name=name), **given))


@action(by=KEEPERS, when=_planned)
def start_transfer(transfer: Transfer, *, by: Person, from_on: date) -> Transfer:
    """Let data go by `transfer` from a day on. Refused while a customer was not told long enough before, or objects."""
    return _started(transfer, from_on)


@action(by=KEEPERS, when=_not_over)
def end_transfer(transfer: Transfer, *, by: Person, ended_on: Annotated[date, "the last day"]) -> Transfer:
    """Say that data go by `transfer` until a day."""
    return _ended(transfer, ended_on)


@action(by=KEEPERS, when=lambda announcement: "It is done, or was dropped." if announcement.done_on or announcement.dropped_at else "")
def carry_out(announcement: Announcement, *, by: Person, from_on: date) -> Announcement:
    """Carry out the change that customers were told of by `announcement`, under the same conditions as a start."""
    if announcement.shared.started_on is None:
        raise Refused("This is not in use yet; start it.")
    _has_come(from_on)
    _refuse(in_the_way(announcement, from_on))
    if announcement.transfer and announcement.basis:
        keep(fill(announcement.transfer, basis=announcement.basis))
    return keep(fill(announcement, done_on=from_on))


@action(by=LEADS, makes=Destination)
def publish_destination(
    *,
    by: Person,
    country: Annotated[Country, "a short code, as in de"],
    why: Annotated[Prose, "what goes there, and why"],
    organisation: Annotated[Line | None, "who gets it there; any if not given"] = None,
) -> Destination:
    """Put a country, or an organisation there, on the published list of where personal data may go."""
    if Destination.objects.filter(country=country, organisation=organisation or "", ended_at=None).exists():
        raise ill(country="This is on the list already.")
    return keep(fill(Destination(country=country), organisation=organisation, why=why, published_at=clock.now()))


@action(by=LEADS, when=lambda destination: "It was taken off already." if destination.ended_at else "")
def withdraw_destination(destination: Destination, *, by: Person) -> Destination:
    """Take `destination` off the published list: nothing goes there any more."""
    return keep(fill(destination, ended_at=clock.now()))


def _said(shared: AnyShared, **given: Any) -> AnyShared:
    all_known("data_categories", given["data_categories"], "DataCategory")
    all_known("customers", given["customers"], "Customer")
    for needed in ("data_categories", "countries"):
        if not given[needed]:
            raise ill(**{needed: "Name at least one."})
    return fill(shared, **given)


def _nobody_told(shared: Shared) -> None:
    if shared.announcements.filter(dropped_at=None).exists():  # type: ignore[attr-defined]
        raise Refused("Customers were told of this; drop the announcement first, and announce it anew.")


def _started(shared: AnyShared, from_on: date) -> AnyShared:
    _has_come(from_on)
    announcement = shared.announcements.filter(dropped_at=None, done_on=None).first()  # type: ignore[attr-defined]
    if announcement is None:
        raise Refused("It was not announced to customers; do that first, even if all their contracts name it.")
    if from_on < announcement.planned_on:
        raise ill(from_on=f"Customers were told of {announcement.planned_on}; not before that.")
    _refuse(in_the_way(announcement, from_on))
    keep(fill(announcement, done_on=from_on))
    return keep(fill(shared, started_on=from_on))


def _has_come(day: date) -> None:
    if day > clock.now().date():
        raise ill(from_on="This day lies ahead. Start it on that day: a customer may still object.")


def _refuse(why: list[str]) -> None:
    if why:
        raise Refused(" ".join(why))


def _ended(shared: AnyShared, ended_on: date) -> AnyShared:
    in_order(shared.started_on or ended_on, ended_on, "ended_on")
    return keep(fill(shared, ended_on=ended_on))
