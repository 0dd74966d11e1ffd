"""Actions on who may read stores, and on restores: somebody else agrees to either, of the management to a restore."""

from datetime import date, datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, ill
from upheld.actions.kinds import Text
from upheld.registers.answering import manages
from upheld.registers.backup.models import RestoreRequest, Right, StoreReader
from upheld.registers.rules import LEADS, STAFF, all_known, fill
from upheld.registers.words import Line, Name, Prose

DECIDERS = (*LEADS, Role.MANAGER)


def _undecided(record: RestoreRequest) -> str:
    return "This is decided already." if record.decided_at else ""


def _asked(reader: StoreReader) -> str:
    return "This ended already." if reader.ended_at else "This is approved already." if reader.approved_at else ""


@action(by=STAFF, makes=StoreReader)
def ask_reader(
    *,
    by: Person,
    store: Annotated[Line, "the store, as its source calls it: the repository of backups, the folder, the bucket"],
    principal: Annotated[Annotated[str, Text(200)], "who, as the store's own settings call it: a user, a group, a role"],
    right: Right,
    why: Prose,
    until_on: Annotated[date | None, "the last day; no end if not given"] = None,
) -> StoreReader:
    """Ask that somebody may read, change or release what lies in a store."""
    if StoreReader.objects.filter(store=store, principal=principal, right=right, ended_at=None).exists():
        raise ill(principal=f"{principal} is on the list for {store} already.")
    said = {"store": store, "principal": principal, "right": right, "why": why, "until_on": until_on}
    return keep(fill(StoreReader(asked_by=by.ref, asked_at=clock.now()), **said))


@action(by=DECIDERS, apart_from=["ask-reader"], why_apart="nobody approves what they asked for", when=_asked)
def approve_reader(reader: StoreReader, *, by: Person) -> StoreReader:
    """Put `reader` on the list of those who may."""
    reader.approved_by, reader.approved_at = by.ref, clock.now()
    return keep(reader)


@action(by=STAFF, when=lambda reader: "This ended already." if reader.ended_at else "")
def end_reader(reader: StoreReader, *, by: Person) -> StoreReader:
    """Take `reader` off the list."""
    reader.ended_at = clock.now()
    return keep(reader)


@action(by=STAFF, makes=RestoreRequest)
def ask_restore(
    *,
    by: Person,
    system: Annotated[Name, "the short name of the system on which data are restored"],
    what: Annotated[Line, "what is restored, and as of when"],
    why: Prose,
    from_at: datetime,
    until_at: datetime,
) -> RestoreRequest:
    """Ask that data may be restored. Somebody of the management has to agree before."""
    all_known("system", [system], "System")
    if until_at < from_at:
        raise ill(until_at="It would have ended before it begins.")
    said = {"system": system, "what": what, "why": why, "from_at": from_at, "until_at": until_at}
    return keep(fill(RestoreRequest(asked_by=by.ref, asked_at=clock.now()), **said))


@action(
    by=(*DECIDERS, Role.OWNER, Role.EMPLOYEE),
    apart_from=["ask-restore"],
    why_apart="nobody agrees to what they asked for",
    when=_undecided,
)
def decide_restore(
    request: RestoreRequest,
    *,
    by: Person,
    granted: bool,
    decision: Annotated[Prose | None, "why not, or on what conditions"] = None,
) -> RestoreRequest:
    """Agree to a restore, or not. Takes a management responsibility, held today."""
    if not manages(by.ref, clock.now().date()):
        raise NotAllowed("Agreeing to a restore takes a management responsibility, held today.")
    if not granted and not decision:
        raise ill(decision="Say why not.")
    return keep(fill(request, granted=granted, decided_by=by.ref, decided_at=clock.now(), decision=decision))
