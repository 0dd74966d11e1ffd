"""Actions on reviews of rights: opening a campaign, deciding about its items, handing items over, finishing it."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Annotated

from django.db.models import QuerySet

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.registers.authorization.kinds import Decision, ReviewKind
from upheld.registers.authorization.populating import last_before, population
from upheld.registers.authorization.review_models import AccessReview, ReviewDecision, ReviewHandover, ReviewItem
from upheld.registers.inserting import insert
from upheld.registers.ordering import Wanted, ask, taking
from upheld.registers.rules import LEADS, STAFF, all_known
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose


def _runs(review: AccessReview) -> str:
    return "It is finished." if review.finished_at else ""


@action(by=(*LEADS, Role.OWNER), makes=AccessReview)
def open_review(
    *,
    by: Person,
    title: Line,
    kind: Annotated[
        ReviewKind,
        "system, owner and manager say who decides; unused is about accounts that nobody uses, changed about what is new or has new flags "
        "since the system's last review, exit about all that one person has",
    ],
    due_on: date,
    system: Annotated[str | None, Text(60), "the system's short name; all systems if not given"] = None,
    person: Annotated[PersonId | None, "who leaves, in an exit review"] = None,
) -> AccessReview:
    """Open a review: the rights that there are now are frozen, each with who decides about it and what is to be looked at twice."""
    if due_on < clock.now().date():
        raise ill(due_on="This day is past.")
    _refuse_ill_kind(kind, system, person)
    now, digest = clock.now(), sha256()
    items = list(population(kind, system or "", now, by.ref, person or ""))
    if not items and kind not in (ReviewKind.UNUSED, ReviewKind.CHANGED):
        raise Refused("No source tells of any rights there; read the sources first.")
    for item in items:
        item.digest = item.sealed()
        digest.update(item.digest.encode())
    said = {"title": title, "kind": kind, "system": system or "", "person": person or "", "due_on": due_on}
    review = keep(AccessReview(opened_by=by.ref, opened_at=now, size=len(items), digest=digest.hexdigest(), **said))
    for item in items:
        item.review = review
    insert(items, ReviewItem)
    return review


def _refuse_ill_kind(kind: ReviewKind, system: str | None, person: str | None) -> None:
    if system is None and kind in (ReviewKind.SYSTEM, ReviewKind.CHANGED):
        raise ill(system="Name the system that is reviewed.")
    if system is not None:
        all_known("system", [system], "System")
    if (person is None) == (kind == ReviewKind.EXIT):
        raise ill(person="Name who leaves." if person is None else "Only an exit review is about one person.")
    if kind == ReviewKind.CHANGED and last_before(kind, system or "") is None:
        raise Refused("Nobody reviewed all of this system yet, so that nothing can be said to be new: open a review of the system.")


@action(by=STAFF, makes=ReviewDecision, when=_runs)
def decide_items(
    access_review: AccessReview,
    *,
    by: Person,
    numbers: Annotated[list[Annotated[int, Number(1)]], "the numbers of the items"],
    decision: Decision,
    reason: Annotated[Prose | None, "why; needed to keep what is to be looked at twice"] = None,
) -> ReviewDecision:
    """Decide about items of `access_review` that are with you, never about your own access. Only routine ones are kept together."""
    items = list(access_review.items_of.filter(number__in=numbers))
    if len(items) < len(numbers) or not items:
        raise ill(numbers="There are no such items in this review.")
    _refuse_others(items, by)
    if decision == Decision.KEEP:
        _refuse_careless(items, reason or "")
    earlier = {each.number: each for each in access_review.decisions.filter(number__in=numbers)}
    made = (earlier.get(item.number) or ReviewDecision(review=access_review, number=item.number) for item in items)
    return [_decide(each, by, decision, reason or "") for each in made][-1]


def _refuse_others(items: Iterable[ReviewItem], by: Person) -> None:
    for item in items:
        if item.person and item.person == by.ref:
            raise NotAllowed("Nobody decides about their own access; hand this item over.")
        if item.reviewer != by.ref:
            raise NotAllowed(f"Item {item.number} is with somebody else.")


def _refuse_careless(items: list[ReviewItem], reason: str) -> None:
    if len(items) > 1 and not all(item.routine for item in items):
        raise ill(numbers="Only what is of low risk, was kept last time and has no flag is kept together; look at the others one by one.")
    if items[0].flags and not reason:
        raise ill(reason=f"Say why it is kept: {', '.join(items[0].flags)}.")


def _decide(found: ReviewDecision, by: Person, decision: Decision, reason: str) -> ReviewDecision:
    found.decision, found.reason, found.decided_by, found.decided_at = decision, reason, by.ref, clock.now()
    return keep(found)


@action(by=STAFF, makes=ReviewHandover, when=_runs)
def hand_over_items(access_review: AccessReview, *, by: Person, to: PersonId, why: Prose) -> ReviewHandover:
    """Give what you have not decided of `access_review` to somebody else. Who leads may give what is with anybody who left it lying."""
    if to == by.ref:
        raise ill(to="These are yours already.")
    open_ones = undecided(access_review).filter(reviewer=by.ref).exclude(person=to)
    moved = open_ones.update(reviewer=to)
    if not moved:
        raise Refused("Nothing undecided is with you, or all of it is about the access of whom you named.")
    return keep(ReviewHandover(review=access_review, given_by=by.ref, given_to=to, size=moved, why=why, at=clock.now()))


@action(by=LEADS, makes=ReviewHandover, when=_runs)
def reassign_items(access_review: AccessReview, *, by: Person, whose: PersonId, to: PersonId, why: Prose) -> ReviewHandover:
    """Give what somebody has not decided of `access_review` to somebody else."""
    moved = undecided(access_review).filter(reviewer=whose).exclude(person=to).update(reviewer=to)
    if not moved:
        raise Refused("Nothing undecided is with that person, or all of it is about the access of whom you named.")
    return keep(ReviewHandover(review=access_review, given_by=whose, given_to=to, size=moved, why=why, at=clock.now()))


@action(by=(*LEADS, Role.OWNER), when=_runs)
def finish_review(access_review: AccessReview, *, by: Person) -> AccessReview:
    """Finish `access_review` once everything is decided: what was revoked is taken away on its system, by us or by hand."""
    if left := undecided(access_review).count():
        raise Refused(f"{left:,} items are not decided yet.")
    return finish(access_review, by)


def finish(review: AccessReview, by: Person) -> AccessReview:
    """Finish `review`, of which all is decided, within an action: what was revoked is ordered to be taken away."""
    review.finished_by, review.finished_at = by.ref, clock.now()
    keep(review)
    _take_away(review, by)
    return review


@action(by=(*LEADS, Role.OWNER), when=lambda review: "" if review.finished_at else "It is not finished yet.")
def carry_out_review(access_review: AccessReview, *, by: Person) -> AccessReview:
    """Try again to take away what `access_review` decided to revoke and a source refused to take."""
    if not _take_away(access_review, by):
        raise Refused("Nothing that was revoked is on a source that can take it away; do it by hand, it is looked for on the system.")
    return keep(access_review)


def _take_away(review: AccessReview, by: Person) -> int:
    """Order what `review` revoked from the sources that can; return how much that is."""
    revoked = review.decisions.filter(decision=Decision.REVOKE).values("number")
    # What is held through a group is taken away with the group; there is nothing of its own to order.
    gone = review.items_of.filter(number__in=revoked, via="directly")
    return sum(ask(_wanted(item), by) for item in gone)


def _wanted(item: ReviewItem) -> Wanted:
    review = item.review_id
    key, reason = f"access-review/{review}/{item.number}", f"access-review:{review}"
    return Wanted(item.told_by, taking(item.account, item.entitlement, item.group), key, reason, item.person)


def undecided(review: AccessReview) -> QuerySet[ReviewItem]:
    """Return the items of `review` that nobody decided about."""
    return review.items_of.exclude(number__in=review.decisions.values("number"))
