"""Actions on gateways through which files come in: enter, retire, and say how a test by hand went."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.operations.models import GatewayKind, GatewayTest, MalwareGateway
from upheld.registers.rules import LEADS, STAFF, all_known, fill, not_ahead, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


def _in_use(gateway: MalwareGateway) -> str:
    return "Nothing comes in there any more." if gateway.ended_at else ""


@action(by=KEEPERS, makes=MalwareGateway)
def enter_gateway(
    *,
    by: Person,
    name: Annotated[Name, "a short name, the same that the source of tests gives it"],
    title: Line,
    kind: GatewayKind,
    system: Annotated[Name, "the short name of the system it belongs to"],
    owner: PersonId,
) -> MalwareGateway:
    """Enter a place where files come in from outside, and where malware has to be caught."""
    not_taken(MalwareGateway, name)
    all_known("system", [system], "System")
    return keep(fill(MalwareGateway(), name=name, title=title, kind=kind, system=system, owner=owner))


@action(by=STAFF, makes=GatewayTest, when=_in_use)
def note_gateway_test(
    gateway: MalwareGateway,
    *,
    by: Person,
    caught: Annotated[bool, "whether the test file was stopped"],
    clean_passed: Annotated[bool, "whether a clean file came through: what stops everything shows nothing"],
    note: Annotated[Prose | None, "what it said"] = None,
    at: Annotated[datetime | None, "when; now if not given"] = None,
) -> GatewayTest:
    """Say how a test of `gateway` with the harmless test file (EICAR) went, which you did by hand."""
    if not (caught and clean_passed) and not note:
        raise ill(note="Say what happened.")
    return keep(fill(GatewayTest(gateway=gateway), person=by.ref, at=not_ahead(at), caught=caught, clean_passed=clean_passed, note=note))


@action(by=KEEPERS, when=_in_use)
def retire_gateway(gateway: MalwareGateway, *, by: Person) -> MalwareGateway:
    """Say that nothing comes in through `gateway` any more."""
    gateway.ended_at = clock.now()
    return keep(gateway)
