"""From bytes to text, saying what was assumed and what was replaced."""

import codecs
import re
from pathlib import Path

from upheld.documents.importing.block import UnreadableError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_SINGLE = re.compile(r"iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift[_-]jis|euc-(?:jp|kr)")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def decode(content: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text of `content` and notes on how it was read; raises `UnreadableError` when it is no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _read_as(content.removeprefix(codecs.BOM_UTF8), encoding, said=False)
    try:
        if b"\x00" not in content:
            return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _read_as(content, _guess(content), said=True)
    wide = _wide(content[:4000])
    if wide is None:
        raise UnreadableError(f"{path} is no text (it has zero bytes); save the page as text, Markdown, HTML, DOCX or PDF.")
    return _read_as(content, wide, said=True)


def _read_as(content: bytes, encoding: str, *, said: bool) -> tuple[str, tuple[str, ...]]:
    text = content.decode(encoding, errors="replace")
    replaced = text.count("\ufffd")
    notes = [f"read as {encoding}, which the file does not say"] if said else []
    if replaced:
        notes.append(f"{replaced} characters could not be read as {encoding} and were replaced")
    return text, tuple(notes)


def _guess(content: bytes) -> str:
    """The encoding of bytes that are not valid UTF-8: what they declare, UTF-8 if only a little is broken, else Latin-1."""
    declared = _DECLARED.search(content[:4000])
    name = declared[1].decode("ascii").lower() if declared else ""
    if _SINGLE.fullmatch(name):
        return name
    sound = len(_MULTIBYTE.findall(content))
    broken = content.decode("utf-8", errors="replace").count("\ufffd")
    return "utf-8" if sound > broken else "cp1252"


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark shows as zero bytes at every other place, in text that is mostly Latin."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2 or 1
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None
