"""Actions on licences of products that the company uses, and on the policy for licences of what it ships."""

import re
from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Number, Text
from upheld.registers.compliance.models import Counted, Decision, Licence, LicenceRule
from upheld.registers.rules import LEADS
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,118}")
Spdx = Annotated[str, Text(120), "its SPDX identifier, as in MIT or GPL-3.0-only"]
Packages = Annotated[list[Annotated[str, Text(120)]], "what its packages are called on machines, one a line"]


@action(by=KEEPERS, makes=Licence)
def add_licence(
    *,
    by: Person,
    product: Name,
    title: Line,
    terms: Annotated[Prose, "what it allows, in a few words"],
    counted: Annotated[Counted, "what is counted"],
    owner: Annotated[PersonId, "who answers for it"],
    from_on: date,
    seats: Annotated[int | None, Number(0), "how many it covers; nothing where there is no limit"] = None,
    packages: Packages = [],  # noqa: B006  never changed
    system: Annotated[Name | None, "where its users sign in, where users are counted"] = None,
    until_on: date | None = None,
    file: Annotated[Kept | None, "the contract or certificate of licence"] = None,
) -> Licence:
    """Add the right to use a product: what it counts, and how many it covers. Several licences of one product add up."""
    made = Licence(product=product, title=title, terms=terms, counted=counted, owner=owner, from_on=from_on, seats=seats)
    made.packages, made.system, made.file = list(packages), system or "", file.sha256 if file else ""
    made.until_on = until_on
    return keep(_checked(made))


@action(by=KEEPERS)
def change_licence(
    licence: Licence,
    *,
    by: Person,
    title: Line,
    terms: Prose,
    owner: PersonId,
    seats: Annotated[int | None, Number(0)] = None,
    packages: Packages = [],  # noqa: B006  never changed
    system: Name | None = None,
    until_on: date | None = None,
) -> Licence:
    """Say anew what `licence` covers, until when, and who answers for it."""
    licence.title, licence.terms, licence.owner, licence.seats = title, terms, owner, seats
    licence.packages, licence.system, licence.until_on = list(packages), system or "", until_on
    return keep(_checked(licence))


@action(by=LEADS, makes=LicenceRule)
def rule_licence(*, by: Person, spdx: Spdx, decision: Decision, why: Prose | None = None) -> LicenceRule:
    """Say whether components under a licence may be shipped: allowed, denied, or to be reviewed each time."""
    if not _SPDX.fullmatch(spdx):
        raise ill(spdx="Give one SPDX identifier, as in MIT; expressions with OR and AND are taken apart by themselves.")
    rule = LicenceRule.objects.filter(spdx__iexact=spdx).first() or LicenceRule(spdx=spdx)
    rule.decision, rule.why, rule.ended_at = decision, why or "", None
    return keep(rule)


@action(by=LEADS, when=lambda rule: "It is dropped already." if rule.ended_at else "")
def drop_rule(rule: LicenceRule, *, by: Person) -> LicenceRule:
    """Say nothing of this licence any more: components under it are unknown to the policy."""
    rule.ended_at = clock.now()
    return keep(rule)


def _checked(licence: Licence) -> Licence:
    if licence.counted == Counted.USERS and not licence.system:
        raise ill(system="Say on which system its users sign in.")
    if licence.counted == Counted.HOSTS and not licence.packages:
        raise ill(packages="Say what its packages are called on machines.")
    if licence.until_on and licence.until_on < licence.from_on:
        raise ill(until_on="The last day lies before the first.")
    return licence
