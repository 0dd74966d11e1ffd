"""Every text of every table of the database: somebody is planted into all of them, erased, and looked for in the bytes of all files."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, models
from tests.erasure.company import BOB, MARKERS, MONDAY, RITA, Company, everywhere, forget_rita

from upheld.accounts.models import ReportingLine
from upheld.actions.models import Record
from upheld.erasure import texts

# The ledger's own tables hold what is committed to or sealed; Django's name kinds of things.
_NOT_OURS = frozenset({"ledger", "contenttypes", "auth"})
# How a source or a log is reached is said, and not changed: test_erasing.py and test_in_logs.py show it.
_SAID = frozenset({"sources.configuredsource"})
_REACHED = frozenset({"logs.watchedlog.name", "logs.watchedlog.pattern", "logs.watchedlog.system_id", "logs.canary.address"})
_PLAIN: dict[type[models.Field], Any] = {
    models.BooleanField: False,
    models.DateTimeField: datetime(2026, 5, 1, tzinfo=UTC),
    models.DateField: date(2026, 5, 1),
    models.TimeField: time(8),
    models.DurationField: timedelta(days=1),
    models.UUIDField: None,
    models.GenericIPAddressField: "10.1.2.3",
    models.BinaryField: b"x",
}


def planted(model: type[models.Model]) -> models.Model:
    """Return a row of `model` in which every text tells of Rita."""
    persons = texts.WHOLE | (set(model.persons) if issubclass(model, Record) else set())
    return model(**{field.attname: _value(model, field, persons) for field in model._meta.concrete_fields if not _makes_itself(field)})


def _makes_itself(field: "models.Field[Any, Any]") -> bool:
    return field.primary_key and isinstance(field, models.AutoField)


def _value(model: type[models.Model], field: "models.Field[Any, Any]", persons: set[str]) -> Any:
    if isinstance(field, models.JSONField):
        return {"said": [f"by {MARKERS[1]}, {MARKERS[0]}"], "who": MARKERS[0]}
    if field.name == "salt":
        return "00" * 16
    if isinstance(field, models.CharField | models.TextField):
        return _text(model, field, persons)
    if isinstance(field, models.UUIDField):
        return uuid4()
    return next((value for kind, value in _PLAIN.items() if isinstance(field, kind)), 1)


def _text(model: type[models.Model], field: "models.Field[Any, Any]", persons: set[str]) -> str:
    if field.name in persons:
        return MARKERS[2]
    if (
        f"{model._meta.label_lower}.{field.name}" in texts.OURS | _REACHED
        or not field.editable
        or (field.primary_key and field.name not in persons)
    ):
        return "x"  # words of the product; keys are random, or digests
    most = field.max_length or 1000
    full = f"as {MARKERS[1]} ({MARKERS[0]}) said"
    return next((each for each in (full, MARKERS[0], MARKERS[1], MARKERS[2]) if len(each) <= most), "x" * most)


def everything() -> Iterator[type[models.Model]]:
    """Yield every model that has a table of its own."""
    for model in apps.get_models():
        if model._meta.managed and model._meta.app_label not in _NOT_OURS and model._meta.label_lower not in _SAID:
            yield model


def plant() -> set[str]:
    """Plant a row into each table that has texts, and return the models' names."""
    wanted = [model for model in everything() if any(isinstance(field, texts.TEXTS) for field in model._meta.concrete_fields)]
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        for model in wanted:
            model._base_manager.bulk_create([planted(model)])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    return {model._meta.label_lower for model in wanted}


def test_nothing_of_her_is_left_in_any_table(company: Company) -> None:
    tables = plant()
    assert tables >= {"notices.notice", "registers.attachment", "registers.incidentnote", "duties.occurrence", "mfa.authenticator"}
    Session.objects.create(session_key="hers", session_data=SessionStore().encode({"for": MARKERS[0]}), expire_date=MONDAY)
    Session.objects.create(session_key="bobs", session_data=SessionStore().encode({"for": BOB[1]}), expire_date=MONDAY)
    lines = {"P-2": "P-9", "P-3": RITA[1]}
    ReportingLine.objects.bulk_create(ReportingLine(person=person, manager=manager) for person, manager in lines.items())
    assert {line.split(": ", 1)[1] for line in everywhere(company)} >= set(MARKERS[:3])  # the control
    told = forget_rita()
    assert [each["said"] for each in told["checks"] if each["holds"] is False] == []
    assert (told["complete"], told["not_changed"]) == (True, {})
    assert everywhere(company) == []
    assert [each.session_key for each in Session.objects.all()] == ["bobs"]
    assert [each.person for each in ReportingLine.objects.all()] == ["P-2"]
