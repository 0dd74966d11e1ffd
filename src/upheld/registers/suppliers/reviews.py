"""Actions by which a supplier is looked at again: reviews and audits with issues, and reports of others."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.files import Kept
from upheld.registers.rules import LEADS, fill, in_order, not_ahead
from upheld.registers.suppliers.looking_models import (
    Assurance,
    AssuranceKind,
    ReviewKind,
    ReviewOutcome,
    SupplierIssue,
    SupplierReview,
)
from upheld.registers.suppliers.models import Supplier
from upheld.registers.words import Line, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=SupplierReview)
def review_supplier(
    supplier: Supplier,
    *,
    by: Person,
    kind: Annotated[ReviewKind, "how it was looked at"],
    outcome: ReviewOutcome,
    note: Annotated[Prose, "what was looked at, and what was found"],
    report: Annotated[Kept | None, "the report"] = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> SupplierReview:
    """Say that you looked at `supplier` again, how, and what you found."""
    review = SupplierReview(supplier=supplier, person=by.ref, at=not_ahead(at))
    return keep(fill(review, kind=kind, outcome=outcome, note=note, report=report))


@action(by=KEEPERS, makes=SupplierIssue)
def raise_issue(review: SupplierReview, *, by: Person, what: Prose, due_on: date) -> SupplierIssue:
    """Say what the supplier has to put right after `review`, and by when."""
    in_order(review.at.date(), due_on, "due_on")
    return keep(fill(SupplierIssue(review=review), what=what, due_on=due_on))


@action(
    by=KEEPERS,
    apart_from=["raise-issue"],
    why_apart="an issue is settled by somebody else than who found it",
    when=lambda issue: "It is settled already." if issue.settled_at else "",
)
def settle_issue(issue: SupplierIssue, *, by: Person, how: Annotated[Prose, "what was done, and how you know"]) -> SupplierIssue:
    """Say that `issue` is put right."""
    return keep(fill(issue, settled_at=clock.now(), settled_by=by.ref, how=how))


@action(by=KEEPERS, makes=Assurance)
def add_assurance(
    supplier: Supplier,
    *,
    by: Person,
    kind: AssuranceKind,
    title: Line,
    from_on: Annotated[date, "the first day that it speaks of"],
    until_on: Annotated[date, "the last day on which it is good"],
    document: Annotated[Kept, "the certificate or report"],
) -> Assurance:
    """Add a certificate or report that somebody independent wrote about `supplier`. Somebody then has to read it."""
    in_order(from_on, until_on)
    return keep(fill(Assurance(supplier=supplier), kind=kind, title=title, from_on=from_on, until_on=until_on, document=document))


@action(by=KEEPERS, when=lambda assurance: "It was read already." if assurance.read_at else "")
def read_assurance(
    assurance: Assurance,
    *,
    by: Person,
    good: Annotated[bool, "whether it covers what we use, and its exceptions can be borne"],
    note: Annotated[Prose, "scope, exceptions, and what follows from them"],
) -> Assurance:
    """Say that you read `assurance`, and what you found."""
    return keep(fill(assurance, read_by=by.ref, read_at=clock.now(), good=good, note=note))
