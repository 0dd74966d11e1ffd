"""Spans of time in words ("3 months", "24 hours"), kept as calendar months or as an exact length, never as both."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MONTHS = {"month": 1, "year": 12}
_WORDS = re.compile(r"\s*(\d{1,6})\s+([a-z]+?)s?\s*\Z")
# A month has no exact length. Floors compare by the mean Gregorian month (146,097 days in 4,800 months), so that
# "90 days" keeps a promise of "every 3 months" and "92 days" does not.
_MEAN_MONTH = timedelta(days=146_097 / 4_800)


@dataclass(frozen=True)
class Span:
    """A length of time: `amount` of `unit`, where a month is a calendar month and a day is 24 hours."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}" + ("" if self.amount == 1 else "s")

    @property
    def is_calendar(self) -> bool:
        """Whether its length depends on where in the calendar it begins."""
        return self.unit in _MONTHS

    @property
    def months(self) -> int:
        """Its calendar months; 0 for an exact span."""
        return self.amount * _MONTHS.get(self.unit, 0)

    @property
    def seconds(self) -> int:
        """Its exact seconds; 0 for a calendar span."""
        return self.amount * _SECONDS.get(self.unit, 0)

    @property
    def about(self) -> timedelta:
        """Its length for comparison; a calendar month counts as the mean one."""
        return self.months * _MEAN_MONTH + timedelta(seconds=self.seconds)

    def after(self, instant: datetime) -> datetime:
        """Return the instant this long after `instant`: a month later is the same day, or the month's last where there is none such."""
        year, month = divmod(instant.year * 12 + instant.month - 1 + self.months, 12)
        day = min(instant.day, monthrange(year, month + 1)[1])
        return instant.replace(year=year, month=month + 1, day=day) + timedelta(seconds=self.seconds)


def span(words: str) -> Span:
    """Return the span that `words` name; raises `ValueError` saying how one is written."""
    found = _WORDS.match(words)
    if found is None or found[2] not in _SECONDS | _MONTHS:
        known = ", ".join(f"{unit}s" for unit in _SECONDS | _MONTHS)
        raise ValueError(f'"{words}" is not a span of time: write a whole number and one of {known}, as in "3 months"')
    return Span(int(found[1]), found[2])
