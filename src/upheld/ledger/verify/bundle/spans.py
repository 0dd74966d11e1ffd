"""Spans of time in words ("3 months"), as measures and parameters write them: their length, and what lies so much later."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from upheld.ledger.verify.report import Rejected

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "year": 12}
_WORDS = re.compile(r"(\d{1,6}) ([a-z]+?)s?", re.ASCII)
_MEAN_MONTH = timedelta(days=146_097 / 4_800)  # floors compare calendar months by the mean one (docs/design/verdicts.md)


@dataclass(frozen=True)
class Span:
    """A length of time: `amount` of `unit`, a month being one of the calendar and a day 24 hours."""

    amount: int
    unit: str

    @property
    def words(self) -> str:
        """It, as people write it."""
        return f"{self.amount} {self.unit}" + ("" if self.amount == 1 else "s")

    @property
    def about(self) -> timedelta:
        """Its length for comparison."""
        return self.amount * (_MONTHS.get(self.unit, 0) * _MEAN_MONTH + timedelta(seconds=_SECONDS.get(self.unit, 0)))

    def after(self, at: datetime) -> datetime:
        """Return the instant this long after `at`; the same day of a month, or its last where there is none such. Raises `Rejected`."""
        try:
            year, month = divmod(at.year * 12 + at.month - 1 + self.amount * _MONTHS.get(self.unit, 0), 12)
            day = min(at.day, monthrange(year, month + 1)[1])
            moved = at.replace(year=year, month=month + 1, day=day)
            return moved + timedelta(seconds=self.amount * _SECONDS.get(self.unit, 0))
        except (ValueError, OverflowError) as error:
            raise Rejected(f"{self.words} after {at} is no instant") from error


def parse(words: str) -> Span:
    """Return the span that `words` name. Raises `Rejected`."""
    found = _WORDS.fullmatch(words.strip())
    if found is None or found[2] not in _SECONDS | _MONTHS:
        raise Rejected(f"{ascii(words)[:60]} is no span of time")
    return Span(int(found[1]), found[2])
