"""Rows by the ten thousand written in one go, at a fraction of what Django's `bulk_create` takes."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models, transaction

AT_ONCE = 5_000
# What goes into the database as it is.
_PLAIN = (models.CharField, models.TextField, models.PositiveIntegerField, models.BooleanField, models.ForeignKey)


def insert(rows: Iterable[models.Model], kind: type[models.Model]) -> int:
    """Insert new `rows` of `kind`, in batches within one transaction; return how many. They do not learn their numbers."""
    fields = [each for each in kind._meta.concrete_fields if not isinstance(each, models.AutoField)]
    parts = [(each.attname, _prepared(each)) for each in fields]
    names, places = (", ".join(each) for each in ((connection.ops.quote_name(str(field.column)) for field in fields), ["%s"] * len(fields)))
    # Names are the model's own, quoted.
    said = f"INSERT INTO {connection.ops.quote_name(kind._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    written, batch = 0, list[list[Any]]()
    with transaction.atomic(), connection.cursor() as cursor:
        for row in rows:
            batch.append([made(getattr(row, name)) if made else getattr(row, name) for name, made in parts])
            if len(batch) == AT_ONCE:
                written += _flush(cursor, said, batch)
        return written + _flush(cursor, said, batch)


def _flush(cursor: Any, said: str, batch: list[list[Any]]) -> int:
    count = len(batch)
    if batch:
        cursor.executemany(said, batch)
        batch.clear()
    return count


def _prepared(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How a value of `field` is made ready for the database; None where it goes in as it is."""
    return None if isinstance(field, _PLAIN) else lambda value: field.get_db_prep_save(value, connection)
