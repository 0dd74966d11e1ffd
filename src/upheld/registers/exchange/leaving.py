"""A register as a table: every field of every record that was asked for, as it can be brought back."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import ForeignKey

from upheld.actions.kinds import plain
from upheld.actions.models import Record

NUMBER = "number"
_BESIDE = ("id", "version", "salt")


def columns(register: type[Record]) -> list[str]:
    """Return the columns of the table: the record's number, then its fields."""
    return [NUMBER, *(field.name for field in register._meta.concrete_fields if field.name not in _BESIDE)]


def table(register: type[Record], records: Iterable[Record]) -> Iterator[list[str]]:
    """Yield the head, and a line for each of `records`."""
    names = columns(register)
    fields = {field.name: field for field in register._meta.concrete_fields}
    held = [fields[name].attname if isinstance(fields[name], ForeignKey) else name for name in names[1:]]
    yield names
    for record in records:
        yield [str(record.pk), *(in_cell(getattr(record, name)) for name in held)]


def in_cell(value: Any) -> str:
    """Return `value` as a cell holds it: a list by semicolons, or by lines where a part of it has one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        parts = [in_cell(each) for each in value]
        return ("\n" if any(";" in part for part in parts) else "; ").join(parts)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {in_cell(each)}" for name, each in value.items())
    return str(plain(value)) if isinstance(value, date | datetime | Record) else str(value)
