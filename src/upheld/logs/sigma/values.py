"""What an event says in a field: by its name, by a path into nested objects, or anywhere. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from upheld.logs.event import instant

# Of what is all digits, so many are a date; more are seconds since 1970, or milliseconds.
_DATE_DIGITS = 8
Event = Mapping[str, Any]


def said(value: object) -> str:
    """Return `value`, which is one value, as rules compare it: whole numbers without a point, truth in small letters."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return str(value)


def part_of(text: str, unit: str) -> str:
    """Return the minute, hour, day, week (of ISO 8601), month or year of the instant in `text`, in UTC; "" where it says none."""
    at = instant(int(text)) if text.isdecimal() and len(text) > _DATE_DIGITS else instant(text)
    return "" if at is None else str(at.isocalendar().week if unit == "week" else getattr(at, unit))


def plain(value: object) -> object:
    """Return `value` so that what rules cannot tell apart is equal, and nothing else: None, text, or a tuple of these."""
    if value is None or value.__class__ is str:
        return value
    return tuple(map(plain, value)) if isinstance(value, list | tuple) else said(value)


def getter(name: str) -> Callable[[Event], object]:
    """Return what gets `name` out of an event: the field of that name, else along its points; of a list, from each element."""
    parts = name.split(".")

    def get(event: Event) -> object:
        found = event.get(name)
        return _along(event, parts) if found is None else found

    return get


def texts(value: object) -> Iterator[str]:
    """Yield every text in `value`, however nested."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)
    elif value is not None:
        yield said(value)


def _along(value: object, parts: list[str]) -> object:
    for place, part in enumerate(parts):
        if isinstance(value, list):
            found = [each for one in value if (each := _along(one, parts[place:])) is not None]
            return _flat(found) or None
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _flat(values: list[object]) -> list[object]:
    return [one for each in values for one in (each if isinstance(each, list) else [each])]
