"""Actions on the end of things: wiping, looking whether anything is left, and disposal in its four steps."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.registers.assets.inventory import KEEPERS, must_answer
from upheld.registers.assets.kinds import GONE, AssetState, Method
from upheld.registers.assets.models import Asset, Disposal, Sanitisation
from upheld.registers.rules import STAFF, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Prose

When = Annotated[datetime | None, "when; now if not given"]


def _with_storage(asset: Asset) -> str:
    if asset.state in GONE:
        return f"It is {asset.state}."
    return "" if asset.storage else "No data can be stored on it."


@action(by=STAFF, makes=Sanitisation, when=_with_storage)
def sanitise_asset(
    asset: Asset,
    *,
    by: Person,
    method: Annotated[Method, "as in NIST SP 800-88"],
    report: Annotated[Kept | None, "what the tool reported"] = None,
    at: When = None,
) -> Sanitisation:
    """Say that you wiped or destroyed the storage of `asset`. Somebody else then looks whether anything is left."""
    return keep(Sanitisation(asset=asset, method=method, person=by.ref, at=not_ahead(at), report=report.sha256 if report else ""))


@action(
    by=STAFF,
    apart_from=["sanitise-asset"],
    why_apart="nobody vouches for their own wiping",
    when=lambda sanitisation: "" if sanitisation.verified is None else "Somebody looked already.",
)
def verify_sanitisation(
    sanitisation: Sanitisation,
    *,
    by: Person,
    verified: Annotated[bool, "whether nothing was left"],
    looked_at: Annotated[Line, "what you read back: blocks, sectors, the remains"],
    at: When = None,
) -> Sanitisation:
    """Say what you found when you read a sample of `sanitisation` back."""
    when = not_ahead(at)
    if when < sanitisation.at:
        raise ill(at="This lies before the wiping.")
    sanitisation.verified, sanitisation.verified_by, sanitisation.verified_at, sanitisation.looked_at = verified, by.ref, when, looked_at
    return keep(sanitisation)


def _can_go(asset: Asset) -> str:
    if asset.state in GONE:
        return f"It is {asset.state}."
    return "Somebody has it; take it back first." if asset.custodies.filter(returned_at=None).exists() else ""


@action(by=KEEPERS, makes=Disposal, when=_can_go)
def request_disposal(asset: Asset, *, by: Person, why: Prose) -> Disposal:
    """Ask that `asset` be disposed of."""
    if asset.disposals.exists():
        raise Refused("Its disposal was asked for already.")
    return keep(Disposal(asset=asset, why=why, requested_by=by.ref, requested_at=clock.now()))


@action(
    by=KEEPERS,
    apart_from=["request-disposal"],
    why_apart="a disposal is approved by somebody who did not ask for it",
    when=lambda disposal: "It is approved already." if disposal.approved_at else "",
)
def approve_disposal(disposal: Disposal, *, by: Person) -> Disposal:
    """Approve `disposal`; the asset is then wiped."""
    disposal.approved_by, disposal.approved_at = by.ref, clock.now()
    return keep(disposal)


def _to_certify(disposal: Disposal) -> str:
    if disposal.certified_at:
        return "The certificate is there already."
    if not disposal.approved_at:
        return "It is not approved yet."
    wiped = disposal.asset.sanitisations.filter(verified=True, at__gte=disposal.approved_at).exists()
    return "" if wiped or not disposal.asset.storage else "Its storage was not wiped and looked at since it was approved."


@action(by=KEEPERS, when=_to_certify)
def certify_disposal(
    disposal: Disposal,
    *,
    by: Person,
    witness: Annotated[PersonId, "who watched, beside you"],
    certificate: Annotated[Kept, "the certificate of destruction or of wiping"],
) -> Disposal:
    """Hand in the certificate of `disposal`. What can store data must be wiped, and looked at, after it was approved."""
    if witness == by.ref:
        raise ill(witness="Somebody beside you has to watch.")
    disposal.witness, disposal.certificate, disposal.certified_at = witness, certificate.sha256, clock.now()
    return keep(disposal)


def _to_leave(disposal: Disposal) -> str:
    if disposal.disposed_at:
        return "It is gone already."
    return "" if disposal.certified_at else "There is no certificate yet."


@action(by=KEEPERS, when=_to_leave)
def dispose(disposal: Disposal, *, by: Person) -> Disposal:
    """Say that the asset has left the company."""
    must_answer(disposal.asset, by)
    disposal.disposed_at = clock.now()
    asset = disposal.asset
    asset.state, asset.disposed_at = AssetState.DISPOSED, disposal.disposed_at
    keep(asset)
    return keep(disposal)
