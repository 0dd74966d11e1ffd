"""A version of a document is drafted, approved by somebody else, published, and in force from then on."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.models import Step
from upheld.documents.publication import documents, published_rows
from upheld.documents.published import in_force, versions
from upheld.ledger import sequencer, store
from upheld.registers.governance.publication_models import DocumentVersion, Stage
from upheld.registers.governance.publishing import (
    approve_document,
    change_grace,
    draft_document,
    publish_document,
    send_back_document,
    withdraw_document,
)
from upheld.workspace import Workspace

MINI = """id = "mini"
title = "Mini"
version = "{}"
[[sections]]
number = "1"
title = "People"
[[promises]]
id = "mini:1"
section = "1"
chapter = "people"
text = "{}"
measures = ["people/role_known"]
"""


@pytest.fixture
def file(ledger: Workspace) -> Path:
    path = ledger.documents / "mini.toml"
    path.write_text(MINI.format("1", "Everybody has a role."), encoding="utf-8")
    return path


@pytest.fixture
def dpo(ledger: Workspace) -> Person:
    return person("dora", Role.DPO)


def now(version: DocumentVersion) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=version.pk)


def published(lead: Person, dpo: Person, **how: object) -> DocumentVersion:
    version = draft_document(by=lead, document="mini", summary="new")
    approve_document(version, by=dpo)
    return publish_document(now(version), by=lead, **how)


def text() -> str:
    return next(each for each in documents() if each.id == "mini").promises[0].text


def test_what_was_approved_is_published_word_for_word_whatever_the_file_says_then(file: Path, lead: Person, dpo: Person) -> None:
    version = draft_document(by=lead, document="mini", summary="new")
    file.write_text(MINI.format("1", "Most have a role."), encoding="utf-8")
    approve_document(version, by=dpo)
    with pytest.raises(Refused, match="is approved, not in review"):
        send_back_document(now(version), by=dpo, note="No.")
    publish_document(now(version), by=lead)
    assert text() == "Everybody has a role."
    (row,) = published_rows()
    assert row["published_digest"] == row["approved_digest"] != row["current_digest"]


def test_nobody_approves_what_they_wrote(file: Path, lead: Person) -> None:
    version = draft_document(by=lead, document="mini", summary="new")
    for decide in (approve_document, lambda each, by: send_back_document(each, by=by, note="No.")):
        with pytest.raises(SamePerson, match="somebody else has to do this"):
            decide(version, by=lead)
    assert in_force() == {}


def test_whoever_leads_nothing_publishes_nothing(file: Path, ada: Person) -> None:
    with pytest.raises(NotAllowed):
        draft_document(by=ada, document="mini", summary="new")


def test_the_next_version_supersedes_the_one_before(file: Path, lead: Person, dpo: Person) -> None:
    first = published(lead, dpo)
    file.write_text(MINI.format("2", "Everybody who works here has a role."), encoding="utf-8")
    assert text() == "Everybody has a role."
    with clock.at(clock.now() + timedelta(days=1)):
        second = published(lead, dpo, grace_hours=48)
        assert (now(first).state, now(second).state, now(second).before) == (Stage.SUPERSEDED, Stage.PUBLISHED, first.digest)
        assert text() == "Everybody who works here has a role."
    assert [each.document.version for each in versions("mini")] == ["2", "1"]


def test_there_is_nothing_to_draft_where_the_file_says_what_is_published(file: Path, lead: Person, dpo: Person) -> None:
    published(lead, dpo)
    with pytest.raises(Refused, match="nothing to draft"):
        draft_document(by=lead, document="mini", summary="again")
    with pytest.raises(Ill, match="there is no document"):
        draft_document(by=lead, document="maxi", summary="new")


def test_one_version_waits_at_a_time(file: Path, lead: Person, dpo: Person) -> None:
    version = draft_document(by=lead, document="mini", summary="new")
    with pytest.raises(Refused, match="waits already"):
        draft_document(by=dpo, document="mini", summary="mine")
    withdraw_document(version, by=lead, note="Not yet.")
    again = draft_document(by=dpo, document="mini", summary="mine")
    send_back_document(again, by=lead, note="Say who.")
    with pytest.raises(Refused, match="is sent back, not approved"):
        publish_document(now(again), by=lead)


def test_a_text_that_was_changed_behind_our_back_is_not_approved(file: Path, ledger: Workspace, lead: Person, dpo: Person) -> None:
    version = draft_document(by=lead, document="mini", summary="new")
    kept = ledger.root / "files" / version.digest[:2] / version.digest
    kept.write_bytes(kept.read_bytes().replace(b"Everybody", b"Somebody."))
    with pytest.raises(Refused, match="changed behind the product's back"):
        approve_document(version, by=dpo)


def test_grace_is_at_most_three_days_and_each_change_of_it_is_entered(file: Path, lead: Person, dpo: Person) -> None:
    hours = next(each for each in publish_document.parameters if each.name == "grace_hours")
    assert (hours.kind.least, hours.kind.most) == (0, 72)
    version = published(lead, dpo, grace_hours=24)
    change_grace(now(version), by=lead, grace_hours=0, note="Customers asked.")
    assert now(version).grace_hours == 0
    assert Step.objects.filter(action="governance.change-grace").count() == 1
    sequencer.sequence()
    log = store.current()
    assert log is not None
    kinds = [data for data in log.entries(0, log.size()) if b'"document.published"' in data or b'"document.approved"' in data]
    assert len(kinds) == 2 and all(version.digest.encode() in data for data in kinds)
