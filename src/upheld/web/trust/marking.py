"""Marking a PDF with who fetched it, on every page, so that a copy that turns up elsewhere says whose it was."""

import unicodedata
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

MOST_PAGES = 2_000


class NotMarked(ValueError):
    """A PDF that cannot be marked, and so is not handed out."""


def marked(content: bytes, words: str) -> bytes:
    """Return the PDF `content` with `words` along the foot of every page and, faint, across it. Raises `NotMarked`."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
            raise NotMarked("The document is encrypted, or has too many pages.")
        writer = PdfWriter(clone_from=reader)
        for page in writer.pages:
            _mark(writer, page, words)
        written = BytesIO()
        writer.write(written)
    except (PyPdfError, KeyError, TypeError, AttributeError) as error:  # what a damaged file makes of the library
        raise NotMarked("The document is damaged: share it anew.") from error
    return written.getvalue()


def _mark(writer: PdfWriter, page: PageObject, words: str) -> None:
    """Add the words to `page` as a stream of its own, with a font that every reader has."""
    box = page.mediabox
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    said = _literal(words)
    size = max(6.0, min(8.0, width * 1.8 / max(len(words), 1)))
    across = width * 1.5 / max(len(words), 1)
    stream = DecodedStreamObject()
    stream.set_data(
        b"\nQ q BT /UpheldMark %.2f Tf 0.35 g 1 0 0 1 %.2f %.2f Tm (%s) Tj ET Q\n" % (size, left + 18, bottom + 10, said)
        + b"q 0.86 g BT /UpheldMark %.2f Tf 0.82 0.57 -0.57 0.82 %.2f %.2f Tm (%s) Tj ET Q\n"
        % (across, left + width * 0.16, bottom + height * 0.28, said)
    )
    before = DecodedStreamObject()
    before.set_data(b"q\n")
    contents = page.get("/Contents")
    inner = [] if contents is None else list(found) if isinstance(found := contents.get_object(), ArrayObject) else [contents]
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *inner, writer._add_object(stream)])
    resources = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    fonts[NameObject("/UpheldMark")] = DictionaryObject({NameObject(name): NameObject(value) for name, value in font.items()})


def _literal(words: str) -> bytes:
    r"""Return `words` as the inside of a string of PDF, with \ and brackets escaped.

    In WinAnsi, which every reader has: letters that it lacks lose their marks, and are a question mark where that does not help.
    """
    raw = b"".join(_in_winansi(letter) for letter in words)
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\n", b" ").replace(b"\r", b" ")


def _in_winansi(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", letter).encode("cp1252", "ignore") or b"?"
