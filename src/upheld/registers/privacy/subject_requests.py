"""Actions on requests of data subjects: received, identity checked, extended, forwarded, executed, searched again, answered."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.checks.span import span
from upheld.due import by_law_months, weekends
from upheld.registers.owing import interval
from upheld.registers.privacy.keeping_models import DataSet, Right, StoreSearch, SubjectRequest
from upheld.registers.privacy.models import Contract, Customer
from upheld.registers.privacy.searched import lacking
from upheld.registers.rules import LEADS, STAFF, fill, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose

KEEPERS = (*LEADS, Role.OWNER)
MONTHS, EXTENDED = 1, 3


def _open(request: SubjectRequest) -> str:
    return "It is closed." if request.closed_at else ""


@action(by=STAFF, makes=SubjectRequest)
def receive_request(
    *,
    by: Person,
    right: Annotated[Right, "what is asked for"],
    principal: Annotated[Prose, "who they are, as far as they say"],
    what: Annotated[Prose, "what they ask, in their words"],
    owner: Annotated[PersonId, "who sees to it"],
    customer: Annotated[Customer | None, "whose data it is about, where we only process them"] = None,
    received_at: Annotated[datetime | None, "when it reached us; now if not given"] = None,
) -> SubjectRequest:
    """Take in what somebody asks about their data. It is due a month later by law, or as the customer's contract says."""
    when = not_ahead(received_at, "received_at")
    request = SubjectRequest(customer=customer, received_at=when, due_at=_due(customer, when))
    return keep(fill(request, right=right, principal=principal, what=what, owner=owner))


def _due(customer: Customer | None, received_at: datetime) -> datetime:
    if customer is None:  # Days off other than weekends would only make it later: by none is on the safe side.
        return by_law_months(received_at.date(), MONTHS, weekends)
    agreed = Contract.objects.filter(customer=customer).exclude(rights_within="").exclude(until_on__lt=received_at.date()).first()
    within = span(agreed.rights_within) if agreed else interval("privacy", "subject_help_within")
    return within.after(received_at)


@action(by=KEEPERS, when=lambda each: _open(each) or ("It was checked already." if each.identity_at else ""))
def check_identity(request: SubjectRequest, *, by: Person, how: Annotated[Line, "how you know that it is they"]) -> SubjectRequest:
    """Say how you know who sent `request`. Nothing is read or erased before that."""
    return keep(fill(request, identity=how, identity_at=clock.now()))


def _extendable(request: SubjectRequest) -> str:
    if request.customer is not None:
        return "This goes by the customer's contract, which cannot be extended."
    return _open(request) or ("It was extended already." if request.extended_at else "")


@action(by=LEADS, when=_extendable)
def extend_request(request: SubjectRequest, *, by: Person, why: Annotated[Prose, "why, as they are told"]) -> SubjectRequest:
    """Take two months more for `request`, once, having told them why within the first month (GDPR 12(3))."""
    if clock.now() >= request.due_at:
        raise Refused("The month is over; it can no longer be extended.")
    due_at = by_law_months(request.received_at.date(), EXTENDED, weekends)
    return keep(fill(request, extended_at=clock.now(), extended_why=why, due_at=due_at))


@action(by=KEEPERS, when=lambda each: _open(each) or ("" if each.customer_id else "There is no customer to pass it on to."))
def forward_request(
    request: SubjectRequest, *, by: Person, at: Annotated[datetime | None, "when; now if not given"] = None
) -> SubjectRequest:
    """Say that `request` was passed on to the customer whose data it is about, who answers it."""
    return keep(fill(request, forwarded_at=not_ahead(at)))


def _executable(request: SubjectRequest) -> str:
    if why := _open(request):
        return why
    if request.customer_id and not request.forwarded_at:
        return "Pass it on to the customer first: it decides."
    return "" if request.identity_at else "Check first who they are."


@action(by=KEEPERS, when=_executable)
def execute_request(request: SubjectRequest, *, by: Person) -> SubjectRequest:
    """Say that what `request` asks was done in every system. Each data set is then searched again."""
    return keep(fill(request, executed_at=clock.now(), executed_by=by.ref))


@action(by=KEEPERS, makes=StoreSearch, when=lambda each: "" if each.executed_at else "Do first what is asked.")
def search_for_request(
    request: SubjectRequest,
    *,
    by: Person,
    data_set: DataSet,
    found: Annotated[int, "how many rows of this person are there"],
    protocol: Annotated[Kept, "what the search printed"],
    fields: Annotated[list[Line], "which fields the package for them holds from there"] = [],  # noqa: B006  never changed
) -> StoreSearch:
    """Say what a search for the person of `request` found in a data set, after what they asked was done there."""
    if unknown := sorted(set(fields) - set(data_set.fields)):
        raise ill(fields=f"This data set does not declare {', '.join(unknown)}.")
    return keep(
        fill(StoreSearch(request=request, data_set=data_set), searched_at=clock.now(), found=found, fields=fields, protocol=protocol)
    )


@action(by=LEADS, when=_open)
def refuse_request(
    request: SubjectRequest, *, by: Person, why: Annotated[Prose, "on what ground, as they are told"], answer: Annotated[Kept, "the answer"]
) -> SubjectRequest:
    """Refuse `request`, saying why, and that they may complain (GDPR 12(4))."""
    return keep(fill(request, refused_why=why, answer=answer, closed_at=clock.now()))


@action(by=KEEPERS, when=_open)
def close_request(
    request: SubjectRequest, *, by: Person, answer: Annotated[Kept, "what they, or the customer, were told"]
) -> SubjectRequest:
    """Close `request`. Refused while a data set was not searched since, still finds them, or lacks a field in their package."""
    if not request.executed_at and not request.forwarded_at:
        raise Refused("Nothing was done yet: do what is asked, pass it on, or refuse it.")
    if request.executed_at and (why := lacking(request)):
        raise Refused(" ".join(why))
    return keep(fill(request, answer=answer, closed_at=clock.now()))
