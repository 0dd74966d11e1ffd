"""The floor of a parameter: the weakest value with which the promise's sentence still holds."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from upheld.checks.span import Span

Value = str | int | float | bool | date | Span | tuple[str, ...]


class Kind(StrEnum):
    """A parameter's type, as its file writes it."""

    DURATION = "duration"
    INTEGER = "integer"
    REAL = "real"
    TEXT = "text"
    BOOLEAN = "boolean"
    LIST = "list"
    DATE = "date"

    @property
    def python(self) -> tuple[type, ...]:
        """The types that TOML may bring for it."""
        return _PYTHON[self]

    @property
    def example(self) -> str:
        """How a value of it is written."""
        return _EXAMPLES[self]


_PYTHON: dict[Kind, tuple[type, ...]] = {
    Kind.DURATION: (),
    Kind.INTEGER: (int,),
    Kind.REAL: (float,),
    Kind.TEXT: (str,),
    Kind.BOOLEAN: (bool,),
    Kind.LIST: (),
    Kind.DATE: (date,),
}
_EXAMPLES = {
    Kind.DURATION: '"3 months"',
    Kind.INTEGER: "12",
    Kind.REAL: "0.5",
    Kind.TEXT: '"..."',
    Kind.BOOLEAN: "true or false",
    Kind.LIST: '["...", "..."]',
    Kind.DATE: "2026-05-03",
}


@dataclass(frozen=True)
class Floor:
    """What a value must keep to: a largest, a smallest, entries it must have (or be), entries it may have (or be)."""

    at_most: Value | None = None
    at_least: Value | None = None
    includes: Value | None = None
    within: Value | None = None


def weakness(name: str, value: Value, floor: Floor) -> str:
    """Return why `value` is weaker than `floor`, as part of a sentence that begins with `name`; "" when it is not."""
    if floor.at_most is not None and _size(value) > _size(floor.at_most):
        return f"{name} is {_shown(value)}, but the promise allows at most {_shown(floor.at_most)}"
    if floor.at_least is not None and _size(value) < _size(floor.at_least):
        return f"{name} is {_shown(value)}, but the promise asks for at least {_shown(floor.at_least)}"
    missing = _entries(floor.includes) - _entries(value)
    if missing:
        return f"{name} leaves out {_shown(tuple(sorted(missing)))}, which the promise includes"
    beyond = _entries(value) - _entries(floor.within) if floor.within is not None else frozenset()
    if beyond:
        return f"{name} allows {_shown(tuple(sorted(beyond)))}, which the promise does not"
    return ""


def _size(value: Value) -> float:
    """Something to compare values of one type by."""
    if isinstance(value, Span):
        return value.about / timedelta(seconds=1)
    if isinstance(value, date):
        return float(value.toordinal())
    assert not isinstance(value, str | tuple), "floors by size are for what has a size; `typed` saw to it"
    return float(value)


def _entries(value: Value | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset(value if isinstance(value, tuple) else (str(value),))


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
