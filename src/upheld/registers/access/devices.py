"""Actions on work from afar, and on the devices that people carry."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, ill
from upheld.actions.kinds import Text
from upheld.registers.access.kinds import DeviceKind
from upheld.registers.access.models import Enrolment, RemoteWork
from upheld.registers.rules import LEADS, STAFF, in_order, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose

When = Annotated[datetime | None, "when; now if not given"]


def _stands(approval: RemoteWork) -> str:
    return "It is withdrawn already." if approval.withdrawn_at else ""


@action(by=(*LEADS, Role.MANAGER), makes=RemoteWork)
def approve_remote_work(
    *,
    by: Person,
    person: PersonId,
    conditions: Annotated[Prose, "what was agreed: place, devices, who else may look at the screen"],
    from_on: date,
    until_on: date | None = None,
) -> RemoteWork:
    """Let somebody else work from afar, under conditions."""
    if person == by.ref:
        raise ill(person="Nobody approves this for themself.")
    in_order(from_on, until_on)
    said = {"conditions": conditions, "from_on": from_on, "until_on": until_on}
    return keep(RemoteWork(person=person, approved_by=by.ref, approved_at=clock.now(), **said))


@action(by=(*LEADS, Role.MANAGER), when=_stands)
def withdraw_remote_work(remote_work: RemoteWork, *, by: Person) -> RemoteWork:
    """Let somebody work from afar no more, from now on."""
    remote_work.withdrawn_at = clock.now()
    return keep(remote_work)


def _in_use(enrolment: Enrolment) -> str:
    return "It is retired." if enrolment.retired_at else ""


@action(by=LEADS, makes=Enrolment)
def enrol_device(
    *,
    by: Person,
    device: Annotated[str, Text(200), "its serial or asset number, as device management has it"],
    kind: DeviceKind,
    person: Annotated[PersonId, "who carries it"],
    at: When = None,
) -> Enrolment:
    """Enrol a device that somebody carries."""
    if Enrolment.objects.filter(device=device).exists():
        raise ill(device="It is enrolled already.")
    return keep(Enrolment(device=device, kind=kind, person=person, enrolled_at=not_ahead(at), enrolled_by=by.ref))


@action(by=STAFF, when=lambda device: _in_use(device) or ("It is reported lost already." if device.lost_at else ""))
def report_lost(
    enrolment: Enrolment,
    *,
    by: Person,
    how: Annotated[Prose, "where and how"],
    wipe: Annotated[bool, "whether it is to be wiped from afar"] = True,
    at: When = None,
) -> Enrolment:
    """Report `enrolment` lost or stolen, and ask that it be wiped."""
    if by.ref != enrolment.person and not by.roles & set(LEADS):
        raise NotAllowed("Who carries it reports it, or who leads.")
    enrolment.lost_at, enrolment.lost_how = not_ahead(at), how
    enrolment.wipe_asked_at = clock.now() if wipe else None
    return keep(enrolment)


@action(by=LEADS, when=lambda device: "" if device.wipe_asked_at and not device.wiped_at else "Nothing waits to be wiped.")
def confirm_wipe(enrolment: Enrolment, *, by: Person, at: When = None) -> Enrolment:
    """Say that device management confirmed that `enrolment` was wiped."""
    enrolment.wiped_at = not_ahead(at)
    return keep(enrolment)


@action(by=LEADS, when=_in_use)
def retire_device(enrolment: Enrolment, *, by: Person) -> Enrolment:
    """Take `enrolment` out of use: it may reach nothing any more."""
    enrolment.retired_at = clock.now()
    return keep(enrolment)
