"""Pages for what goes wrong, in words; and the plain answer of a server that is well."""

import logging
import sys
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import workspace
from upheld.evidence.visible import visible
from upheld.web.page import answer, rendered
from upheld.web.trouble import trouble
from upheld.web.trust import domain

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WrongPage:
    """What happened, and what to do; `english` where that is not said in the language of the page."""

    title: str
    what: str
    english: bool = False


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok"; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, and why where the page told."""
    if domain.is_own(request):
        return HttpResponse(f"{_('There is no such page')}\n", status=404, content_type="text/plain; charset=utf-8")
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return answer(
        request,
        "wrong",
        WrongPage(_("There is no such page"), said or _("Nothing answers at this address.")),
        status=404,
    )


def refused(request: HttpRequest, why: str) -> HttpResponse:
    """Say that this is not for whoever asks; nothing about what is there."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": why or "Your roles do not allow this."}, status=403)
    what = why or _("Your roles do not allow this. An administrator can give you one that does.")
    return answer(request, "wrong", WrongPage(_("This is not for you"), what), status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was not ours, or too old."""
    what = _("This form was open for too long, or did not come from here. Go back, load the page again, and send it anew.")
    return answer(request, "wrong", WrongPage(_("This was not taken"), what), status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the address was not understood."""
    return HttpResponse("This request was not understood.\n", content_type="text/plain; charset=utf-8", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """Say which file is wrong and what to do, or else that the product is at fault, and log what happened.

    Asks nothing of the database, which may be what failed.
    """
    error = sys.exc_info()[1]
    foreseen = trouble(error, workspace.current().database) if error else None
    if foreseen is None:
        logger.exception("%s %s failed", request.method, visible(request.path))
    else:
        logger.error("%s %s: %s", request.method, visible(request.path), visible(foreseen.said))
    return HttpResponse(rendered("web/failed.html", {"said": foreseen.said if foreseen else ""}, request), status=500)
