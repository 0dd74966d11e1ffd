"""Actions on people who join, change jobs or leave: opening a case, noting what was seen, carrying it out, closing it."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Text
from upheld.registers.authorization.case_models import CaseThing, StaffCase
from upheld.registers.authorization.kinds import CaseKind, Thing
from upheld.registers.authorization.looking import Seen, look
from upheld.registers.authorization.places import chosen, places, seeing
from upheld.registers.ordering import Wanted, ask, can, refusals, taking
from upheld.registers.rules import LEADS
from upheld.registers.words import Prose
from upheld.sources import journal
from upheld.sources.enforcing import Order, Verb

BY_HAND = "by hand"
KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


def _open(case: StaffCase) -> str:
    return "It is closed." if case.closed_at else "It is withdrawn." if case.withdrawn_at else ""


def open_ones() -> QuerySet[StaffCase]:
    """Return the cases that are neither closed nor withdrawn."""
    return StaffCase.objects.filter(closed_at=None, withdrawn_at=None)


@action(by=KEEPERS, makes=StaffCase)
def open_case(
    *,
    by: Person,
    kind: CaseKind,
    person: Annotated[str, Text(120), "people.id of who joins, changes jobs or leaves"],
    due_on: Annotated[date, "first day, day of the change, or last day"],
    why: Prose,
    former_role: Annotated[str | None, Text(200), "of a mover: the role that they leave"] = None,
) -> StaffCase:
    """Open a case for somebody who joins, changes jobs or leaves; those that the list of people tells are opened by themselves."""
    if open_ones().filter(kind=kind, person=person).exists():
        raise ill(person=f"There is an open case of a {kind} about this person already.")
    if kind == CaseKind.MOVER and not former_role:
        raise ill(former_role="Say which role they leave.")
    said = {"kind": kind, "person": person, "due_on": due_on, "why": why, "former_role": former_role or ""}
    return keep(StaffCase(opened_by=by.ref, opened_at=clock.now(), **said))


@action(by=KEEPERS, when=_open)
def move_case(staff_case: StaffCase, *, by: Person, due_on: date) -> StaffCase:
    """Say anew on which day somebody joins, changes jobs or leaves."""
    staff_case.due_on = due_on
    return keep(staff_case)


@action(by=KEEPERS, when=_open)
def withdraw_case(staff_case: StaffCase, *, by: Person, why: Prose) -> StaffCase:
    """Take `staff_case` back: they do not join, change jobs or leave. What waits is called off, and it counts as no case."""
    journal.call_off(f"staff-case:{staff_case.pk}", by=by.actor, why="the case was withdrawn")
    staff_case.withdrawn_at, staff_case.withdrawn_why = clock.now(), why
    return keep(staff_case)


@action(by=KEEPERS, when=_open)
def look_at_case(staff_case: StaffCase, *, by: Person) -> StaffCase:
    """Look at what the sources tell of `staff_case`: what is there is noted, and what a complete reading no longer has is settled."""
    note(staff_case, look(staff_case))
    return staff_case


def differs(case: StaffCase, seen: Seen) -> bool:
    """Whether what was `seen` of `case` is other than what is noted."""
    there, wrong = _there(case), {one.key for one in seen.things if not one.as_wanted}
    if any(one.key not in there for one in seen.things):
        return True
    settled = {key: each.settled_at is not None for key, each in there.items()}
    return any((key in wrong) if settled[key] else (key not in wrong and seen.surely(there[key])) for key in there)


def _there(case: StaffCase) -> dict[tuple[str, str, str, str], CaseThing]:
    return {(each.what, each.told_by, each.ref, each.account): each for each in case.things.all()}


def note(case: StaffCase, seen: Seen) -> None:
    """Note what was `seen` of `case`, within an action."""
    there = _there(case)
    for one in seen.things:
        if one.key not in there:
            there[one.key] = keep(CaseThing(case=case, found_at=seen.at, **one.columns))
    wrong = {one.key for one in seen.things if not one.as_wanted}
    for key, thing in there.items():
        if key in wrong and thing.settled_at is not None:
            thing.settled_at = None  # it came back
            keep(thing)
        elif key not in wrong and thing.settled_at is None and seen.surely(thing):
            thing.settled_at = seen.at
            keep(thing)
    case.looked_at = seen.at
    keep(case)


@action(by=KEEPERS, when=_open)
def carry_out_case(staff_case: StaffCase, *, by: Person) -> StaffCase:
    """Let `staff_case` be carried out where a source can: accounts switched off, rights revoked, sessions ended, or given to who joins."""
    found = to_order(staff_case, takes=True)
    asked = sum(ask(each, by) for each in found)
    if not asked:
        raise Refused("Nothing is left that a source can do; do the rest by hand, it is looked for on the system.")
    return keep(staff_case)


@action(by=KEEPERS, when=_open)
def carry_out_gains(staff_case: StaffCase, *, by: Person) -> StaffCase:
    """Let what `staff_case` wants somebody to hold be given where a source can, and nothing be taken yet."""
    if not sum(ask(each, by) for each in to_order(staff_case, takes=False)):
        raise Refused("Nothing is left that a source can give; do it by hand, it is looked for on the system.")
    return keep(staff_case)


def to_order(case: StaffCase, *, takes: bool) -> list[Wanted]:
    """Return what `case` asks of sources that take orders: what is to be given, and, with `takes`, to be taken."""
    left = case.things.filter(settled_at=None, what__in=ORDERED)
    # Sessions last: while the account is on, another would begin.
    gone = sorted(left.filter(wanted=False), key=lambda thing: (ORDERED.index(Thing(thing.what)), thing.pk))
    found = [_taken(case, thing) for thing in gone if thing.what != Thing.KEY or SSH in thing.ref] if takes else []
    if wanted := list(left.filter(wanted=True)):
        with seeing():
            found += [each for thing in wanted for each in _given(case, thing)]
    return [each for each in found if can(each.source) is not None]


ORDERED = (Thing.ACCOUNT, Thing.GRANT, Thing.KEY, Thing.SESSION)
# How hosts name keys that let in, and the entitlement that one is (sources/host).
SSH, KEY = "/ssh-user/", "ssh-key:"


def _key(case: StaffCase, thing: CaseThing) -> dict[str, str]:
    """Return key, reason and person of an order about `thing`; what came back is another order."""
    return {"key": f"staff-case/{case.pk}/{thing.pk}/{thing.version}", "reason": f"staff-case:{case.pk}", "person": case.person}


def _taken(case: StaffCase, thing: CaseThing) -> Wanted:
    entitlement = thing.ref if thing.what == Thing.GRANT else ""
    if thing.what == Thing.KEY:
        entitlement = KEY + thing.ref.partition(SSH)[2]
    order = Order(Verb.END_SESSIONS, thing.account) if thing.what == Thing.SESSION else taking(thing.account, entitlement, thing.group)
    return Wanted(thing.told_by, order, **_key(case, thing))


def _given(case: StaffCase, thing: CaseThing) -> list[Wanted]:
    """Return the order that gives `thing` to the account that somebody has; one that is switched off is switched on, on their day."""
    here = [each for each in places(case.person, thing.system, thing.ref) if each.source == thing.told_by]
    place = chosen(here, off=case.due_on <= clock.now().date())
    if place is None:
        return []  # nobody can tell to which account, or there is none yet
    said = _key(case, thing)
    given = [Wanted(place.source, Order(Verb.GRANT, place.account, thing.ref, place.group), **said)]
    on = {**said, "key": f"staff-case/{case.pk}/{place.source}/on"}
    if place.enabled is False:
        given.insert(0, Wanted(place.source, Order(Verb.ENABLE, place.account), **on))
    return given


@action(by=KEEPERS, makes=CaseThing, when=_open)
def add_thing(
    staff_case: StaffCase,
    *,
    by: Person,
    label: Annotated[str, Text(400), "what it is, as in: the mailbox sales@ goes to somebody else"],
    system: Annotated[str | None, Text(60), "the system's short name, where it is on one"] = None,
) -> CaseThing:
    """Add something to `staff_case` that no source tells of. It is settled by hand, with a proof, by a second person."""
    number = staff_case.things.filter(told_by=BY_HAND).count() + 1
    said = {"what": Thing.OTHER, "told_by": BY_HAND, "ref": str(number), "label": label, "system": system or "", "wanted": False}
    return keep(CaseThing(case=staff_case, found_at=clock.now(), **said))


@action(
    by=KEEPERS,
    apart_from=["add-thing"],
    why_apart="a second person confirms what no source tells of",
    when=lambda thing: (
        "It is settled." if thing.settled_at else "" if thing.told_by == BY_HAND else "A source tells of it, and settles it."
    ),
)
def confirm_thing(case_thing: CaseThing, *, by: Person, proof: Annotated[Kept, "what shows that it was done"]) -> CaseThing:
    """Confirm, with a proof, that `case_thing`, of which no source tells, is as it must be."""
    case_thing.settled_at, case_thing.proof = clock.now(), proof.sha256
    return keep(case_thing)


@action(by=KEEPERS, when=_open)
def close_case(staff_case: StaffCase, *, by: Person) -> StaffCase:
    """Close `staff_case`. Refused while anything of it is not as it must be, or was not seen to be so after its day."""
    seen = look(staff_case)
    note(staff_case, seen)
    if why := seen.not_yet(staff_case):
        refused = [f"{row.source.name} refused to {row.verb}: {row.said}" for row in refusals(f"staff-case:{staff_case.pk}")]
        raise Refused(" ".join([why, *refused[:3]]))
    staff_case.closed_at, staff_case.closed_by = seen.at, by.ref
    return keep(staff_case)
