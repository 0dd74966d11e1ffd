"""Texts in the database that name somebody: found in every model of every app, masked where that is agreed, said where it is not."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from secrets import token_hex
from typing import Any

from django.apps import apps
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from upheld.actions.models import Record
from upheld.erasure.acting import CLI
from upheld.ledger.entry import Actor
from upheld.logs.masking import Masker
from upheld.registers import recorded
from upheld.registers.authorization.review_models import ReviewItem, reseal
from upheld.sources.belonging import Known, text, whole
from upheld.verdicts.models import Finding

# Apps whose texts are masked in place; records of registers are rewritten with an entry each (`records`).
MASKED = frozenset({"sources", "documents", "verdicts", "notices", "jobs", "actions", "duties", "backups"}) | {
    *("accounts", "account", "socialaccount", "mfa", "usersessions")
}
# Rows of registers that are no records of their own: what was frozen when a review of rights was opened.
_FROZEN = frozenset({ReviewItem._meta.label_lower})
# Rows that are deleted instead: one is keyed by the person and is made anew from the HR list, the other is signed as a whole.
_DELETED = frozenset({"accounts.reportingline", "sessions.session"})
# What the product named, and must find again: a file of the history, a table, a measure. Nobody's name, even where spelled alike.
OURS = (
    frozenset({"logs.part.path", "sources.historyfile.path", "sources.historyfile.table", "sources.collectedtable.table"})
    | {*("sources.forgotten.table", "sources.forgotten.source")}
    | {*("verdicts.measureverdict.measure", "verdicts.finding.measure", "duties.occurrence.duty", "documents.documentstep.document")}
)
# How a source is reached: masked, it would be read no more. Counted with what is not changed, so that somebody moves it.
_REACHED = frozenset({"sources.configuredsource"})
# The ledger is erased by its keys, logs by `in_logs`; Django's own tables name kinds of things, not people.
_PASSED_OVER = frozenset({"ledger", "logs", "contenttypes", "auth", "staticfiles", "messages"})
# Before and after of each change of a record, by column: the columns that hold people are the records' own.
_STEPS = "actions.step"
# Fields all of which is somebody's number, which in running text would be taken for a count.
WHOLE = frozenset({"by", "person", "owner", "over", "concerns", "reporter", "manager"}) | {
    *("whose", "owes", "held_by", "ended_by", "escalated_to")
}
TEXTS = (models.CharField, models.TextField, models.JSONField)
# Rows about a subject of a measure, and when they ended: the subject's permanent id may be somebody's, too.
_SUBJECTS = {"verdicts.finding": "resolved_at", "duties.occurrence": "ended_at"}
_SAID_OF_THEM = ("label", "detail", "about")
_SOMEBODY = "person/"  # what measures put before the number of somebody who has nothing else
_AT_ONCE = 2000

Mend = Callable[[str, str], str]


class Quoted:
    """Masks whom `known` knows as in a log (`rita@web1.example`, `uid=rita`) where registers quote lines of logs: those of incidents."""

    def __init__(self, known: Known) -> None:
        """Begin."""
        self.value = Masker(known).value
        models_ = (model for model in apps.get_models() if issubclass(model, Record) and model.ties.chapter == "incidents")
        self.registers = frozenset(model.register() for model in models_)


def mask(known: Known) -> dict[str, int]:
    """Mask whom `known` knows in every text of the apps where that is agreed; return how many rows of each model that changed or went."""
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
    label = model._meta.label_lower
    masked = label in _FROZEN or (model._meta.app_label in MASKED and label not in _REACHED and not issubclass(model, Record))
    return label in _DELETED or masked


def _models(wanted: Callable[[type[models.Model]], bool]) -> Iterable[type[models.Model]]:
    return [model for model in apps.get_models() if wanted(model) and model._meta.managed]


def _mask(model: type[models.Model], known: Known, *, write: bool) -> int:
    if model._meta.label_lower in _DELETED:
        gone = _naming(model, known)
        if write:
            model._base_manager.filter(pk__in=gone).delete()
        return len(gone)
    fields = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS) and not field.primary_key]
    fields = [name for name in fields if f"{model._meta.label_lower}.{name}" not in OURS]
    if not fields:
        return 0
    changed = [(key, new) for key, new in _changes(model, fields, known) if new]
    if write and changed and (held := _held().get(model)):
        held(dict(changed), CLI)
        return len(changed)
    for key, new in changed if write else ():
        # What a digest was made of with that salt could be guessed from what is left.
        model._base_manager.filter(pk=key).update(**new, **({"salt": token_hex(16)} if "salt" in fields else {}))
    return len(changed)


def _held() -> dict[type[models.Model], Callable[[Mapping[int, Mapping[str, Any]], Actor], None]]:
    """Return what writes rows that are no records and that the ledger has digests of, by model."""
    return {ReviewItem: reseal, **{each.ROWS: each.reseal for each in recorded.held()}}


def _naming(model: type[models.Model], known: Known) -> list[Any]:
    """Return the keys of rows in which a text, or what it is the coded form of, names whom `known` knows."""
    fields = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
    found = []
    for row in model._base_manager.all().iterator(chunk_size=_AT_ONCE):
        said: dict[str, Any] = {name: getattr(row, name) for name in fields}
        if isinstance(row, AbstractBaseSession):
            said["decoded"] = row.get_decoded()
        if mended("", said, known) != said:
            found.append(row.pk)
    return found


def _changes(model: type[models.Model], fields: list[str], known: Known) -> Iterator[tuple[Any, dict[str, Any]]]:
    label = model._meta.label_lower
    persons = _persons() if label == _STEPS else WHOLE
    quoted = Quoted(known) if label == _STEPS else None
    for key, over, *values in model._base_manager.values_list("pk", _SUBJECTS.get(label, "pk"), *fields).iterator(chunk_size=_AT_ONCE):
        row = dict(zip(fields, values, strict=True))
        accounts = label in _SUBJECTS and over is not None
        new = {name: mended(name, value, known, accounts, persons) for name, value in row.items()}
        if quoted is not None and row["register"] in quoted.registers:
            new["changes"] = quoted.value(new["changes"])
        if label in _SUBJECTS and (
            row["subject"].startswith(_SOMEBODY) or any(new[name] != row[name] for name in _SAID_OF_THEM if name in row)
        ):
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
