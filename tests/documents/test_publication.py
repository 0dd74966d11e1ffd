"""A document's approval, publication and review are steps that somebody took, and entries of the ledger."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from upheld import clock
from upheld.documents.document import Document
from upheld.documents.fields import DocumentError
from upheld.documents.models import DocumentStep, Step
from upheld.documents.publication import documents, published_rows, record, texts
from upheld.documents.published import in_force, versions
from upheld.ledger import sequencer
from upheld.ledger.models import Entry
from upheld.sources import configured
from upheld.sources.collecting import collect

MONDAY = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def ledger(workspace):
    sequencer.init("test.example/ledger/main/1")
    return workspace


@pytest.fixture
def people(ledger, tmp_path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id,name,ended_on\n7,Ada,\n8,Bo,2026-01-31\n", encoding="utf-8")
    with clock.at(MONDAY):
        configured.add("hr", "people", {"file": str(path)})
        collect(configured.named("hr"))
    return path


def step(what: Step, by: str = "7", document: str = "iso") -> None:
    with clock.at(MONDAY + timedelta(hours=1)):
        record(document, what, by=by)


def test_the_steps_of_a_document_are_what_its_row_says(people):
    for what in Step:
        step(what)
    (row,) = published_rows()
    assert (row["id"], row["published_digest"] == row["approved_digest"] == row["current_digest"]) == ("iso", True)
    assert row["reviewed_at"] == MONDAY + timedelta(hours=1)


def test_a_text_that_nobody_approved_is_not_published(people):
    with pytest.raises(DocumentError, match="nobody approved this text"):
        step(Step.PUBLISHED)


def test_a_text_changed_since_its_approval_is_not_published(people, ledger):
    step(Step.APPROVED)
    shipped = Path(record.__code__.co_filename).with_name("iso.toml").read_text(encoding="utf-8")
    (ledger.documents / "iso.toml").write_text(shipped.replace("every employee", "some employees"), encoding="utf-8")
    with pytest.raises(DocumentError, match="nobody approved this text"):
        step(Step.PUBLISHED)


@pytest.mark.parametrize(("by", "why"), [("", "say who"), ("nobody", "nobody's id"), ("8", "left on 2026-01-31")])
def test_only_somebody_who_works_here_can_take_a_step(people, by, why):
    with pytest.raises(DocumentError, match=why):
        step(Step.APPROVED, by)
    assert DocumentStep.objects.count() == 0


def test_where_no_hr_list_is_read_the_name_is_taken_as_given(ledger):
    step(Step.APPROVED, "anybody")
    assert DocumentStep.objects.get().by == "anybody"


def test_an_unknown_document_is_refused(people):
    with pytest.raises(DocumentError, match="there is no document 'isso'"):
        step(Step.APPROVED, document="isso")


def test_the_entry_names_the_text_and_not_the_person(people):
    step(Step.APPROVED)
    sequencer.sequence()
    (entry,) = [bytes(each.data) for each in Entry.objects.all() if b"document.approved" in bytes(each.data)]
    (row,) = published_rows()
    assert str(row["approved_digest"]).encode() in entry
    assert b'"by":"7"' not in entry


def test_shipped_documents_that_the_company_never_touched_are_not_its_documents(ledger):
    assert list(published_rows()) == []


def test_what_was_published_stays_in_force_until_the_next_version_is(people, ledger):
    for what in (Step.APPROVED, Step.PUBLISHED):
        step(what)
    file = ledger.documents / "iso.toml"
    shipped = Path(documents.__code__.co_filename).with_name("iso.toml").read_text(encoding="utf-8")
    file.write_text(shipped.replace("every employee", "some employees").replace('version  = "2"', 'version = "3"'), encoding="utf-8")
    before, draft = text_of("iso", documents()), text_of("iso", texts())
    assert before.digest != draft.digest
    with clock.at(MONDAY + timedelta(days=2)):
        record("iso", Step.APPROVED, by="7")
        record("iso", Step.PUBLISHED, by="7")
    assert text_of("iso", documents()) == draft
    assert [each.document for each in versions("iso")] == [draft, before]
    assert in_force(MONDAY + timedelta(days=1))["iso"].document == before
    assert in_force(MONDAY) == {}


def test_a_published_text_that_was_changed_behind_our_back_is_none(people, ledger):
    for what in (Step.APPROVED, Step.PUBLISHED):
        step(what)
    digest = versions("iso")[0].document.digest
    path = ledger.root / "files" / digest[:2] / digest
    path.write_bytes(path.read_bytes().replace(b"every", b"never"))
    assert versions("iso") == ()
    assert in_force() == {}


def text_of(document: str, among: tuple[Document, ...]) -> Document:
    return next(each for each in among if each.id == document)
