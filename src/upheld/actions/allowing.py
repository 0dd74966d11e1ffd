"""Whether somebody may do an action to a record: their roles, how far these reach, and who did the steps before."""

from collections.abc import Iterable
from typing import Any

from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.accounts.scope import scope
from upheld.actions.declaring import Action
from upheld.actions.errors import NotAllowed, OutOfScope, SamePerson
from upheld.actions.models import Lent, Record, Step
from upheld.ledger.openings import opened


def check(action: Action[..., Any], by: Person, record: Record | None) -> None:
    """Raise `NotAllowed` unless `by` may do `action` to `record`, or `SamePerson` where somebody else has to."""
    if why := why_not(action, by, record):
        raise why


def why_not(action: Action[..., Any], by: Person, record: Record | None) -> NotAllowed | None:
    """Return why `by` may not do `action` to `record` (None: to make a new one); None where they may."""
    if why := why_not_at_all(action, by):
        return why
    if record is None:
        return None
    if not in_scope(by, record) and action.name not in lent(by, type(record), record.pk):
        return OutOfScope(f"There is no {record._meta.verbose_name} {record.pk}.")
    return same_person(action, by, record, earlier_steps(record, action.apart_from))


def why_not_at_all(action: Action[..., Any], by: Person) -> NotAllowed | None:
    """Return why `by` may not do `action`, to whatever record; None where they may. Asks the database nothing."""
    if not by.signed_in:
        return NotAllowed("Sign in first.")
    if not by.ref:
        return NotAllowed("Your account is not tied to anybody in the list of people; an administrator can tie it.")
    if action.by and not action.by & by.roles:
        return NotAllowed(f"{action.title} takes the role {' or '.join(sorted(action.by))}.")
    if not by.may(Verb.DO, thing_of(action.register)):
        return NotAllowed(f"Your roles may not change {thing_of(action.register).replace('/', ' of ')}.")
    return None


def thing_of(register: type[Record]) -> str:
    """Return the row of the table of rights that speaks of `register`."""
    return register.thing or f"registers/{register.ties.chapter}"


def in_scope(by: Person, record: Record, verb: Verb = Verb.DO) -> bool:
    """Return whether `by` may `verb` this record, as far as their roles reach; one query."""
    return scope(by, verb, type(record)._default_manager.filter(pk=record.pk), record.ties, thing=record.thing).exists()


def lent(by: Person, register: type[Record], number: int) -> set[str]:
    """Return the actions that `by` may do for somebody else to the record of that number; one query."""
    rows = Lent.objects.filter(person=by.ref, register=register.register(), number=number) if by.ref else Lent.objects.none()
    return set(rows.values_list("action", flat=True))


def earlier_steps(record: Record, actions: Iterable[str]) -> Iterable[Step]:
    """Return the steps by which one of `actions` was done to `record`; asks nothing where there are no such actions."""
    names = tuple(actions)
    return Step.objects.filter(register=record.register(), record=str(record.pk), action__in=names) if names else ()


def same_person(action: Action[..., Any], by: Person, record: Record, steps: Iterable[Step]) -> SamePerson | None:
    """Return why `by`, who did one of the earlier `steps` of `record`, may not do `action` as well; None where they may."""
    if not action.apart_from:
        return None
    for step in steps:
        if step.action in action.apart_from and by.actor.id in _who(step):
            what = step.action.partition(".")[2].replace("-", " ")
            why = f": {action.why_apart}" if action.why_apart else ""
            return SamePerson(f"You did “{what}” on this {record._meta.verbose_name} yourself; somebody else has to do this{why}.")
    return None


def _who(step: Step) -> set[str]:
    """Return who did `step`, as the row says and as the ledger says: changing the one behind our back does not help."""
    actor = opened(step.entry_id).get("actor")
    return {step.by} | ({str(actor.value)} if actor else set())
