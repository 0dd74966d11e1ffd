"""Reads a list from a file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from upheld.sources.people import decoding, delimited, workbook
from upheld.sources.people.regular import content
from upheld.sources.people.sheet import Sheet
from upheld.sources.source import SourceError

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Reading:
    """How a file is to be read; empty means: find out."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


def sheet(path: Path, reading: Reading) -> Sheet:
    """Return the list in the CSV or XLSX file at `path`; raises `SourceError` naming the file, what is wrong and what to do."""
    try:
        return _read(path, reading)
    except SourceError as error:
        raise SourceError(f"{path}: {error}", permanent=error.permanent) from error
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or type(error).__name__}", permanent=True) from error


def _read(path: Path, reading: Reading) -> Sheet:
    file = content(path)
    raw = file.raw
    if raw.startswith(OLD_WORKBOOK):
        raise SourceError("it is a workbook of the old format .xls: save it as .xlsx or CSV", permanent=True)
    if raw.startswith(b"PK\x03\x04"):
        found = workbook.read(raw, reading.sheet)
    else:
        text = decoding.decoded(raw, reading.encoding)
        found = delimited.read(text.text.removeprefix("\ufeff"), reading.delimiter)
        if text.doubt:
            found.notes.append(f"the encoding is doubtful: {text.doubt}")
    found.changed = file.changed
    found.notes.append(f"the list was last changed on {datetime.fromtimestamp(file.changed, UTC):%Y-%m-%d}")
    return found
