"""Actions on software for endpoints: the list of what is allowed and denied, and what people ask for beside it."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Code, Text
from upheld.registers.change.software_models import SoftwareRequest, SoftwareRule, Verdict
from upheld.registers.rules import LEADS, STAFF, fill
from upheld.registers.words import Prose

DECIDERS = (*LEADS, Role.MANAGER)
Software = Annotated[str, Text(200)]


@action(by=LEADS, makes=SoftwareRule)
def list_software(
    *,
    by: Person,
    software: Annotated[Software, "its name as inventories give it; with a * at its end, all whose name begins so"],
    verdict: Verdict,
    why: Prose,
    manager: Annotated[Annotated[str, Code()] | None, "what installs it, where the rule is for that alone: dpkg, rpm, msi, store"] = None,
) -> SoftwareRule:
    """Allow software on endpoints, or deny it. What is denied is denied, whatever else allows it."""
    if "*" in software[:-1]:
        raise ill(software="A * stands at the end alone.")
    if SoftwareRule.objects.filter(software=software, manager=manager or "", verdict=verdict, ended_at=None).exists():
        raise ill(software=f"{software} is {verdict} already.")
    return keep(fill(SoftwareRule(decided_by=by.ref, from_at=clock.now()), software=software, manager=manager, verdict=verdict, why=why))


@action(by=LEADS, when=lambda rule: "This rule ended already." if rule.ended_at else "")
def unlist_software(rule: SoftwareRule, *, by: Person) -> SoftwareRule:
    """End `rule`."""
    rule.ended_at = clock.now()
    return keep(rule)


@action(by=STAFF, makes=SoftwareRequest)
def ask_software(
    *,
    by: Person,
    software: Annotated[Software, "its name, as the device calls it once it is installed"],
    why: Annotated[Prose, "what you need it for"],
    device: Annotated[Annotated[str, Text(120)] | None, "the device's serial or asset number; all that you have if not given"] = None,
) -> SoftwareRequest:
    """Ask for software that is not on the list. Refused at once where the list denies it."""
    denied = SoftwareRule.objects.filter(verdict=Verdict.DENIED, ended_at=None, manager="")
    if any(_covers(rule.software, software) for rule in denied):
        raise Refused(f"{software} is on the list of what is denied.")
    return keep(fill(SoftwareRequest(person=by.ref, asked_at=clock.now()), software=software, why=why, device=device))


@action(
    by=DECIDERS,
    apart_from=["ask-software"],
    why_apart="nobody decides about what they asked for",
    when=lambda asked: "This is decided already." if asked.decided_at else "",
)
def decide_software(
    request: SoftwareRequest,
    *,
    by: Person,
    granted: bool,
    until_on: Annotated[date | None, "the last day on which it may be there; no end if not given"] = None,
    decision: Annotated[Prose | None, "why not, or on what conditions"] = None,
) -> SoftwareRequest:
    """Grant `request` or not."""
    if not granted and not decision:
        raise ill(decision="Say why not.")
    if until_on is not None and until_on < clock.now().date():
        raise ill(until_on="This day is over.")
    told = {"granted": granted, "until_on": until_on, "decision": decision}
    return keep(fill(request, decided_by=by.ref, decided_at=clock.now(), **told))


def _covers(rule: str, software: str) -> bool:
    return software.startswith(rule[:-1]) if rule.endswith("*") else software == rule
