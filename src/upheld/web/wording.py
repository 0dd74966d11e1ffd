"""Times, counts and states in words; times in the language of the page."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy

from upheld.checks.verdict import State

_FAILING = re.compile(r"(.*?[\d,]+ of [\d,]+ [^:]+? fails?): ")
_STEPS = (
    (timedelta(days=730), timedelta(days=365), "years"),
    (timedelta(days=60), timedelta(days=30), "months"),
    (timedelta(hours=48), timedelta(days=1), "days"),
    (timedelta(minutes=90), timedelta(hours=1), "h"),
    (timedelta(minutes=1), timedelta(minutes=1), "min"),
)
_SO_LONG_AGO = {
    "years": pgettext_lazy("so long ago", "years"),
    "months": pgettext_lazy("so long ago", "months"),
    "days": pgettext_lazy("so long ago", "days"),
    "h": pgettext_lazy("so long ago", "h"),
    "min": pgettext_lazy("so long ago", "min"),
}


def span(length: timedelta) -> str:
    """Return `length`, positive, in its largest fitting unit: "3 days", "2 h", "under a minute"."""
    for least, unit, word in _STEPS:
        if length >= least:
            return f"{length // unit} {word}"
    return "under a minute"


def _span(length: timedelta) -> str:
    """Return `length` as `span` does, in the language of the page, as it stands in "3 days ago"."""
    for least, unit, word in _STEPS:
        if length >= least:
            return f"{length // unit} {_SO_LONG_AGO[word]}"
    return pgettext("so long ago", "under a minute")


def _in_english() -> bool:
    return (get_language() or "en").startswith("en")


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago `at` was; for a time to come, how long until then."""
    if _in_english():
        return f"{span(now - at)} ago" if at <= now else f"in {span(at - now)}"
    return (gettext("%(span)s ago") if at <= now else gettext("in %(span)s")) % {"span": _span(abs(now - at))}


def instant(at: datetime) -> str:
    """Return `at` as people write it: "4 May 2026, 12:00 UTC"."""
    return f"{day(at)}, {at:%H:%M} UTC"


def day(at: date) -> str:
    """Return the day as people write it: "4 May 2026"."""
    return f"{at.day} {at:%B %Y}" if _in_english() else date_format(at, "DATE_FORMAT")


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 account", "1,412 accounts"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def clipped(text: str, limit: int) -> str:
    """Return `text`, its end left out where it is longer than `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def headline(reason: str, unknown: int) -> str:
    """Return `reason` without the subjects that it names, for where they are listed below it."""
    found = _FAILING.match(reason)
    if found is None:
        return clipped(reason, 600)
    more = f" {unknown:,} more {'is' if unknown == 1 else 'are'} unknown." if unknown else ""
    return f"{found[1]}.{more}"


def honest_line(counts: Mapping[State, int]) -> str:
    """Return how many promises there are and how they stand, upheld ones first, states that none is in left out."""
    total = sum(counts.values())
    said = [(counts.get(state, 0), state.value) for state in (State.UPHELD, State.AT_RISK, State.EXCEPTED, State.BROKEN, State.UNPROVEN)]
    parts = [f"{number} {'is' if number == 1 else 'are'} {word}" for number, word in said if number or word == State.UPHELD]
    return f"Of {count(total, 'promise')}, {listed(parts)}."
