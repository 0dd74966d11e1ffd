"""Records of registers that name somebody: which, in which fields, and rewritten without them, each with its step and its entry."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field

from upheld.actions.models import Record
from upheld.actions.redacting import redact
from upheld.erasure import texts
from upheld.erasure.acting import CLI
from upheld.sources.belonging import Known


@dataclass(frozen=True)
class Naming:
    """A record that names somebody, and what of it is rewritten: before and after, by column."""

    record: Record
    changes: Mapping[str, tuple[Any, Any]]


def naming(known: Known) -> Iterator[Naming]:
    """Yield each record of every register that names whom `known` knows; changes nothing."""
    quoted = texts.Quoted(known)
    for model in _registers():
        fields = [
            field for field in model._meta.concrete_fields if isinstance(field, texts.TEXTS) and field.editable and not field.primary_key
        ]
        for record in model._default_manager.all().iterator(chunk_size=2_000):
            changes = {
                field.attname: (was, now)
                for field in fields
                if (now := _without(record, field, known, quoted)) != (was := _value(record, field))
            }
            if changes:
                yield Naming(record, changes)


def found(known: Known) -> dict[str, int]:
    """Return how many records of each register name whom `known` knows."""
    return counted(naming(known))


def erase(known: Known) -> dict[str, int]:
    """Rewrite each of these records without whom `known` knows; return how many of each register. Call it in a transaction. Idempotent."""
    done = list(naming(known))
    for each in done:
        redact(each.record, {name: now for name, (_, now) in each.changes.items()}, by=CLI)
    return counted(done)


def counted(some: Iterable[Naming]) -> dict[str, int]:
    """Return how many of `some` each register has."""
    return dict(Counter(each.record.register() for each in some))


def _registers() -> list[type[Record]]:
    return sorted((model for model in apps.get_models() if issubclass(model, Record)), key=lambda model: model.register())


def _value(record: Record, field: "Field[Any, Any]") -> Any:
    return field.value_from_object(record)


def _without(record: Record, field: "Field[Any, Any]", known: Known, quoted: texts.Quoted) -> Any:
    left = texts.mended(field.attname, _value(record, field), known, persons=texts.WHOLE | set(record.persons))
    left = quoted.value(left, field.attname) if record.register() in quoted.registers else left
    # A token may be longer than the name it stands for; what does not fit any more is cut, since a database may refuse it.
    return left[: field.max_length] if isinstance(field, CharField) and isinstance(left, str) else left
