"""Reading a file of any supported format; what it is, its bytes say, and only then its name."""

from pathlib import Path

from upheld.documents.importing.block import Reading, UnreadableError
from upheld.documents.importing.decoding import decode

LIMIT_BYTES = 20_000_000
LIMIT_CHARACTERS = 2_000_000
FORMATS = "text, Markdown, HTML, DOCX and PDF"
_REFUSED = {
    b"\xd0\xcf\x11\xe0": "an old Word file, or one locked by a password; open it and save it as DOCX without a password",
    b"{\\rtf": "a rich text file; save it as DOCX or as text",
    b"\x89PNG": "a picture; recognise its text (OCR) and save that",
    b"\xff\xd8\xff": "a picture; recognise its text (OCR) and save that",
    b"\x1f\x8b": "a compressed file; unpack it first",
}
_TOO_LONG = "{} has more than two million characters, a hundred times a long page of promises; cut it."
_HTML = {".html", ".htm", ".xhtml"}
_MARKDOWN = {".md", ".markdown", ".mdown"}


def read(path: Path) -> Reading:
    """Read the page at `path` into blocks.

    Raises `UnreadableError` for a file that is missing, empty, larger than 20 MB, locked, damaged, or of another format.
    """
    reading = _read(_bytes(path), path)
    if sum(len(block.text) for block in reading.blocks) > LIMIT_CHARACTERS:
        raise UnreadableError(_TOO_LONG.format(path))
    return reading


def _read(content: bytes, path: Path) -> Reading:
    for start, what in _REFUSED.items():
        if content.startswith(start):
            raise UnreadableError(f"{path} is {what}.")
    # The readers of these formats take a good part of a second to load, which no other command should pay for.
    if content.lstrip()[:5] == b"%PDF-":
        from upheld.documents.importing.pdf import read_pdf  # noqa: PLC0415

        return read_pdf(content, path)
    if content.startswith(b"PK\x03\x04") or path.suffix.lower() == ".docx":
        from upheld.documents.importing.docx import read_docx  # noqa: PLC0415

        return read_docx(content, path)
    if path.suffix.lower() == ".pdf":
        raise UnreadableError(f"{path} is no PDF, though its name says so; export it anew.")
    return _read_text(content, path)


def _read_text(content: bytes, path: Path) -> Reading:
    text, notes = decode(content, path)
    if not text.strip():
        raise UnreadableError(f"{path} is empty; there is no promise to import.")
    if path.suffix.lower() in _HTML or text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<?xml")):
        from upheld.documents.importing.html import read_html  # noqa: PLC0415

        return Reading(read_html(text), notes)
    if len(text) > LIMIT_CHARACTERS:
        raise UnreadableError(_TOO_LONG.format(path))
    if path.suffix.lower() in _MARKDOWN:
        from upheld.documents.importing.markdown import read_markdown  # noqa: PLC0415

        return Reading(read_markdown(text), notes)
    from upheld.documents.importing.plain import read_plain  # noqa: PLC0415

    return Reading(read_plain(text), notes)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LIMIT_BYTES:
            raise UnreadableError(f"{path} has {size / 1e6:.0f} MB; a page of promises has at most {LIMIT_BYTES // 1_000_000} MB. Cut it.")
        content = path.read_bytes()
    except IsADirectoryError as error:
        raise UnreadableError(f"{path} is a folder; name one file in it.") from error
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read ({error.strerror}); check its name and your permissions.") from error
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableError(f"{path} is empty; there is no promise to import.")
    return content
