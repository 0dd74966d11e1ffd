"""Subjects as CSV, for people who work on in a spreadsheet. Pure."""

from collections.abc import Iterable, Iterator

from upheld.registers.exchange.sheets import csv_lines as lines_of
from upheld.web.population import Subject

HEAD = ("subject", "label", "outcome", "found", "flips at", "more")


def csv_lines(subjects: Iterable[Subject]) -> Iterator[str]:
    """Yield a head and a line for each of `subjects`, each with its line end."""
    yield from lines_of([HEAD])
    for each in subjects:
        flips_at = each.flips_at.isoformat() if each.flips_at else ""
        more = "; ".join(f"{name}: {value}" for name, value in each.more)
        yield from lines_of([(each.subject, each.label, each.word, each.detail, flips_at, more)])
