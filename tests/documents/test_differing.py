"""What differs between two versions of a document."""

from dataclasses import replace

from upheld.documents.differing import Kind, Piece, differences
from upheld.documents.document import Document, Promise, Section, Wording

ONE = Promise(
    "mini:1", "1", "people", "Everybody signs within a month.", "A.6.6", ("ISO/IEC 27001:2022 A.6.6",), ("people/signed", "people/known")
)
TWO = Promise("mini:2", "1", "people", "Nobody enters alone.", "", (), ("physical/escorted",))
BEFORE = Document("mini", "Mini", "en", "1", "", (Section("1", "People"), Section("2", "Doors")), (ONE, TWO))


def after(*promises: Promise) -> Document:
    return replace(BEFORE, version="2", promises=promises)


def test_the_same_text_differs_in_nothing():
    assert differences(BEFORE, after(ONE, TWO)) == ()


def test_where_nothing_was_published_all_is_new():
    assert [each.kind for each in differences(None, BEFORE)] == [Kind.ADDED, Kind.ADDED]


def test_changed_words_are_told_word_by_word_and_what_it_no_longer_rests_on():
    (found,) = differences(BEFORE, after(replace(ONE, text="Everybody signs within a year.", measures=("people/signed",)), TWO))
    assert found.kind is Kind.CHANGED and found.weakened
    assert found.pieces == (Piece("Everybody signs within a"), Piece("month.", "before"), Piece("year.", "after"))
    assert found.more == ("no longer measures: people/known",)


def test_what_is_gone_comes_last_and_what_moved_says_where_to():
    found = differences(BEFORE, after(replace(TWO, section="2")))
    assert [(each.kind, each.id) for each in found] == [(Kind.MOVED, "mini:2"), (Kind.REMOVED, "mini:1")]
    assert found[0].more == ("section: 1 became 2",)


def test_another_wording_of_the_same_sentence_is_told():
    said = {"mini:1": "Alle unterschreiben.", "mini:2": "Niemand geht allein hinein."}
    german = Wording("de", "Mini", "", {"1": "Menschen", "2": "Türen"}, said)
    reworded = replace(german, promises={**said, "mini:2": "Fast niemand geht allein hinein."})
    (found,) = differences(replace(BEFORE, wordings=(german,)), replace(BEFORE, wordings=(reworded,)))
    assert (found.kind, found.id) == (Kind.CHANGED, "mini:2")
    assert found.more == ("in de: Niemand geht allein hinein. became Fast niemand geht allein hinein.",)
    assert [each.id for each in differences(BEFORE, replace(BEFORE, wordings=(german,)))] == ["mini:1", "mini:2"]
