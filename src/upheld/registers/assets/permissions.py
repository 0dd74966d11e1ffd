"""Actions on permissions: to take something off site, to carry a mobile device or a medium, to print, and to copy."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.registers.assets.kinds import GONE, OF_A_THING, AssetKind, Permitted
from upheld.registers.assets.models import Asset, AssetPermission
from upheld.registers.rules import LEADS, STAFF
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose


@action(by=STAFF, makes=AssetPermission)
def ask_permission(
    *,
    by: Person,
    kind: Permitted,
    why: Prose,
    person: Annotated[PersonId | None, "for whom; yourself if not given"] = None,
    asset: Annotated[Asset | None, "which thing, where it is to take one off site or to carry a medium"] = None,
    from_at: Annotated[datetime | None, "from when; now if not given"] = None,
    until_at: Annotated[datetime | None, "until when"] = None,
) -> AssetPermission:
    """Ask for leave to do what takes one. It holds once somebody else has granted it."""
    if kind in OF_A_THING and asset is None:
        raise ill(asset="Say which thing.")
    if asset is not None and asset.state in GONE:
        raise ill(asset=f"It is {asset.state}.")
    if kind is Permitted.MEDIUM and asset is not None and asset.kind != AssetKind.MEDIUM:
        raise ill(asset="This is no medium.")
    begins = from_at or clock.now()
    if until_at is not None and until_at <= begins:
        raise ill(until_at="It ends after it begins.")
    made = AssetPermission(kind=kind, person=person or by.ref, asset=asset, why=why, from_at=begins, until_at=until_at, asked_by=by.ref)
    return keep(made)


@action(
    by=(*LEADS, Role.MANAGER),
    apart_from=["ask-permission"],
    why_apart="nobody grants what they asked for",
    when=lambda permission: "" if permission.granted is None else "It is decided already.",
)
def decide_permission(
    permission: AssetPermission, *, by: Person, granted: bool, conditions: Annotated[Prose | None, "what must be kept to"] = None
) -> AssetPermission:
    """Grant `permission`, or refuse it. Nobody grants it to themselves."""
    if by.ref == permission.person:
        raise ill(granted="It is for you; somebody else has to decide.")
    permission.granted, permission.decided_by, permission.decided_at = granted, by.ref, clock.now()
    permission.conditions = conditions or ""
    return keep(permission)


def _in_force(permission: AssetPermission) -> str:
    if not permission.granted:
        return "It was not granted."
    return "It has ended." if permission.until_at is not None and permission.until_at <= clock.now() else ""


@action(by=STAFF, when=_in_force)
def end_permission(permission: AssetPermission, *, by: Person) -> AssetPermission:
    """Say that `permission` is needed no more, or taken back: it ends now."""
    permission.until_at = max(clock.now(), permission.from_at)
    return keep(permission)
