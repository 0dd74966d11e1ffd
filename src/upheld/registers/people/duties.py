"""What this chapter asks of people: to take the courses that are mandatory for them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time

from django.utils.translation import gettext_noop

from upheld.checks.span import span
from upheld.registers.owing import Duty, Owing
from upheld.registers.people.models import Completion, Course
from upheld.registers.staff import Known, known


def to_take(now: datetime) -> Iterator[Owing]:
    """Yield who has to take which mandatory course, again and again."""
    everybody = {person: each for person, each in known().items() if each.works_here(now.date())}
    courses = Course.objects.filter(mandatory=True, retired_at=None)
    done = defaultdict[tuple[int, str], list[datetime]](list)
    for number, person, day in Completion.objects.filter(course__in=courses).values_list("course_id", "person", "completed_on"):
        done[number, person].append(datetime.combine(day, time(), UTC))
    for course in courses:
        for person, each in everybody.items():
            if is_for(course, each):
                started = datetime.combine(each.started_on, time(), UTC) if each.started_on else course.declared_at
                yield Owing(
                    course.reference,
                    str(course),
                    max(course.declared_at, started),
                    person,
                    every=span(course.every),
                    first=span(course.within).about,
                    done=tuple(sorted(done[course.pk, person])),
                )


def is_for(course: Course, person: Known) -> bool:
    """Whether `person` is among those whom `course` is for: everybody, where it names neither roles nor departments."""
    if not course.roles and not course.departments:
        return True
    return person.role in course.roles or person.department in course.departments


DUTIES = (Duty("people.hand-in-certificate", gettext_noop("Take the course"), to_take, by_each=True),)
