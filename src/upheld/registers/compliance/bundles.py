"""Actions on auditors' bundles: ask for one, and, by the product itself, say that it was made, or why it could not be."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

from upheld import clock, workspace
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.registers.compliance.space_models import AuditorBundle
from upheld.registers.rules import LEADS, fill
from upheld.registers.words import Prose

MOST_WAITING = 3  # of one person
SCOPES = ("all", "chapter", "document")


def folder() -> Path:
    """Return where bundles lie until they are fetched: they hold rows of the evidence, so that an erasure empties it."""
    return workspace.current().root / "prepared"


def _waits(bundle: AuditorBundle) -> str:
    return "It was made already." if bundle.made_at or bundle.trouble else ""


@action(by=(*LEADS, Role.AUDITOR), makes=AuditorBundle)
def ask_for_bundle(
    *,
    by: Person,
    about: Annotated[str, Text(20), "all, chapter or document"],
    from_at: Annotated[datetime, "the first instant"],
    as_of: Annotated[datetime, "the last instant"],
    name: Annotated[str | None, Text(120), "which chapter or document"] = None,
) -> AuditorBundle:
    """Ask for the bundle of your scope and period. The worker makes it; the page of your space shows how far it is."""
    if about not in SCOPES:
        raise ill(about=f"say {', '.join(SCOPES)}")
    if not any(_covers(held, (about, name or ""), from_at, as_of) for held in by.held):
        raise NotAllowed("This lies outside the scope and period that you audit.")
    if AuditorBundle.objects.filter(auditor=by.ref, made_at=None, trouble="").count() >= MOST_WAITING:
        raise Refused(f"{MOST_WAITING} bundles are being made for you already.")
    return keep(AuditorBundle(auditor=by.ref, about=about, name=name or "", from_at=from_at, as_of=as_of, asked_at=clock.now()))


def _covers(held: Held, about: tuple[str, str], from_at: datetime, as_of: datetime) -> bool:
    if held.role in LEADS:
        return True
    ends = held.until_on and datetime.combine(held.until_on, time(), UTC) + timedelta(days=1)
    within = (held.since_on is None or from_at.date() >= held.since_on) and (not ends or as_of <= ends)
    return held.role is Role.AUDITOR and within and (held.over is None or held.over == about)


@action(by=LEADS, when=_waits)
def note_bundle_made(
    bundle: AuditorBundle,
    *,
    by: Person,
    manifest: Annotated[str, Text(64), "the digest of its manifest, in hex"],
    size_bytes: Annotated[int, Number(1, 2**53), "how large it is"],
    disclose: Annotated[str, Text(10), "all, masked or none: whether rows of the evidence went along"],
) -> AuditorBundle:
    """Say that `bundle` was made; done by the worker, which keeps it for a day."""
    _by_the_product(by)
    return keep(fill(bundle, made_at=clock.now(), manifest=manifest, size_bytes=size_bytes, disclose=disclose))


@action(by=LEADS, when=_waits)
def note_bundle_failed(bundle: AuditorBundle, *, by: Person, trouble: Prose) -> AuditorBundle:
    """Say why `bundle` could not be made; done by the worker."""
    _by_the_product(by)
    return keep(fill(bundle, trouble=trouble))


def _by_the_product(by: Person) -> None:
    if by.via != "worker":
        raise NotAllowed("This is done by the worker.")
