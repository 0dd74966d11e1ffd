"""Texts in the database that name somebody: found in every model of every app, masked where that is agreed, said where it is not."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

from upheld.actions.models import Record
from upheld.sources.belonging import Known, text, whole
from upheld.verdicts.models import Finding

# Apps whose texts are masked in place; records of registers are rewritten with an entry each (`records`).
MASKED = frozenset(
    {
        "sources",
        "documents",
        "verdicts",
        "accounts",
        "account",
        "socialaccount",
        "mfa",
        "usersessions",
        "notices",
        "logs",
        "jobs",
        "actions",
    }
)
# How a source is reached: masked, it would be read no more. Counted with what is not changed, so that somebody moves it.
_REACHED = frozenset({"sources.configuredsource"})
# The ledger is erased by its keys; Django's own tables name kinds of things, not people.
_PASSED_OVER = frozenset({"ledger", "contenttypes", "auth", "staticfiles", "messages"})
# Before and after of each change of a record, by column: the columns that hold people are the records' own.
_STEPS = "actions.step"
# Fields all of which is somebody's number, which in running text would be taken for a count.
WHOLE = frozenset({"by", "person", "owner", "over", "concerns", "reporter"})
TEXTS = (models.CharField, models.TextField, models.JSONField)
_SOMEBODY = "person/"  # what measures put before the number of somebody who has nothing else
_AT_ONCE = 2000

Mend = Callable[[str, str], str]


def mask(known: Known) -> dict[str, int]:
    """Mask whom `known` knows in every text of the apps where that is agreed; return how many rows of each model that changed."""
    return {model._meta.label_lower: done for model in _models(_is_masked) if (done := _mask(model, known, write=True))}


def found(known: Known) -> dict[str, int]:
    """Return how many rows of each model, in apps where texts are masked, name whom `known` knows."""
    return {model._meta.label_lower: seen for model in _models(_is_masked) if (seen := _mask(model, known, write=False))}


def elsewhere(known: Known) -> dict[str, int]:
    """Return how many rows of each model name whom `known` knows in apps whose rows are not changed behind their back."""
    others = _models(lambda model: not (_is_masked(model) or issubclass(model, Record)) and model._meta.app_label not in _PASSED_OVER)
    return {model._meta.label_lower: seen for model in others if (seen := _mask(model, known, write=False))}


def measures_naming(known: Known) -> set[str]:
    """Return the measures whose findings, resolved ones too, name whom `known` knows."""
    fields = [field.name for field in Finding._meta.concrete_fields if isinstance(field, TEXTS)]
    keys = [key for key, new in _changes(Finding, fields, known) if new]
    return set(Finding.objects.filter(pk__in=keys).values_list("measure", flat=True))


def _is_masked(model: type[models.Model]) -> bool:
    return model._meta.app_label in MASKED and model._meta.label_lower not in _REACHED


def _models(wanted: Callable[[type[models.Model]], bool]) -> Iterable[type[models.Model]]:
    return [model for model in apps.get_models() if wanted(model) and model._meta.managed]


def _mask(model: type[models.Model], known: Known, *, write: bool) -> int:
    fields = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS) and not field.primary_key]
    if not fields:
        return 0
    changed = [(key, new) for key, new in _changes(model, fields, known) if new]
    for key, new in changed if write else ():
        model._base_manager.filter(pk=key).update(**new)
    return len(changed)


def _changes(model: type[models.Model], fields: list[str], known: Known) -> Iterator[tuple[Any, dict[str, Any]]]:
    resolved = "resolved_at" if model is Finding else "pk"
    persons = _persons() if model._meta.label_lower == _STEPS else WHOLE
    for key, over, *values in model._base_manager.values_list("pk", resolved, *fields).iterator(chunk_size=_AT_ONCE):
        row = dict(zip(fields, values, strict=True))
        accounts = model is Finding and over is not None
        new = {name: mended(name, value, known, accounts, persons) for name, value in row.items()}
        if model is Finding and (row["subject"].startswith(_SOMEBODY) or any(new[name] != row[name] for name in ("label", "detail"))):
            new["subject"] = text(row["subject"], known, accounts=accounts, numbers=True)
        yield key, {name: value for name, value in new.items() if value != row[name]}


def mended(name: str, value: Any, known: Known, accounts: bool = False, persons: Collection[str] = WHOLE) -> Any:
    """Return `value` (text, or what JSON holds) of the field or member `name` without whom `known` knows.

    All of a value of the fields `persons` is somebody's number.
    """
    if isinstance(value, str):
        return whole(value, known) if name in persons and whole(value, known) != value else text(value, known, accounts=accounts)
    if isinstance(value, list):
        return [mended(name, each, known, accounts, persons) for each in value]
    if isinstance(value, dict):
        return {text(str(key), known): mended(str(key), each, known, accounts, persons) for key, each in value.items()}
    return value


def _persons() -> frozenset[str]:
    """Return the columns of records that hold people, and those of anything else."""
    return WHOLE.union(*(model.persons for model in apps.get_models() if issubclass(model, Record)))
