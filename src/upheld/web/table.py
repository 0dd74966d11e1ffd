"""Subjects as CSV, for people who work on in a spreadsheet. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from upheld.web.population import Subject

HEAD = ("subject", "label", "outcome", "found", "flips at", "more")
# A cell that begins so is run as a formula by spreadsheets (OWASP, CSV injection); an apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(subjects: Iterable[Subject]) -> Iterator[str]:
    """Yield a head and a line for each of `subjects`, each with its line end."""
    yield _line(HEAD)
    for each in subjects:
        flips_at = each.flips_at.isoformat() if each.flips_at else ""
        more = "; ".join(f"{name}: {value}" for name, value in each.more)
        yield _line([each.subject, each.label, each.word, each.detail, flips_at, more])


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return written.getvalue()
