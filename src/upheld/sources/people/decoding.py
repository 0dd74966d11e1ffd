"""Bytes of a list to text: which encoding they are in, and whether that is sure."""

import re
from dataclasses import dataclass

from upheld.sources.source import SourceError

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What UTF-8 looks like after somebody read it as Windows-1252 and saved it as UTF-8 again.
MANGLED = re.compile("Ã[\u0080-\u00bf\u2013-\u2122]|â\u20ac|\ufffd")


@dataclass(frozen=True)
class Text:
    """Decoded text. `doubt` says why the encoding may be another one; empty when it is sure."""

    text: str
    encoding: str
    doubt: str = ""


def decoded(raw: bytes, encoding: str = "") -> Text:
    """Return `raw` as text, in `encoding` when given, else in the one its bytes show.

    UTF-8 and UTF-16 are recognised with and without a byte order mark; what is neither is taken for Windows-1252, and
    said to be a guess. Raises `SourceError` when the bytes are in no such encoding.
    """
    chosen = encoding or _recognised(raw)
    try:
        text = raw.decode(chosen)
    except LookupError as error:
        raise SourceError(f"there is no encoding called {chosen!r}: set encoding to utf-8, utf-16 or cp1252", permanent=True) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"byte {error.start} is not {chosen}: save the list as UTF-8, or name its encoding in the setting encoding", permanent=True
        ) from error
    return Text(text, chosen, "" if encoding else _doubt(text, chosen))


def _recognised(raw: bytes) -> str:
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return encoding
    sample = raw[:4096]
    if sample.count(b"\0") > len(sample) // 4:
        return "utf-16-le" if sample[1::2].count(b"\0") > sample[0::2].count(b"\0") else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _doubt(text: str, encoding: str) -> str:
    if encoding == "cp1252":
        return "it is not UTF-8 and was read as Windows-1252; look at a name with an umlaut, and set encoding if it is wrong"
    if encoding in ("utf-16-le", "utf-16-be"):
        return f"it has no byte order mark and was read as {encoding}"
    found = MANGLED.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        return f"line {line} holds characters that look wrongly converted before the list was saved"
    return ""
