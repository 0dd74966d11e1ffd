"""What the company's recurring tasks ask of people."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from django.utils.translation import gettext_noop

from upheld.checks.span import span
from upheld.registers.owing import Duty, Owing
from upheld.registers.tasks.models import Task, TaskDone


def to_do(now: datetime) -> Iterator[Owing]:
    """Yield each task that has not ended, with every time that it was done."""
    done: dict[int, list[datetime]] = {}
    for task, at in TaskDone.objects.order_by("at").values_list("task", "at"):
        done.setdefault(task, []).append(at)
    for each in Task.objects.filter(ended_at=None):
        begins_at = datetime.combine(each.first_on, time(), UTC)
        times = tuple(done.get(each.pk, ()))
        yield Owing(each.reference, str(each), begins_at, each.person, each.role, span(each.every), fixed=each.fixed, done=times)


DUTIES = (Duty("tasks.do-task", gettext_noop("Do"), to_do),)
