"""Spans of time that a promise's sentence states, held against the parameters that its measures judge by. English only. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from upheld.checks.floor import Value
from upheld.checks.parameters import Parameter
from upheld.checks.span import Span

_FIRST = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_FIRST, 1)} | {
    "a": 1,
    "an": 1,
    "fourteen": 14,
    "twenty": 20,
    "thirty": 30,
    "ninety": 90,
}
_UNIT = r"(?P<unit>second|minute|hour|day|week|month|quarter|year)s?\b"
_SPAN = re.compile(
    rf"\b(?P<number>\d{{1,4}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})[ -](?:calendar |full )?{_UNIT}", re.IGNORECASE
)
_EVERY = re.compile(rf"\b(?:every|each|once (?:a|per)) {_UNIT}", re.IGNORECASE)
_ADVERBS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "annually": "year",
    "yearly": "year",
}
_ADVERB = re.compile(rf"\b(?:{'|'.join(_ADVERBS)})\b", re.IGNORECASE)
# "a day" says how long only where something is to happen within it, after it or every such time.
_LEADS = re.compile(r"\b(?:within|after|every|least|most|than|for|in|of)(?: the)?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Stated:
    """A span of time as a sentence has it."""

    words: str
    span: Span


def stated(text: str) -> tuple[Stated, ...]:
    """Return the spans that `text` states, in order: "within 24 hours", "every quarter", "annually"."""
    found = [(each.start(), Stated(each[0], span)) for each in _SPAN.finditer(text) if (span := _counted(text, each))]
    taken = {start for start, _ in found}
    found += [(each.start(), Stated(each[0], _of(1, each["unit"]))) for each in _EVERY.finditer(text)]
    found += [(each.start(), Stated(each[0], _of(1, _ADVERBS[each[0].lower()]))) for each in _ADVERB.finditer(text)]
    return tuple(one for start, one in sorted(found, key=lambda pair: pair[0]) if start in taken or not _inside(start, taken))


def _inside(start: int, taken: Iterable[int]) -> bool:
    return any(start < other <= start + 6 for other in taken)  # "every 3 months" is said once


def _counted(text: str, found: re.Match[str]) -> Span | None:
    word = found["number"].lower()
    if word in ("a", "an") and not _LEADS.search(text[: found.start()]):
        return None
    return _of(int(word) if word.isdigit() else _NUMBERS[word], found["unit"])


def _of(number: int, unit: str) -> Span:
    return Span(number * 3, "month") if unit.lower() == "quarter" else Span(number, unit.lower())


def disagreements(text: str, parameters: Iterable[Parameter]) -> Iterator[tuple[Stated, tuple[Parameter, ...]]]:
    """Yield each span that `text` states and `parameters` do not keep, with those that are spans at all: none where nothing tests it.

    The floor of a parameter is what a sentence allows at worst: those whose floor is the span must all keep it. Where none has it as
    its floor, one must have that very value.
    """
    spans = tuple(each for each in parameters if isinstance(each.value, Span))
    for one in stated(text):
        meant = [each for each in spans if any(_same(limit, one.span) for limit in (each.floor.at_most, each.floor.at_least))]
        kept = all(_keeps(each, one.span) for each in meant) if meant else any(_same(each.value, one.span) for each in spans)
        if not kept:
            yield one, spans


def _same(value: Value | None, said: Span) -> bool:
    """Whether `value` is the span that was `said`: 90 days and 3 months are."""
    return isinstance(value, Span) and abs(value.about - said.about) <= said.about * 0.03


def _keeps(parameter: Parameter, said: Span) -> bool:
    """Whether the value is what was said, or stricter: less of what is at most so long, more of what is at least so long."""
    value = parameter.value
    assert isinstance(value, Span), "only spans are held against spans"
    stricter = value.about < said.about if _same(parameter.floor.at_most, said) else value.about > said.about
    return stricter or _same(value, said)
