"""What actions of many chapters rest on: who leads, instants and days, and short names."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import CharField, TextField

from upheld import clock
from upheld.accounts.role import Role
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.actions.models import Record
from upheld.actions.together import current
from upheld.checks.span import Span, span
from upheld.evidence.history import rows_at
from upheld.registers.in_use import NAME as REGISTERS
from upheld.sources.configured import in_use
from upheld.sources.frames import files

AnyRecord = TypeVar("AnyRecord", bound=Record)

LEADS = (Role.SECURITY_LEAD, Role.DPO)
STAFF = (*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE)


def not_ahead(at: datetime | None, field: str = "at") -> datetime:
    """Return `at`, or now where nothing was said; raises `Ill` about `field` for an instant that lies ahead."""
    if at is not None and at > clock.now():
        raise ill(**{field: "This lies in the future; say when it was."})
    return at or clock.now()


def in_order(from_on: date, until_on: date | None, field: str = "until_on") -> None:
    """Raise `Ill` about `field` where the last day lies before the first."""
    if until_on is not None and until_on < from_on:
        raise ill(**{field: "The last day lies before the first."})


def not_taken(model: type[Record], name: str) -> None:
    """Raise `Ill` where a record of `model` has the short name `name` already."""
    many = current()
    if (many is None or not many.is_free(model, name)) and model._default_manager.filter(**{"name": name}).exists():
        raise ill(name=f"There is a {model._meta.verbose_name} called {name} already.")


def names_of(model: str) -> set[str]:
    """Return the short names of all records of the register whose model is called `model`: chapters know one another by names alone.

    Systems are also those that any source in use brings: a company may keep them in a list of its own.
    """
    found = set(apps.get_model("registers", model)._default_manager.values_list("name", flat=True))
    return found | _collected_systems() if model == "System" else found


def _collected_systems() -> set[str]:
    return _listed("systems", "id", {source.name for source in in_use()})


def listed_elsewhere(table_name: str, column: str = "id") -> set[str]:
    """Return what `column` of `table_name` holds in the sources in use beside the registers, as they said last.

    What another list brings stands once: the registers leave it out.
    """
    return _listed(table_name, column, {source.name for source in in_use() if source.kind != REGISTERS})


def _listed(table_name: str, column: str, sources: Collection[str]) -> set[str]:
    read = [file for file in files(table_name=table_name) if file.source in sources]
    by_source = {name: [file for file in read if file.source == name] for name in {file.source for file in read}}
    return {str(row[column]) for its in by_source.values() for row in rows_at(its, table_name, clock.now())}


def all_known(field: str, said: Iterable[str], model: str) -> None:
    """Raise `Ill` about `field` for those of the short names `said` that no record of the register `model` has."""
    if said and (missing := sorted(set(said) - names_of(model))):
        what = apps.get_model("registers", model)._meta.verbose_name
        raise ill(**{field: f"There is no {what} called {', '.join(missing)}; enter it first."})


def fill(record: AnyRecord, **values: Any) -> AnyRecord:
    """Put `values` into the fields of `record` as columns hold them, and return it: spans in words, files by digest, "" for no text."""
    for name, value in values.items():
        setattr(record, name, _column(record, name, value))
    return record


def _column(record: Record, name: str, value: Any) -> Any:
    if value is None and isinstance(record._meta.get_field(name), CharField | TextField):
        return ""
    if isinstance(value, list):
        return [_column(record, name, each) for each in value]
    return str(value) if isinstance(value, Span | Kept | StrEnum) else value


def length(words: str) -> timedelta | None:
    """Return how long the span in `words` is, a month as the mean one; None for ""."""
    return span(words).about if words else None
