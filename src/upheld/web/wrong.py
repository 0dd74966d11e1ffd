"""Pages for what goes wrong, in words; and the plain answer of a server that is well."""

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.http import require_safe

from upheld.web.page import answer

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WrongPage:
    """What happened, and what to do."""

    title: str
    what: str


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer "ok"; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, and why where the page told."""
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return answer(request, "wrong", WrongPage("There is no such page", said or "Nothing answers at this address."), status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the address was not understood."""
    return HttpResponse("This request was not understood.\n", content_type="text/plain; charset=utf-8", status=400)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the product is at fault, and log what happened; asks nothing of the database, which may be what failed."""
    logger.exception("%s %s failed", request.method, request.path)
    return HttpResponse(loader.render_to_string("web/failed.html"), status=500)
