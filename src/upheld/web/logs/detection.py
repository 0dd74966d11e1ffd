"""The page of one detection: the rule that met, its conditions, and where they stand in the line."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld.logs.explaining import pieces
from upheld.logs.models import Detection
from upheld.logs.why import Why, why
from upheld.registers.incidents.models import SecurityEvent
from upheld.web.page import answer

_LONGEST = 20_000


@dataclass(frozen=True)
class DetectionPage:
    """Why a rule met, the line in pieces (each with whether it is marked), and the event of the queue that it is in (None: in none)."""

    why: Why
    pieces: tuple[tuple[str, bool], ...]
    fields: tuple[tuple[str, str], ...]
    event: SecurityEvent | None
    others: int


@require_safe
def detection(request: HttpRequest, number: int) -> HttpResponse:
    """Show one detection."""
    found = Detection.objects.select_related("log").filter(pk=number).first()
    if found is None:
        raise Http404
    told = why(found)
    line = told.line[:_LONGEST]
    marks = [(start, min(end, len(line))) for start, end in told.explained.marks if start < len(line)] if told.explained else []
    page = DetectionPage(
        why=told,
        pieces=tuple(pieces(line, marks)),
        fields=tuple((name, value[:500]) for name, value in told.fields.items()),
        event=_event(found),
        others=Detection.objects.filter(rule=found.rule).count() - 1,
    )
    return answer(request, "logs/detection", page, place="logs")


def _event(found: Detection) -> SecurityEvent | None:
    some = SecurityEvent.objects.filter(rule=found.rule, log=found.log.name)
    return next((each for each in some if found.pk in each.detections), None)
