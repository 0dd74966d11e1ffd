"""Two workspaces that say the same to the public and differ in all that is hidden: every public byte of theirs is the same."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import orjson
import pytest
from django.db import connection, transaction
from django.test import Client
from tests.conftest import point_at
from tests.web.trust.conftest import DOCUMENT, LEAVERS, RESTORES, leaver
from tests.web.trust.test_public_site import everything, policy
from tests.world import account

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.checks.verdict import Outcome, State, Verdict
from upheld.documents.models import Step
from upheld.documents.publication import record
from upheld.exports.papers import paper, vouching
from upheld.ledger import store
from upheld.ledger.append import append
from upheld.ledger.sequencer import sequence
from upheld.registers.privacy import customers
from upheld.registers.trust import opening
from upheld.registers.trust.models import Shown
from upheld.verdicts.keeping import keep
from upheld.web.trust import serving
from upheld.web.trust.site import Site
from upheld.web.trust.writing import files
from upheld.workspace import Workspace

UNSAID = "change/changes_approved"
# The second promise rests on a measure of its own, and shows its sentence alone: how that stands is hidden.
TEXT = f'"{UNSAID}"'.join(DOCUMENT.rsplit(f'"{LEAVERS}"', 1))


@pytest.fixture
def live(ledger: Workspace, lead: Person, noon: datetime, settings, monkeypatch):
    """What a company does in public over twenty days, in a workspace of its own; with `hidden`, and much besides."""
    settings.ADDRESS = "https://upheld.acme.example"
    for module in (paper, vouching):  # the one thing of the ledger's that a PDF has
        monkeypatch.setattr(module, "note", lambda log: "a checkpoint")
    connection.close()

    def lived(name: str, *, hidden: bool) -> dict[str, bytes]:
        space = Workspace(ledger.root.with_name(name))
        for mine, its in ((ledger.root, space.root), (ledger.keys, space.keys)):
            copytree(mine, its)  # so that name and key of the ledger, which are public, are the same
        monkeypatch.setenv("UPHELD_WORKSPACE", str(space.root))
        point_at(space.database)
        days(space, lead, noon, hidden=hidden)
        sequence()
        return shown()

    return lived


def days(space: Workspace, lead: Person, noon: datetime, *, hidden: bool) -> None:
    """What becomes of the company until `noon`."""
    (space.documents / "acme.toml").write_text(TEXT, encoding="utf-8")
    with clock.at(noon - timedelta(days=29)):
        for step in (Step.APPROVED, Step.PUBLISHED):
            record("acme", step, by="P-lea")
    with clock.at(noon - timedelta(days=20)):
        told = {"company": "Acme", "contact": "security@acme.example", "contact_until_on": (noon + timedelta(days=211)).date()}
        opening.open_trust_center(by=lead, public=Shown.NUMBERS, **told)
        more = Shown.NUMBERS if hidden else Shown.SENTENCE
        opening.show_promise(by=lead, promise="acme:1.2", public=Shown.SENTENCE, customers=more, why="Hidden." * (1 + hidden))
    policy(lead, "open-plan", public=True)
    if hidden:
        unseen(space.documents, lead)
    for ago, ok in ((20, True), (10, True), (2, False), (0, False)):
        with clock.at(noon - timedelta(days=ago)) as at:
            judge(at, ok, leaver("Zed", False) if hidden else leaver("Ann", ok), hidden)


def judge(at: datetime, ok: bool, who: Outcome, hidden: bool) -> None:
    """Judge what is shown, and what is not."""
    said = {"as_of": at, "population": 2, "passed": 2 if ok else 1, "failed": 0 if ok else 1, "failing": () if ok else (who,)}
    found = [Verdict(LEAVERS, State.UPHELD if ok else State.BROKEN, f"as of {who.label}", **said)]
    found.append(Verdict(RESTORES, State.UPHELD, f"by {who.label}", as_of=at, population=1, passed=1))
    found.append(Verdict(UNSAID, State.BROKEN if hidden else State.UPHELD, "", as_of=at, population=7 if hidden else 3))
    if hidden:
        found.append(Verdict("operations/clocks_agree", State.BROKEN, who.label, as_of=at, population=1, failed=1, failing=(who,)))
    keep(found, at, {})


def unseen(documents: Path, lead: Person) -> None:
    """What the public never learns of: a draft, a policy, customers, accounts, and whatever else the ledger has."""
    (documents / "draft.toml").write_text(TEXT.replace("acme", "draft"), encoding="utf-8")
    policy(lead, "secret-plan", public=False)
    customers.enter_customer(by=lead, name="brand", title="Brand", owner="P-lea", from_on=clock.now().date())
    account("zoe", Role.CUSTOMER, over=("customer", "brand"))
    with transaction.atomic():
        for _ in range(70):
            append("settings.changed", subject=("setting", "parameters.toml"), body={"sha256": "0" * 64})


def shown() -> dict[str, bytes]:
    """Every public byte, with the ids of entries, which are random, as what the entries are about."""
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    site, log = serving.current(), store.current()
    entries = [orjson.loads(log.entry(number)) for number in range(log.size())]
    about = {each["id"]: f"{each['kind']} {each.get('subject', {}).get('id', '')} {each['ts']}" for each in entries}
    found = everything(stranger) | {f"file {path}": content for path, content in files(Site(site.public, "index.html"))}
    found |= {path: stranger.get(f"/trust/{path}").content for path in site.maps} | {"robots.txt": stranger.get("/robots.txt").content}
    said = {}
    for path, content in found.items():
        for entry in site.entries:
            path, content = path.replace(entry, about[entry]), content.replace(entry.encode(), about[entry].encode())
        said[path] = content
    return said


def test_what_is_hidden_is_in_no_public_byte(live, lead):
    plain, other = live("plain", hidden=False), live("other", hidden=True)
    assert plain.keys() == other.keys() and len(plain) > 90
    assert {"documents/acme/paper.pdf", "oscal/assessment-results.json", "sitemap.xml", "file robots.txt"} <= plain.keys()
    of_the_ledger = {path for path in plain if plain[path] != other[path]}
    proofs = {path for path in plain if path.endswith(".tlog-proof")}
    heads = {f"{way}verify/{name}" for way in ("", "file ") for name in ("", "index.html", "index.json", "checkpoint")} & plain.keys()
    assert of_the_ledger == proofs | heads and len(proofs) == 6  # the control: the ledgers are two
    assert {path: content for path, content in other.items() if re.search(rb"Zed|draft|secret-plan|Brand", content)} == {}
    opening.show_promise(by=lead, promise="acme:1.2", public=Shown.STATE, customers=Shown.NUMBERS, why="Everybody may know.")
    site = serving.current()
    assert site.file("documents/acme/").content != other["documents/acme/"]  # the control: what is public changes them
    assert site.file("documents/acme/paper.pdf").content != other["documents/acme/paper.pdf"]
