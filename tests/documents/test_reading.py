"""What cannot be read is refused in words; what had to be assumed is said."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.making import docx_page, locked_pdf, pdf

from upheld.documents.importing.block import Kind, UnreadableError
from upheld.documents.importing.html import read_html
from upheld.documents.importing.importing import import_file
from upheld.documents.importing.plain import read_plain
from upheld.documents.importing.reading import read

SENTENCES = "We lock all screens. Zürich is our only site."


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", "read as utf-16-le, which the file does not say"),
        ("utf-16-be", "read as utf-16-be, which the file does not say"),
        ("latin-1", "read as cp1252, which the file does not say"),
    ],
)
def test_an_encoding_is_recognised_and_a_guess_is_said(tmp_path: Path, encoding: str, note: str | None):
    path = tmp_path / "page.txt"
    path.write_bytes(SENTENCES.encode(encoding))
    reading = read(path)
    assert reading.blocks[0].text == SENTENCES
    assert reading.notes == ((note,) if note else ())


def test_what_had_to_be_replaced_is_counted(tmp_path: Path):
    path = tmp_path / "page.txt"
    path.write_bytes("Zürich, Genève, Malmö: doors are locked. ".encode() + b"\xff\xfe end.")
    assert read(path).notes[1] == "2 characters could not be read as utf-8 and were replaced"


def test_a_declared_encoding_is_believed(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_bytes('<html><head><meta charset="windows-1251"></head><body><p>Двери are locked.</p></body></html>'.encode("cp1251"))
    assert read(path).blocks[0].text == "Двери are locked."


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.txt", b"", "is empty"),
        ("page.txt", b" \n\n", "is empty"),
        ("page.txt", b"\x00" * 50, "is empty"),
        ("page.txt", bytes(range(256)) * 9, "is no text"),
        ("page.pdf", b"hello", "is no PDF"),
        ("page.pdf", b"%PDF-1.7\nhello", "is cut short"),
        ("page.pdf", b"%PDF-1.7\nhello\n%%EOF", "is damaged"),
        ("page.docx", b"hello", "is damaged"),
        ("page.docx", b"PK\x03\x04hello", "is damaged"),
        ("page.doc", b"\xd0\xcf\x11\xe0hello", "old Word file"),
        ("page.rtf", b"{\\rtf1 hello}", "rich text"),
        ("page.png", b"\x89PNG\r\n", "picture"),
        ("page.txt", b"123 456", "no promise found"),
        ("page.html", b"<html><script>alert(1)</script></html>", "no promise found"),
        ("page.html", b"<ul><li>" * 500 + b"We lock.", "nested more than 200 tags deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, name: str, content: bytes, says: str):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=says):
        import_file(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path):
    with pytest.raises(UnreadableError, match="check its name"):
        read(tmp_path / "nowhere.txt")
    with pytest.raises(UnreadableError, match="is a folder"):
        read(tmp_path)


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(tmp_path: Path):
    path = tmp_path / "page.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(UnreadableError, match="has 50 MB; a page of promises has at most 20 MB"):
        read(path)


def test_a_text_of_two_million_characters_is_refused(tmp_path: Path):
    path = tmp_path / "page.txt"
    path.write_text("We lock.\n" * 250_000, encoding="utf-8")
    with pytest.raises(UnreadableError, match="two million characters"):
        read(path)


def test_a_locked_pdf_asks_for_one_without_a_password(tmp_path: Path):
    path = tmp_path / "page.pdf"
    path.write_bytes(locked_pdf([["We lock."]], "secret"))
    with pytest.raises(UnreadableError, match="needs a password"):
        read(path)


def test_a_scanned_pdf_asks_for_its_text(tmp_path: Path):
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf([[]]))
    with pytest.raises(UnreadableError, match="OCR"):
        read(path)


def test_a_zip_that_is_no_word_document_is_refused(tmp_path: Path):
    import zipfile

    path = tmp_path / "page.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableError, match="no Word document"):
        read(path)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_never_raises_anything_else(tmp_path: Path, seed: int):
    chance = random.Random(seed)
    whole = docx_page(tmp_path / "page.docx").read_bytes() if seed % 2 else pdf([["We lock all screens."], ["We are trained."]])
    path = tmp_path / ("page.docx" if seed % 2 else "page.pdf")
    damaged = bytearray(whole[: chance.randrange(len(whole))] if seed % 3 == 0 else whole)
    for _ in range(chance.choice([1, 5, 40]) if damaged else 0):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    path.write_bytes(bytes(damaged))
    try:
        assert import_file(path).document.promises
    except UnreadableError as error:
        assert str(path) in str(error)


def test_a_mended_pdf_says_that_parts_may_be_missing(tmp_path: Path):
    path = tmp_path / "page.pdf"
    path.write_bytes(pdf([["We lock all screens."]]).replace(b"startxref\n", b"startxref\n9"))
    assert "damaged" in read(path).notes[0]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400) | st.from_regex(r"((\d\.){1,3} |[-*•] |[A-Z][a-z]+ |[.|:#\n]|[a-z]{1,8} ){0,60}", fullmatch=True))
def test_any_text_becomes_blocks_without_control_characters(text: str):
    for block in read_plain(text):
        assert not any(ord(character) < 32 for character in block.text)


@settings(max_examples=40, deadline=None)
@given(st.from_regex(r"(</?(ul|li|p|h1|h2|table|tr|td|div|b|br|script)>|[A-Za-z .]{1,12}|&amp;|<!--|-->|<|>){0,40}", fullmatch=True))
def test_any_markup_is_read(markup: str):
    assert all(block.kind in Kind for block in read_html(markup))
