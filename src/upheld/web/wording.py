"""Times, counts and states in words, in the language of the page."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

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

_STATES = {  # looked up one by one: a page has hundreds
    State.UPHELD: lambda: pgettext("state", "upheld"),
    State.AT_RISK: lambda: pgettext("state", "at risk"),
    State.EXCEPTED: lambda: pgettext("state", "excepted"),
    State.UNPROVEN: lambda: pgettext("state", "unproven"),
    State.BROKEN: lambda: pgettext("state", "broken"),
}
_COUNTED: dict[str, Callable[[int], str]] = {
    "promise": lambda number: ngettext("%(number)s promise", "%(number)s promises", number),
    "measure": lambda number: ngettext("%(number)s measure", "%(number)s measures", number),
    "subject": lambda number: ngettext("%(number)s subject", "%(number)s subjects", number),
    "source": lambda number: ngettext("%(number)s source", "%(number)s sources", number),
    "entry": lambda number: ngettext("%(number)s entry", "%(number)s entries", number),
    "row": lambda number: ngettext("%(number)s row", "%(number)s rows", number),
    "table": lambda number: ngettext("%(number)s table", "%(number)s tables", number),
    "column": lambda number: ngettext("%(number)s column", "%(number)s columns", number),
    "hour": lambda number: ngettext("%(number)s hour", "%(number)s hours", number),
}


def figure(number: int) -> str:
    """Return `number` with its thousands set apart, in the language of the page: "1,412", "1.412"."""
    return f"{number:,}" if _in_english() else f"{number:,}".replace(",", ".")


def state(of: State) -> str:
    """Return the word for a state."""
    return _STATES[of]()


def counted(number: int, one: str, many: str = "") -> str:
    """Return `count` of what pages count most, in the language of the page; of anything else in English."""
    return _COUNTED[one](number) % {"number": figure(number)} if one in _COUNTED else count(number, one, many)


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
    if len(words) < 2:
        return "".join(words)
    joining = pgettext("between words", "and")
    return f"{', '.join(words[:-1])} {joining} {words[-1]}"


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
    order = (State.UPHELD, State.AT_RISK, State.EXCEPTED, State.BROKEN, State.UNPROVEN)
    parts = [_so_many(counts.get(each, 0), each) for each in order if counts.get(each) or each is State.UPHELD]
    said = ngettext("Of %(total)s promise, %(parts)s.", "Of %(total)s promises, %(parts)s.", total)
    return said % {"total": figure(total), "parts": listed(parts)}


def _so_many(number: int, of: State) -> str:
    return ngettext("%(number)d is %(state)s", "%(number)d are %(state)s", number) % {"number": number, "state": state(of)}
