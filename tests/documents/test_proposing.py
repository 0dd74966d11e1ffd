"""Measures proposed by wording alone, on sentences that nobody's page has, and by clause."""

import tomllib
from pathlib import Path

import pytest

from upheld.documents.importing.importing import ACCEPTED
from upheld.documents.importing.proposing import chapter_of, propose
from upheld.documents.importing.similarity import Index, stem, terms

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))["sentences"]


def test_wording_alone_finds_the_measure_for_most_sentences():
    found = [[proposal.measure for proposal in propose(sentence)] for sentence in SENTENCES]
    first = sum(proposals[:1] == [measure] for proposals, measure in zip(found, SENTENCES.values(), strict=True))
    among_five = sum(measure in proposals for proposals, measure in zip(found, SENTENCES.values(), strict=True))
    assert (len(SENTENCES), first >= 37, among_five >= 53) == (60, True, True), (first, among_five)


@pytest.mark.parametrize(
    "sentence",
    [
        "Our canteen serves lunch from noon.",
        "Founded in 1998, we have offices in Oslo and Turin.",
        "Our customers love the new colours.",
        "Hello.",
    ],
)
def test_what_is_no_measure_is_accepted_for_none(sentence):
    assert [proposal for proposal in propose(sentence) if proposal.confidence >= ACCEPTED] == []


def test_a_clause_makes_a_proposal_surer_and_says_so():
    bare = propose("It ends when people go.")
    cited = propose("It ends when people go.", ["ISO/IEC 27001:2013 A.9.2.6"])
    assert "authorization/leavers_removed" not in [proposal.measure for proposal in bare]
    because = {proposal.measure: proposal.because for proposal in cited}
    assert because["authorization/leavers_removed"].startswith("cites ISO/IEC 27001:2013 A.9.2.6")


def test_a_criterion_leads_to_measures_by_the_crosswalk():
    assert "authorization/account_owned" in [proposal.measure for proposal in propose("New users are registered.", ["SOC 2 CC6.2"])]


def test_a_heading_helps_a_fragment():
    assert propose("At night", under="Backups")[0].measure.startswith("backup/")
    assert propose("At night") == ()


def test_proposals_are_at_most_five_and_surest_first():
    proposals = propose("Access rights are granted, reviewed and removed by a formal process for all users and systems.")
    assert len(proposals) == 5
    assert [proposal.confidence for proposal in proposals] == sorted((proposal.confidence for proposal in proposals), reverse=True)
    assert all(0 < proposal.confidence < 1 for proposal in proposals)


def test_the_same_question_has_the_same_answer():
    assert propose("Disks are encrypted.") == propose("Disks are encrypted.")


def test_a_promise_without_proposals_gets_the_chapter_of_its_words():
    assert chapter_of("Backup.", ()) == "backup"


@pytest.mark.parametrize(
    ("one", "other"),
    [("policies", "policy"), ("encrypted", "encryption"), ("logging", "logs"), ("approval", "approved"), ("employees", "employment")],
)
def test_forms_of_a_word_have_one_stem(one, other):
    assert terms(one) == terms(other)


def test_short_words_keep_their_ends():
    assert [stem(word) for word in ("log", "logs", "bus", "plus", "ing", "used")] == ["log", "log", "bus", "plus", "ing", "used"]


def test_an_index_scores_the_same_text_highest_and_nothing_in_common_not_at_all():
    index = Index([("a", "Disks are encrypted."), ("b", "Visitors sign in."), ("b", "Guests get a badge.")])
    assert index.scores("Disks are encrypted.")["a"] == pytest.approx(1)
    assert set(index.scores("Guests are welcome.")) == {"b"}
    assert index.scores("Lunch at noon.") == {}
