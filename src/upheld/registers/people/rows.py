"""Rows of the chapter people, as measures read them."""

from collections.abc import Iterator

from upheld.checks.span import span
from upheld.evidence.table import Row
from upheld.registers.people.models import Authorisation, Completion, Course, Undertaking


def undertakings() -> Iterator[Row]:
    """Yield who signed on paper that they keep things confidential."""
    for each in Undertaking.objects.all().iterator(chunk_size=2_000):
        yield {"id": str(each.pk), "person_id": each.person, "signed_on": each.signed_on, "paper": each.paper}


def data_authorisations() -> Iterator[Row]:
    """Yield who may reach personal data where."""
    for each in Authorisation.objects.all().iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "person_id": each.person,
            "system_id": each.system,
            "categories": list(each.categories),
            "given_by_id": each.given_by,
            "given_at": each.given_at,
            "from_on": each.from_on,
            "until_on": each.until_on,
        }


def courses() -> Iterator[Row]:
    """Yield courses, retired ones too: what was completed before still counts."""
    for each in Course.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "provider": each.provider,
            "mandatory": each.mandatory,
            "subjects": list(each.subjects),
            "roles": list(each.roles),
            "departments": list(each.departments),
            "repeat_every": span(each.every).about,
            "first_within": span(each.within).about,
            "declared_at": each.declared_at,
            "retired_at": each.retired_at,
        }


def course_completions() -> Iterator[Row]:
    """Yield who completed which course when, of retired courses too."""
    for each in Completion.objects.select_related("course").iterator(chunk_size=2_000):
        yield {
            "id": str(each.pk),
            "course_id": each.course.name,
            "provider": each.course.provider,
            "person_id": each.person,
            "completed_on": each.completed_on,
            "certificate": each.certificate or None,
        }
