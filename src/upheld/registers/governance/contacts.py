"""Actions on contacts: jurisdictions, authorities to call, and groups that the company belongs to."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.checks.span import Span
from upheld.registers.governance.models import GROUPS, Contact, ContactKind, Jurisdiction, Participation
from upheld.registers.rules import LEADS, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.EMPLOYEE, Role.MANAGER)


@action(by=LEADS, makes=Jurisdiction)
def enter_jurisdiction(*, by: Person, code: Annotated[Name, "a short code, as in de or us-ca"], title: Line, from_on: date) -> Jurisdiction:
    """Say that the company works in a country or state from a day on: its authorities must then be known."""
    if Jurisdiction.objects.filter(code=code).exists():
        raise ill(code=f"{code} is entered already.")
    return keep(Jurisdiction(code=code, title=title, from_on=from_on))


@action(by=LEADS)
def leave_jurisdiction(jurisdiction: Jurisdiction, *, by: Person, until_on: date) -> Jurisdiction:
    """Say that the company no longer works in `jurisdiction` after a day."""
    if until_on < jurisdiction.from_on:
        raise ill(until_on="The last day lies before the first.")
    jurisdiction.until_on = until_on
    return keep(jurisdiction)


@action(by=LEADS, makes=Contact)
def add_contact(
    *,
    by: Person,
    kind: ContactKind,
    title: Line,
    how: Annotated[Prose, "how to reach them: telephone, mail, form"],
    holder: Annotated[PersonId, "who keeps the contact"],
    jurisdiction: Jurisdiction | None = None,
    when_to_call: Annotated[Prose | None, "what for, and when"] = None,
    deadline: Annotated[Span | None, "within which time they must be told, as in 72 hours"] = None,
    active_every: Annotated[Span | None, "for a group: how often one takes part at least"] = None,
) -> Contact:
    """Add an authority to call, or a group that the company belongs to."""
    return keep(
        _filled(
            Contact(),
            kind=kind,
            title=title,
            how=how,
            holder=holder,
            jurisdiction=jurisdiction,
            when_to_call=when_to_call or "",
            deadline=str(deadline or ""),
            active_every=str(active_every or ""),
        )
    )


@action(by=KEEPERS)
def change_contact(
    contact: Contact,
    *,
    by: Person,
    title: Line,
    how: Prose,
    holder: PersonId,
    jurisdiction: Jurisdiction | None = None,
    when_to_call: Prose | None = None,
    deadline: Span | None = None,
    active_every: Span | None = None,
) -> Contact:
    """Change `contact`. What was verified before counts no longer where the way to reach them changed."""
    if how != contact.how:
        contact.verified_at, contact.verified_by = None, ""
    return keep(
        _filled(
            contact,
            kind=contact.kind,
            title=title,
            how=how,
            holder=holder,
            jurisdiction=jurisdiction,
            when_to_call=when_to_call or "",
            deadline=str(deadline or ""),
            active_every=str(active_every or ""),
        )
    )


def _kept(contact: Contact) -> str:
    return "This contact is no longer kept." if contact.ended_at else ""


def _group(contact: Contact) -> str:
    return _kept(contact) or ("" if contact.is_group else "One takes part in groups; this is an authority.")


@action(by=KEEPERS, when=_kept)
def verify_contact(contact: Contact, *, by: Person, at: Annotated[datetime | None, "when; now if not given"] = None) -> Contact:
    """Say that you reached `contact` in the way that is written there, and that it is right."""
    contact.verified_at, contact.verified_by = not_ahead(at), by.ref
    return keep(contact)


@action(by=LEADS, when=_kept)
def end_contact(contact: Contact, *, by: Person) -> Contact:
    """Keep `contact` no longer."""
    contact.ended_at = clock.now()
    return keep(contact)


@action(by=KEEPERS, makes=Participation, when=_group)
def note_participation(contact: Contact, *, by: Person, note: Prose, at: datetime | None = None) -> Participation:
    """Note what you did in the group `contact`: a meeting, an advisory that you read and acted on."""
    return keep(Participation(contact=contact, person=by.ref, at=not_ahead(at), note=note))


def _filled(contact: Contact, *, kind: str, jurisdiction: Jurisdiction | None, active_every: str, **others: str) -> Contact:
    if kind in GROUPS and not active_every:
        raise ill(active_every="Say how often one takes part in this group at least.")
    if kind not in GROUPS and jurisdiction is None:
        raise ill(jurisdiction="Say which jurisdiction the authority is of.")
    contact.kind, contact.jurisdiction, contact.active_every = kind, jurisdiction, active_every
    for name, value in others.items():
        setattr(contact, name, value)
    return contact
