"""Records as they were at the end of an auditor's period: what changed later is taken back, by the steps that changed it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.query import ModelIterable

from upheld.actions.models import Record, Step

AT_ONCE = 500


def as_of(records: QuerySet[Record], ends_at: datetime) -> QuerySet[Record]:
    """Return those of `records` that were there before `ends_at`, each as it was then. One more query for each few hundred.

    What was deleted since is not among them.
    """
    found = records.filter(~Exists(_steps_since(records, ends_at).filter(version=1)))
    found._iterable_class = type("AsItWas", (_AsItWas,), {"ends_at": ends_at})
    return found


def unchanged(records: QuerySet[Record]) -> Q:
    """Return the condition on which `records` may be searched by what they hold now: where they are set back, that they held it then."""
    ends_at = getattr(records._iterable_class, "ends_at", None)
    return Q() if ends_at is None else Q(~Exists(_steps_since(records, ends_at)))


def _steps_since(records: QuerySet[Record], ends_at: datetime) -> QuerySet[Step]:
    number = Cast(OuterRef("pk"), CharField())
    return Step.objects.filter(register=records.model.register(), record=number, wrote=True, at__gte=ends_at)


class _AsItWas(ModelIterable):  # type: ignore[type-arg]  # generic in the stubs alone
    """What a query set yields, set back some hundred at a time."""

    ends_at: ClassVar[datetime]

    def __iter__(self) -> Iterator[Record]:
        now = super().__iter__()
        while some := list(islice(now, AT_ONCE)):
            _set_back(some, self.ends_at)
            yield from some


def _set_back(records: Sequence[Record], ends_at: datetime) -> None:
    """Give the fields of `records`, all of one register, the values that they had before `ends_at`."""
    by_number = {str(each.pk): each for each in records}
    steps = Step.objects.filter(register=records[0].register(), record__in=by_number, at__gte=ends_at, wrote=True).order_by("-version")
    for step in steps:  # the last first, so that what the first of them found stands in the end
        record = by_number[step.record]
        for name, (before, _after) in step.changes.items():
            _give(record, name, before)
        record.version = step.version - 1


def _give(record: Record, name: str, value: Any) -> None:
    field = next((each for each in record._meta.concrete_fields if each.attname == name), None)
    if field is None or field.primary_key:
        return
    setattr(record, name, field.to_python(value))
    record._state.fields_cache.pop(field.name, None)  # a record that it named since is not the one it named then
