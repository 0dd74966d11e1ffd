"""Dates of the sample company: what happened lies before its first collection, what recurs goes on until this one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Calendar:
    """`founded_at` is the instant of the first collection, to which all ages refer; `seen_at` that of this one."""

    founded_at: datetime
    seen_at: datetime

    def ago(self, days: float) -> datetime:
        """Return the instant that lay `days` before the first collection (after it, where negative), to the second."""
        return (self.founded_at - timedelta(days=days)).replace(microsecond=0)

    def day(self, days: float) -> date:
        """Return the day of `ago(days)`."""
        return self.ago(days).date()

    def latest(self, age: float, every: float) -> datetime:
        """Return when something that happens every `every` days last happened; `age` days before the first collection it did."""
        first = self.ago(age)
        return first + timedelta(days=every) * ((self.seen_at - first) // timedelta(days=every))

    def series(self, age: float, every: float, before: int) -> Iterator[tuple[int, datetime]]:
        """Yield all times of what `latest` returns the last of, oldest first, from `before` of them before the first collection.

        Each comes with its lasting number: 0 is the last one before the first collection.
        """
        last = self.latest(age, every)
        newest = round((last - self.ago(age)) / timedelta(days=every))
        for number in range(1 - before, newest + 1):
            yield number, last - (newest - number) * timedelta(days=every)
