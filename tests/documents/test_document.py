from pathlib import Path

import pytest

from upheld.documents.document import Document, from_said, in_directory, load, shipped
from upheld.documents.fields import DocumentError

SMALL = """
id = "acme"
title = "What Acme promises"

[[sections]]
number = "1"
title = "Access"

[[promises]]
id = "acme:1.1"
section = "1"
chapter = "access"
text = "We lock screens."
measures = ["access/screen_locks"]
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, name: str = "acme.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_small_document_is_read_whole(written):
    document = load(written(SMALL))
    assert (document.id, document.language, document.version) == ("acme", "en", "1")
    assert [section.title for section in document.sections] == ["Access"]
    assert document.promise("acme:1.1").measures == ("access/screen_locks",)
    assert document.promises_in("1") == document.promises


def test_a_promise_that_is_not_there_is_a_key_error(written):
    with pytest.raises(KeyError, match="acme:9"):
        load(written(SMALL)).promise("acme:9")


def test_spacing_does_not_change_the_digest_and_words_do(written):
    spaced = load(written(SMALL.replace(" = ", "   =   "), "spaced.toml"))
    changed = load(written(SMALL.replace("We lock", "We always lock"), "changed.toml"))
    assert load(written(SMALL)).digest == spaced.digest != changed.digest
    assert len(spaced.digest) == 64


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('text = "We lock screens."', 'text = "  "', "promise acme:1.1: `text` is empty"),
        ('text = "We lock screens."', "text = 3", "`text` is a number; put it in quotes"),
        ('text = "We lock screens."', "", "`text` is missing; add it"),
        ('section = "1"\nch', 'section = "7"\nch', "there is no section 7"),
        ('chapter = "access"', 'chapter = "acess"', "there is no chapter `acess`; use one of governance"),
        ('measures = ["access/screen_locks"]', 'measures = "access/screen_locks"', "`measures` is not a list of texts"),
        ('measures = ["access/screen_locks"]', 'measuers = ["access/screen_locks"]', "there is no field `measuers`"),
        ('id = "acme:1.1"', 'id = "other:1.1"', "its `id` is the document's, a colon"),
        ('id = "acme:1.1"', 'id = "acme:1 1"', "its `id` is the document's, a colon"),
        ('id = "acme"', 'id = "Acme Ltd"', "`id` is 'Acme Ltd'; use lower case letters"),
        ('id = "acme"', "", "`id` is missing"),
        ("[[promises]]", "[promises]", "`promises` is a table; write each entry under [[promises]]"),
        ("[[promises]]", "[[promises", "not TOML"),
        (
            'measures = ["access/screen_locks"]',
            'proposed = [{ measure = "access/screen_locks", confidence = 3 }]',
            "promise acme:1.1: proposed access/screen_locks: `confidence` is 3.0; it lies between 0 and 1",
        ),
    ],
)
def test_an_error_names_the_file_the_place_and_the_remedy(written, old, new, says):
    path = written(SMALL.replace(old, new))
    with pytest.raises(DocumentError) as raised:
        load(path)
    assert says in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_promise_written_twice_is_refused(written):
    again = SMALL[SMALL.index("[[promises]]") :]
    with pytest.raises(DocumentError, match=r"promise acme:1\.1 stands 2 times"):
        load(written(SMALL + again))


def test_a_file_that_is_missing_or_not_utf8_is_said_plainly(tmp_path: Path):
    with pytest.raises(DocumentError, match="cannot be read"):
        load(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes('title = "Maßnahmen"'.encode("latin-1"))
    with pytest.raises(DocumentError, match="not UTF-8"):
        load(tmp_path / "latin.toml")


def test_a_directory_gives_its_documents_by_name_and_refuses_two_of_one_id(written, tmp_path: Path):
    written(SMALL, "b.toml")
    written(SMALL.replace("acme", "zeta"), "a.toml")
    assert [document.id for document in in_directory(tmp_path)] == ["zeta", "acme"]
    written(SMALL, "c.toml")
    with pytest.raises(DocumentError, match="document `acme` is already"):
        in_directory(tmp_path)


def test_a_workspace_without_documents_has_none(tmp_path: Path):
    assert in_directory(tmp_path / "documents") == ()


# The counts are those of the list of promises the product was founded on.
ISO = {
    "1.1": 7, "1.2": 6, "1.3": 5, "2": 6, "3.1": 8, "4.1": 6, "4.2": 5, "4.3": 9, "5": 3, "6": 3, "7.1": 2, "7.2": 8, "7.3": 2,
    "7.4": 5, "8": 3, "9.1": 6, "9.2": 1, "9.3": 3, "9.4": 8,
}  # fmt: skip
CLOUD = {"general": 7, "training": 2, "physical": 7, "access": 11, "assets": 12, "incidents": 3, "application": 3}


@pytest.mark.parametrize(("position", "separator", "counts"), [(0, ".", ISO), (1, ".", CLOUD)])
def test_every_founding_promise_stands_exactly_once(position, separator, counts):
    document: Document = shipped()[position]
    expected = [f"{document.id}:{section}{separator}{n}" for section, count in counts.items() for n in range(1, count + 1)]
    assert [promise.id for promise in document.promises] == expected


def test_the_founding_documents_have_96_and_45_promises():
    assert [len(document.promises) for document in shipped()] == [96, 45]


GERMAN = """
[[wordings]]
language = "de"
title = "Was Acme verspricht"
[wordings.sections]
"1" = "Zugang"
[wordings.promises]
"acme:1.1" = "Wir sperren Bildschirme."
"""


def test_a_document_is_read_in_the_languages_that_it_is_worded_in(written):
    document = load(written(SMALL + GERMAN))
    german = document.in_language("de")
    assert (german.language, german.title, german.sections[0].title) == ("de", "Was Acme verspricht", "Zugang")
    assert german.promise("acme:1.1").text == "Wir sperren Bildschirme." and german.promise("acme:1.1").measures == ("access/screen_locks",)
    assert document.in_language("fr") is document and document.in_language("en") is document
    assert from_said(document.said) == document


def test_a_wording_is_part_of_what_is_approved_and_a_document_without_one_keeps_its_digest(written):
    plain, worded = load(written(SMALL)), load(written(SMALL + GERMAN, "worded.toml"))
    otherwise = load(written(SMALL + GERMAN.replace("sperren", "zeigen"), "otherwise.toml"))
    assert len({plain.digest, worded.digest, otherwise.digest}) == 3
    assert b"wordings" not in plain.said and from_said(plain.said) == plain


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('"acme:1.1" = "Wir', '"acme:1.2" = "Wir', "wording de: promise acme:1.1 is missing"),
        ('"1" = "Zugang"', "", "wording de: section 1 is missing"),
        ('"1" = "Zugang"', '"1" = "Zugang"\n"2" = "Mehr"', "wording de: there is no section 2"),
        ('language = "de"', 'language = "en"', "wording en stands 2 times"),
        ('"Wir sperren Bildschirme."', "3", "not a table of texts"),
        ('title = "Was', 'titel = "Was', "`title` is missing"),
    ],
)
def test_half_a_wording_is_refused(written, was, becomes, says):
    assert was in GERMAN
    with pytest.raises(DocumentError, match=says):
        load(written(SMALL + GERMAN.replace(was, becomes)))


def test_the_shipped_documents_say_every_promise_in_german():
    for document in shipped():
        german = document.in_language("de")
        assert german.language == "de" and len({each.text for each in german.promises}) == len(document.promises)
        same = [each.id for each in document.promises if german.promise(each.id).text == each.text]
        assert same == []
