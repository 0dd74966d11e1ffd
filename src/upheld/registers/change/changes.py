"""Actions on changes: propose, review the design, approve by somebody else, end; and tell what was deployed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Code, Text
from upheld.registers.change.models import Change, ChangeKind, ChangeState, Deployment, DesignReview
from upheld.registers.operations.models import Environment
from upheld.registers.rules import LEADS, STAFF, all_known, fill, not_ahead, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

DECIDERS = (*LEADS, Role.OWNER, Role.MANAGER)
Packages = Annotated[list[Annotated[str, Text(200)]], "what it installs, by package name; nothing for whatever the change needs"]
OPEN = (ChangeState.PROPOSED, ChangeState.APPROVED)


def in_state(*states: ChangeState) -> Callable[[Change], str]:
    """Return what says why a change that is in none of `states` will not do."""
    return lambda change: "" if change.state in states else f"This change is {change.state}, not {' or '.join(states)}."


@action(by=STAFF, makes=Change)
def propose_change(
    *,
    by: Person,
    name: Annotated[Name, "a short name, as commits, deployments and tickets call it: shop-417"],
    title: Line,
    kind: Annotated[ChangeKind, "normal; standard: recurs, and is approved once; emergency: approved afterwards"],
    what: Annotated[Prose, "what is changed, and why"],
    systems: Annotated[list[Name], "the short names of the systems that it changes"],
    from_at: Annotated[datetime, "when it begins"],
    until_at: Annotated[datetime, "when it has ended"],
    back_out: Annotated[Prose, "how it is undone if it goes wrong"],
    personal_data: Annotated[bool, "whether it touches personal data: collects, shows, moves or keeps any in another way"],
    carried_out_by: Annotated[list[PersonId], "who carries it out"] = [],  # noqa: B006  never changed
    unattended: Annotated[bool, "whether a program carries it out by itself, as automatic updates do"] = False,
    packages: Packages = [],  # noqa: B006  never changed
) -> Change:
    """Propose a change of systems. Somebody else approves it; what touches personal data has its design reviewed first."""
    not_taken(Change, name)
    if not systems:
        raise ill(systems="Say which systems it changes.")
    all_known("systems", systems, "System")
    if until_at < from_at:
        raise ill(until_at="It would have ended before it begins.")
    if not carried_out_by and not unattended:
        raise ill(carried_out_by="Say who carries it out, or that a program does.")
    given = {key: value for key, value in locals().items() if key != "by"}
    return keep(fill(Change(requested_by=by.ref, asked_at=clock.now(), state=ChangeState.PROPOSED), **given))


@action(
    by=STAFF,
    makes=DesignReview,
    apart_from=["propose-change"],
    why_apart="a design is reviewed by somebody who did not make it",
    when=in_state(*OPEN),
)
def review_design(
    change: Change,
    *,
    by: Person,
    as_little_as_needed: Annotated[bool, "whether it collects and shows no more than its purpose needs"],
    private_by_default: Annotated[bool, "whether it protects people who set nothing"],
    erased_in_time: Annotated[bool, "whether what it keeps is found, exported and erased as promised"],
    said: Annotated[Prose, "what you looked at, and what has to become otherwise"],
) -> DesignReview:
    """Say whether the design of `change` protects personal data by design and by default. It passes where all three are so."""
    passed = as_little_as_needed and private_by_default and erased_in_time
    answers = {"as_little_as_needed": as_little_as_needed, "private_by_default": private_by_default, "erased_in_time": erased_in_time}
    return keep(DesignReview(change=change, person=by.ref, at=clock.now(), passed=passed, said=said, **answers))


@action(
    by=DECIDERS,
    apart_from=["propose-change"],
    why_apart="a change is approved by somebody who did not propose it",
    when=in_state(ChangeState.PROPOSED),
)
def approve_change(
    change: Change, *, by: Person, reason: Annotated[Prose | None, "what was looked at, and on what conditions"] = None
) -> Change:
    """Approve `change`. One that touches personal data needs a privacy design review that passed first."""
    if change.kind != ChangeKind.EMERGENCY and change.until_at < clock.now():
        raise Refused("Its time is over; propose it anew, or as an emergency where it could not wait.")
    newest = change.design_reviews.first()
    if change.personal_data and (newest is None or not newest.passed):
        raise Refused("It touches personal data, and its design was not reviewed, or did not pass: review it first.")
    return keep(_decided(change, ChangeState.APPROVED, by, reason))


@action(by=DECIDERS, apart_from=["propose-change"], when=in_state(ChangeState.PROPOSED))
def refuse_change(change: Change, *, by: Person, reason: Annotated[Prose, "why not, and what would have to be otherwise"]) -> Change:
    """Refuse `change`: it is not carried out."""
    return keep(_decided(change, ChangeState.REFUSED, by, reason))


@action(by=STAFF, when=in_state(*OPEN))
def withdraw_change(change: Change, *, by: Person, reason: Annotated[Prose, "why it is not needed any more"]) -> Change:
    """Give `change` up; what is done by its name from now on is not approved."""
    return keep(fill(change, state=ChangeState.WITHDRAWN, outcome=reason, ended_at=clock.now()))


@action(by=STAFF, when=in_state(ChangeState.APPROVED))
def end_change(change: Change, *, by: Person, outcome: Annotated[Prose, "how it went, and whether it was undone"]) -> Change:
    """Say that `change` was carried out, and how it went."""
    return keep(fill(change, state=ChangeState.DONE, outcome=outcome, ended_at=clock.now()))


@action(by=STAFF, makes=Deployment)
def record_deployment(
    *,
    by: Person,
    system: Annotated[Name, "the short name of the system on which something was put into operation"],
    release: Annotated[Line | None, "what was deployed, as repository and tag: shop/v2.1"] = None,
    change: Annotated[Annotated[str, Code()] | None, "the short name of the change that it belongs to"] = None,
    environment: Annotated[Environment, "where it was deployed to"] = Environment.PRODUCTION,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> Deployment:
    """Tell that something was put into operation: pipelines use the API. Without an approved change it shows as a break."""
    all_known("system", [system], "System")
    all_known("change", [change] if change else [], "Change")
    said = {"system": system, "release": release, "change": change, "environment": environment, "at": not_ahead(at)}
    return keep(fill(Deployment(person=by.ref), **said))


def _decided(change: Change, state: ChangeState, by: Person, reason: str | None) -> Change:
    return fill(change, state=state, decided_by=by.ref, decided_at=clock.now(), decision=reason)
