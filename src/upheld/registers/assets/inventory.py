"""Actions on the inventory: classes of things with rules, assets, and who has them."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Text
from upheld.registers.assets.kinds import GONE, AssetKind, AssetState
from upheld.registers.assets.models import Asset, AssetClass, Custody, UseAcknowledgement
from upheld.registers.rules import LEADS, STAFF, fill, not_ahead, not_taken
from upheld.registers.staff import PersonId, known
from upheld.registers.words import Line, Markdown, Name

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
When = Annotated[datetime | None, "when; now if not given"]
Roles = Annotated[list[Annotated[str, Text(120)]], "business roles that need one; none where any may have it"]


@action(by=LEADS, makes=AssetClass)
def add_asset_class(
    *,
    by: Person,
    name: Name,
    title: Line,
    encrypted_off_site: Annotated[bool, "whether it must be encrypted outside"],
    roles: Roles = [],  # noqa: B006  never changed
) -> AssetClass:
    """Add a class of things that have rules of their own: laptops, phones, keys."""
    not_taken(AssetClass, name)
    return keep(fill(AssetClass(name=name), title=title, encrypted_off_site=encrypted_off_site, roles=roles))


@action(by=LEADS)
def change_asset_class(asset_class: AssetClass, *, by: Person, title: Line, encrypted_off_site: bool, roles: Roles = []) -> AssetClass:  # noqa: B006
    """Change what is said of `asset_class`."""
    return keep(fill(asset_class, title=title, encrypted_off_site=encrypted_off_site, roles=roles))


@action(by=LEADS)
def write_use_rules(asset_class: AssetClass, *, by: Person, rules: Annotated[Markdown, "how such a thing may be used"]) -> AssetClass:
    """Write the rules of acceptable use of `asset_class` anew. Whoever has one then has to acknowledge them again."""
    asset_class.rules, asset_class.rules_digest = rules, sha256(rules.encode()).hexdigest()
    return keep(asset_class)


@action(by=STAFF, makes=UseAcknowledgement, when=lambda asset_class: "" if asset_class.rules_digest else "No rules are written for it.")
def acknowledge_use_rules(
    asset_class: AssetClass, *, by: Person, digest: Annotated[str, Text(64), "the digest of the rules that you read, as the page shows it"]
) -> UseAcknowledgement:
    """Say that you read the rules of `asset_class` and will keep to them."""
    if digest != asset_class.rules_digest:
        raise ill(digest="This is not the digest of the rules as they are now; read them again.")
    if asset_class.acknowledgements.filter(person=by.ref, digest=digest).exists():
        raise Refused("You acknowledged them already.")
    return keep(UseAcknowledgement(asset_class=asset_class, person=by.ref, at=clock.now(), digest=digest))


@action(by=KEEPERS, makes=Asset)
def register_asset(
    *,
    by: Person,
    name: Annotated[str, Text(200), "what sources know it by: serial number, host name, name of the repository"],
    title: Line,
    kind: AssetKind,
    owner: Annotated[PersonId, "who answers for it"],
    storage: Annotated[bool, "whether data can be stored on it, so that it must be wiped"],
    asset_class: Annotated[AssetClass | None, "whose rules hold for it"] = None,
    state: Annotated[AssetState, "in stock, or in use already"] = AssetState.STOCK,
) -> Asset:
    """Put something on the inventory."""
    if state not in (AssetState.STOCK, AssetState.USE):
        raise ill(state="It is in stock or in use when it is registered.")
    not_taken(Asset, name)
    made = Asset(name=name, kind=kind, state=state, registered_at=clock.now())
    return keep(fill(made, title=title, owner=owner, storage=storage, asset_class=asset_class))


def _there(asset: Asset) -> str:
    return f"It is {asset.state}." if asset.state in GONE else ""


def must_answer(asset: Asset, by: Person) -> None:
    """Raise `NotAllowed` unless `by` answers for `asset`, or leads."""
    if by.ref != asset.owner and not by.roles & set(LEADS):
        raise NotAllowed("Whoever answers for it does this, or who leads.")


@action(by=KEEPERS, when=_there)
def change_asset(asset: Asset, *, by: Person, title: Line, owner: PersonId, storage: bool, asset_class: AssetClass | None = None) -> Asset:
    """Change what is said of `asset`: to hand over what somebody answers for, name another owner."""
    must_answer(asset, by)
    return keep(fill(asset, title=title, owner=owner, storage=storage, asset_class=asset_class))


def _is_out(asset: Asset) -> str:
    return "Somebody has it; take it back first." if asset.custodies.filter(returned_at=None).exists() else ""


@action(by=KEEPERS, when=lambda asset: _there(asset) or _is_out(asset))
def retire_asset(asset: Asset, *, by: Person) -> Asset:
    """Take `asset` out of use for good: it is wiped, then disposed of."""
    must_answer(asset, by)
    asset.state, asset.retired_at = AssetState.RETIRED, clock.now()
    return keep(asset)


@action(by=KEEPERS, when=_there)
def report_lost(asset: Asset, *, by: Person) -> Asset:
    """Say that `asset` is lost. Report it as an incident too, where data were on it."""
    asset.state = AssetState.LOST
    return keep(asset)


@action(by=KEEPERS, when=lambda asset: _there(asset) or _is_out(asset))
def merge_asset(asset: Asset, *, by: Person, into: Asset) -> Asset:
    """Say that `asset` is the same thing as another, which was registered twice."""
    if into.pk == asset.pk or into.state in GONE:
        raise ill(into="It is merged into another that is there.")
    asset.state, asset.merged_into = AssetState.MERGED, into
    return keep(asset)


def _can_go_out(asset: Asset) -> str:
    wrong = asset.state not in (AssetState.STOCK, AssetState.USE)
    return f"It is {asset.state}." if wrong else _is_out(asset)


@action(by=KEEPERS, makes=Custody, when=_can_go_out)
def hand_out(
    asset: Asset,
    *,
    by: Person,
    holder: PersonId,
    given_with: Annotated[Line | None, "what goes with it: charger, bag"] = None,
    at: When = None,
) -> Custody:
    """Hand `asset` out to somebody, who then signs for it. They acknowledged the rules of its class before, and it is wiped."""
    must_answer(asset, by)
    when = not_ahead(at)
    if why := _why_not_to(asset, holder):
        raise ill(holder=why)
    last = asset.custodies.order_by("-given_at", "-pk").first()
    if last is not None and last.returned_at is not None:
        if when < last.returned_at:
            raise ill(at="Somebody else had it then.")
        if asset.storage and last.holder != holder and not asset.sanitisations.filter(verified=True, at__gte=last.returned_at).exists():
            raise Refused("Somebody else had it before; wipe it, and let somebody look at it, first.")
    asset.state = AssetState.USE
    keep(asset)
    return keep(Custody(asset=asset, holder=holder, given_by=by.ref, given_at=when, given_with=given_with or ""))


def _why_not_to(asset: Asset, holder: str) -> str:
    """Return why `holder` may not have `asset`."""
    kind, somebody = asset.asset_class, known().get(holder)
    if kind is None:
        return ""
    if kind.rules_digest and not kind.acknowledgements.filter(person=holder, digest=kind.rules_digest).exists():
        return f"{holder} has not acknowledged the rules of {kind} yet."
    if kind.roles and somebody is not None and somebody.role not in kind.roles:
        return f"{holder} is {somebody.role or 'of no known role'}, whose role needs no {kind}."
    return ""


@action(by=STAFF, when=lambda custody: "It is signed for." if custody.signed_at else "It is back." if custody.returned_at else "")
def sign_custody(custody: Custody, *, by: Person) -> Custody:
    """Sign for what you were handed out."""
    if by.ref != custody.holder:
        raise NotAllowed("Whoever has it signs for it.")
    custody.signed_at = clock.now()
    return keep(custody)


@action(by=KEEPERS, when=lambda custody: "It is back already." if custody.returned_at else "")
def take_back(
    custody: Custody, *, by: Person, condition: Annotated[Line, "complete and whole, or what is missing or broken"], at: When = None
) -> Custody:
    """Take back what was handed out, and sign for that. Nobody takes back from themselves."""
    must_answer(custody.asset, by)
    if by.ref == custody.holder:
        raise NotAllowed("You have it; somebody else has to take it back.")
    when = not_ahead(at)
    if when < custody.given_at:
        raise ill(at="This lies before it was handed out.")
    custody.returned_at, custody.taken_by, custody.condition = when, by.ref, condition
    asset = custody.asset
    if asset.state == AssetState.USE:
        asset.state = AssetState.STOCK
        keep(asset)
    return keep(custody)
