"""What of a record is shown, and how: names of people, spans, days and choices in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db.models import Field, ForeignKey
from django.utils.translation import get_language

from upheld.actions.declaring import declared
from upheld.actions.kinds import Choice, ListOf
from upheld.actions.models import Record
from upheld.registers.staff import names
from upheld.web.said import named, said
from upheld.web.wording import clipped

LONGEST_CELL = 120
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Link:
    """A record by what it is called, with its register and number."""

    words: str
    chapter: str
    register: str
    number: int


@dataclass(frozen=True)
class Said:
    """One field of a record: its label, its value in words, and the record that it names, if it names one."""

    label: str
    words: str
    link: Link | None = None
    long: bool = False


def link(record: Record, people: Mapping[str, str] = NOBODY) -> Link:
    """Return `record` as a link. One whose words end with the id of somebody ends with their name, where `people` tells it."""
    chapter, _, register = record.register().partition(".")
    said = str(record)
    for name in record.persons:
        who = getattr(record, name)
        if isinstance(who, str) and who in people and said.endswith((f": {who}", f" by {who}")):
            said = said.removesuffix(who) + people[who]
    return Link(said, chapter, register, record.pk)


def label(name: str) -> str:
    """Return what people call the field `name`, in the language of the page."""
    words = name.replace("_", " ").removesuffix(" on").removesuffix(" at")
    return named(words)


def called(records: Iterable[Record]) -> dict[str, str]:
    """Return what the people are called whom `records` name, by id; looked up once for all."""
    found: set[str] = set()
    for record in records:
        for name in record.persons:
            value = getattr(record, name)
            found.update(value if isinstance(value, list) else [value])
    return names(found - {""})


def cells(record: Record, people: dict[str, str]) -> list[str]:
    """Return the columns that a list shows of `record`."""
    return [clipped(words(record, name, people), LONGEST_CELL) for name in record.listed]


def fields(record: Record, people: dict[str, str]) -> list[Said]:
    """Return every field of `record` that says something."""
    shown = []
    for field in record._meta.concrete_fields:
        if field.name in ("id", "version", "salt"):
            continue
        value = words(record, field.name, people)
        if value:
            shown.append(Said(label(field.name), value, _linked(record, field), "\n" in value or len(value) > LONGEST_CELL))
    return shown


def _linked(record: Record, field: "Field[Any, Any]") -> Link | None:
    other = getattr(record, field.name) if isinstance(field, ForeignKey) else None
    return link(other) if isinstance(other, Record) else None


def words(record: Record, name: str, people: dict[str, str]) -> str:
    """Return the value of the field `name` in words, "" for none."""
    value = getattr(record, name)
    if name in record.persons:
        return ", ".join(people.get(each, each) for each in map(str, value if isinstance(value, list) else [value]))
    return _chosen(value) if (type(record), name) in _choices() else in_words(value)


@cache
def _choices() -> frozenset[tuple[type[Record], str]]:
    """Return the fields that hold a word of a closed set, as actions of the same name ask for it."""
    return frozenset(
        (model, each.name)
        for action in declared().values()
        for each in action.parameters
        if isinstance(each.kind.each if isinstance(each.kind, ListOf) else each.kind, Choice)
        for model in (action.makes, action.on)
        if model is not None
    )


def _chosen(value: Any) -> str:
    """Return the words of a closed set in `value` as people write them; in English as they are."""
    if (get_language() or "en").startswith("en"):
        return in_words(value)
    several = value if isinstance(value, list) else [value] if value else []
    return ", ".join(said(str(each).replace("-", " ").capitalize()) for each in several)


def in_words(value: Any) -> str:
    """Return `value` as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return said("Yes" if value else "No").lower()
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
