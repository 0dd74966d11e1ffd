"""A company whose document is published and whose Trust Center is open: four promises, of which one breaks and two are shown in part."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.world import account, person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State
from upheld.documents.models import Step
from upheld.documents.publication import record
from upheld.ledger.sequencer import sequence
from upheld.registers.trust import opening
from upheld.registers.trust.models import Shown, TrustCenter
from upheld.workspace import Workspace

LEAVERS, RESTORES = "authorization/leavers_removed", "backup/restore_proven"
DOCUMENT = """
id = "acme"
title = "How Acme protects data"
version = "3"
intro = "What we do."
[[sections]]
number = "1"
title = "Access"
[[sections]]
number = "2"
title = "Backups"
""" + "".join(
    f"""
[[promises]]
id = "acme:{number}"
section = "{number[0]}"
chapter = "{measure.partition("/")[0]}"
text = "{text}"
measures = ["{measure}"]
"""
    for number, measure, text in (
        ("1.1", LEAVERS, "Accounts of people who leave are closed on their last day."),
        ("1.2", LEAVERS, "Nobody keeps rights."),
        ("2.1", RESTORES, "Every backup is restored and looked at."),
        ("2.2", "backup/never_judged", "Backups lie in two places."),
    )
)
SECRET_NAMES = ("Mallory Quill", "crm-db-7.internal.example", "P-lea", "directory")


@pytest.fixture
def lead(ledger: Workspace) -> Person:
    """The security lead at work."""
    return person(account("lea", Role.SECURITY_LEAD))


@pytest.fixture
def published(ledger: Workspace, noon: datetime) -> Workspace:
    """The workspace, its document published a month ago."""
    (ledger.root / "documents").mkdir(exist_ok=True)
    (ledger.documents / "acme.toml").write_text(DOCUMENT, encoding="utf-8")
    with clock.at(noon - timedelta(days=30)):
        for step in (Step.APPROVED, Step.PUBLISHED):
            record("acme", step, by="P-lea")
    return ledger


def leaver(name: str, ok: bool | None = True) -> Outcome:
    return Outcome(name, name, ok, "left, and still there" if ok is False else "gone")


@pytest.fixture
def center(published: Workspace, judged, lead: Person, noon: datetime) -> TrustCenter:
    """The Trust Center, open: leavers upheld for twenty days and broken since two, restores upheld since twenty days."""
    for days, ok in ((20, True), (10, True), (2, False), (0, False)):
        at = noon - timedelta(days=days)
        judged(State.UPHELD, leaver("crm-db-7.internal.example"), measure=RESTORES, at=at)
        judged(State.UPHELD if ok else State.BROKEN, leaver("Mallory Quill", ok), leaver("Ann"), at=at)
    with clock.at(noon - timedelta(days=20)):
        made = opening.open_trust_center(
            by=lead,
            company="Acme",
            contact="security@acme.example",
            contact_until_on=(noon + timedelta(days=211)).date(),
            about="We keep data.",
            public=Shown.NUMBERS,
        )
        opening.show_promise(by=lead, promise="acme:1.2", public=Shown.SENTENCE, customers=Shown.STATE, why="It is being argued about.")
    sequence()
    return made


@pytest.fixture
def stranger() -> Client:
    """A browser of somebody whom nobody knows."""
    return Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.9")
