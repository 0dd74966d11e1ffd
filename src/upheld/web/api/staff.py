"""What payroll asks before the last salary: whether everything of a leaver is gone."""

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Verb
from upheld.accounts.scope import scope
from upheld.registers.authorization.case_models import StaffCase
from upheld.registers.authorization.kinds import CaseKind


@require_safe
def cleared(request: HttpRequest, person: str) -> JsonResponse:
    """Tell whether the leaver `person` (people.id) has a closed case, and what is left otherwise; cleared is never said of nobody known."""
    asks = cast(SignedInRequest, request).person
    those = StaffCase.objects.filter(person=person, kind=CaseKind.LEAVER, withdrawn_at=None)
    case = scope(asks, Verb.SEE, those, StaffCase.ties).order_by("-due_on", "-pk").first()
    if case is None:
        why = "There is no leaver case of this person that you may see."
        return JsonResponse({"person": person, "cleared": False, "error": why}, status=404)
    left = [{"what": each.what, "label": each.label, "system": each.system} for each in case.things.filter(settled_at=None)]
    told = {"person": person, "cleared": case.closed_at is not None, "case": case.pk, "due_on": case.due_on.isoformat(), "left": left}
    return JsonResponse(told | {"closed_at": case.closed_at.isoformat() if case.closed_at else None})
