"""Accounts are made where somebody was approved something and has none: under a name that nobody ever had, with a first secret."""

from datetime import datetime
from typing import Annotated

from django.db.models import Max

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.registers.access.models import SecretLink
from upheld.registers.access.resetting import last_order, make_there
from upheld.registers.access.secrets import sealed_link
from upheld.registers.authorization.case_models import StaffCase
from upheld.registers.authorization.kinds import CaseKind, RequestState
from upheld.registers.authorization.naming import issue
from upheld.registers.authorization.places import places
from upheld.registers.authorization.request_models import AccessRequest
from upheld.registers.evidence import evidence
from upheld.registers.ordering import can
from upheld.registers.rules import LEADS
from upheld.registers.staff import known
from upheld.sources.enforcing import Outcome, Verb
from upheld.sources.models import Collection

MAKERS = (*LEADS, Role.OWNER)
Account = Annotated[str, Text(200), "the name to sign in with: one that nobody else ever had there"]
Hours = Annotated[int, Number(1, 168), "for how long the person can open the first secret"]
_TELLS = "SELECT DISTINCT source FROM accounts WHERE system_id = $system ORDER BY source"


def _not_approved(request: AccessRequest) -> str:
    if request.state != RequestState.APPROVED:
        return f"It is {request.state}: only what is approved makes an account."
    over = request.until_on is not None and request.until_on < clock.now().date()
    return "Its last day is over." if over else ""


@action(by=MAKERS, when=_not_approved)
def make_account(access_request: AccessRequest, *, by: Person, account: Account, hours: Hours = 72) -> AccessRequest:
    """Let the person of `access_request`, who has no account on its system, have one made there; the right itself is given afterwards.

    Refused where the name ever stood for anybody else. The first secret is sealed for the person, and to be changed at first use.
    """
    _make(by, access_request.person, access_request.entitlement.system, account, hours, privileged=access_request.privileged)
    return keep(access_request)


def _not_joining(case: StaffCase) -> str:
    if case.closed_at or case.withdrawn_at:
        return "It is closed." if case.closed_at else "It is withdrawn."
    return "Somebody leaves; nothing is made for them." if case.kind == CaseKind.LEAVER else ""


@action(by=MAKERS, when=_not_joining)
def make_account_for_case(
    staff_case: StaffCase,
    *,
    by: Person,
    system: Annotated[str, Text(60), "the short name of a system on which the case wants something"],
    account: Account,
    hours: Hours = 72,
) -> StaffCase:
    """Let whom `staff_case` is about have an account made on a system where their role gives something. See `make-account`."""
    if not staff_case.things.filter(system=system, wanted=True, settled_at=None).exists():
        raise ill(system="The case wants nothing there that is not given already; let it be looked at first.")
    _make(by, staff_case.person, system, account, hours)
    return keep(staff_case)


def _make(by: Person, person: str, system: str, account: str, hours: int, *, privileged: bool = False) -> None:
    if person == by.ref:
        raise Refused("Somebody else lets yours be made.")
    if (somebody := known().get(person)) is None:
        raise Refused(f"{person} is nobody's id in the list of people, so that nobody can say whose the account is.")
    if somebody.ended_on is not None and somebody.ended_on < clock.now().date():
        raise Refused(f"{somebody.name} left on {somebody.ended_on}.")
    mine = [each for each in places(person, system, "") if not privileged or each.kind == "admin"]
    if mine:
        raise Refused(f"They have {mine[0].label} already.")
    source = _source(system)
    if why := _being_made(person, system, source):
        raise Refused(why)
    issue(by, person, system, account)
    make_there(sealed_link(by, person, system, account, hours), source, by)


def _source(system: str) -> str:
    """Return the one source that tells of accounts on `system` and takes orders; raises `Refused` where nobody can tell which."""
    with evidence(clock.now(), ["accounts"]) as connection:
        told: list[str] = [source for (source,) in connection.execute(_TELLS, {"system": system}).fetchall()]
    able = [each for each in told if can(each) is not None]
    if len(able) == 1:
        return able[0]
    if able:
        raise Refused(f"{' and '.join(able)} could both make it: have it made by hand, under a name given by issue-name.")
    raise Refused(f"No source that takes orders tells of accounts on {system}: have it made by hand, under a name given by issue-name.")


def _being_made(person: str, system: str, source: str) -> str:
    """Return why none is made now: one is ordered, or was made and its system was not read since."""
    read: datetime | None = Collection.objects.filter(source__name=source).aggregate(at=Max("started_at"))["at"]
    for link in SecretLink.objects.filter(person=person, system=system):
        row = last_order(f"first-secret/{link.pk}")
        if row is None or row.verb != Verb.CREATE or row.outcome == Outcome.REFUSED:
            continue
        if row.settled_at is None:
            return f"{link.account} is being made for them."
        if read is None or read <= row.settled_at:
            return f"{link.account} was made for them; {source} is to be read first."
    return ""
