"""A row of every register, put there behind the product's back: with markup in every text, valid in every other field."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, models

from upheld.actions.declaring import declared
from upheld.actions.kinds import Choice, Duration, Kind, ListOf, Somebody, Text
from upheld.actions.models import Record
from upheld.registers.recorded import registers

MARKUP = "=1+<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% now %}"
NOW = datetime.fromisoformat("2026-05-01T10:00:00+00:00")
OWNER = "P-lea"


def rows_of_every_register() -> dict[type[Record], Record]:
    """Make a row of each register, those first that others name, and return them."""
    made: dict[type[Record], Record] = {}
    kinds = {(action.register, each.name): each.kind for action in declared().values() for each in action.parameters}

    busy: set[type[Record]] = set()

    def make(model: type[Record]) -> Record | None:
        if model not in made and model not in busy:
            busy.add(model)
            values = {field.name: _value(model, field, kinds.get((model, field.name)), made, make) for field in _fields(model)}
            told = {name: value for name, value in values.items() if value is not None}
            made[model] = _inserted(model, told, make)
        return made.get(model)

    for each in registers():
        make(each)
    return made


def _inserted(model: type[Record], values: dict[str, Any], make: Any) -> Record:
    """Insert the row, hung on the first of the things that it may hang on, or on none where the database takes no such row."""
    hung = [{field.name: field.related_model} for field in _fields(model) if isinstance(field, models.ForeignKey) and field.null]
    for more in [*hung, {}]:
        row = model(version=1, salt="00" * 16, **values | {name: make(of) for name, of in more.items()})
        try:
            row.save(force_insert=True)
        except IntegrityError:
            continue
        return row
    raise AssertionError(f"no row of {model.register()} can be made: say here how")


def _fields(model: type[Record]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key and field.name not in ("version", "salt")]


def _value(model: type[Record], field: models.Field, kind: Kind | None, made: dict[Any, Any], make: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        if field.related_model is model or field.null:
            return None
        return make(field.related_model)
    if isinstance(field, models.CharField | models.TextField):
        return _text(model, field, kind)
    if isinstance(field, models.JSONField):
        return _list(field, kind)
    plain: dict[type[models.Field], Any] = {
        models.BooleanField: True,
        models.DateTimeField: None if field.null else NOW,
        models.DateField: None if field.null else date(2026, 5, 1),
        models.DurationField: timedelta(days=1),
    }
    return next((value for of, value in plain.items() if isinstance(field, of)), 1)


def _text(model: type[Record], field: models.Field, kind: Kind | None) -> str:
    if isinstance(kind, Choice):
        return next(iter(kind.words)).value
    if isinstance(kind, Somebody) or field.name in model.persons or field.name == model.ties.owner:
        return OWNER
    if isinstance(kind, Duration) or field.name.endswith(("_every", "_within", "_after", "_for")):
        return "12 months"
    words = MARKUP if kind is None or isinstance(kind, Text) else ""
    return words[: field.max_length] if field.max_length is None or field.max_length > 20 else ""


def _list(field: models.Field, kind: Kind | None) -> Any:
    said = field.get_default()
    return [MARKUP] if isinstance(said, list) and isinstance(kind, ListOf) and isinstance(kind.each, Text) else said
