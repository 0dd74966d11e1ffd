"""Actions on rules about cryptography: what law and contracts forbid or demand, for which systems."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.kinds import Text
from upheld.registers.cryptography.models import CryptographyRule, RuleEffect
from upheld.registers.rules import LEADS, all_known, fill, in_order, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name

KEEPERS = (*LEADS, Role.OWNER)
Names = Annotated[list[Annotated[str, Text(80)]], "protocols, suites and algorithms, as sources call them: TLSv1.3, RSA, Ed25519, AES"]
Regions = Annotated[list[Name], "regions whose systems it binds, as the list of systems names them"]
Systems = Annotated[list[Name], "short names of systems that it binds wherever they run, as a contract does"]
Whose = Annotated[Name | None, "the code of the country or state whose law it is, as in de"]
Until = Annotated[date | None, "the last day on which it is in force"]


@action(by=KEEPERS, makes=CryptographyRule)
def enter_rule(
    *,
    by: Person,
    name: Name,
    title: Line,
    effect: Annotated[RuleEffect, "forbids or demands what is named; free where somebody looked and nothing is to be kept to"],
    citation: Annotated[Line, "where it is written"],
    owner: Annotated[PersonId, "who sees to it"],
    from_on: Annotated[date, "from when it is in force for us"],
    names: Names = [],  # noqa: B006  never changed
    regions: Regions = [],  # noqa: B006  never changed
    systems: Systems = [],  # noqa: B006  never changed
    jurisdiction: Whose = None,
    until_on: Until = None,
) -> CryptographyRule:
    """Enter what law, regulation or a contract says of cryptography, or that it says nothing."""
    not_taken(CryptographyRule, name)
    given = {key: value for key, value in locals().items() if key != "by"}
    return keep(_said(CryptographyRule(), **given))


@action(by=KEEPERS)
def change_rule(
    rule: CryptographyRule,
    *,
    by: Person,
    title: Line,
    effect: RuleEffect,
    citation: Line,
    owner: PersonId,
    from_on: date,
    names: Names = [],  # noqa: B006  never changed
    regions: Regions = [],  # noqa: B006  never changed
    systems: Systems = [],  # noqa: B006  never changed
    jurisdiction: Whose = None,
    until_on: Until = None,
) -> CryptographyRule:
    """Say anew what `rule` says, and whom it binds."""
    given = {key: value for key, value in locals().items() if key not in ("by", "rule")}
    return keep(_said(rule, **given))


@action(by=KEEPERS, when=lambda rule: "It has ended." if rule.until_on and rule.until_on < clock.now().date() else "")
def end_rule(rule: CryptographyRule, *, by: Person, until_on: Annotated[date, "the last day on which it is in force"]) -> CryptographyRule:
    """Say that `rule` is in force no more after a day."""
    in_order(rule.from_on, until_on)
    rule.until_on = until_on
    return keep(rule)


def _said(
    rule: CryptographyRule, *, effect: RuleEffect, names: list[str], regions: list[str], systems: list[str], **others: object
) -> CryptographyRule:
    if (effect is RuleEffect.FREE) == bool(names):
        raise ill(names="Leave this empty: nothing is to be kept to." if names else f"Say what it {effect}.")
    if not regions and not systems:
        raise ill(regions="Name the regions or the systems that it binds.")
    all_known("systems", systems, "System")
    place = others.get("jurisdiction")
    all_known("jurisdiction", [str(place)] if place else [], "Jurisdiction")
    return fill(rule, effect=effect, names=names, regions=regions, systems=systems, **others)
