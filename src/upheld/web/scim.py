"""The address to which identity providers push users and groups by SCIM 2.0. The token says whose they are; no session counts here."""

from importlib.util import find_spec

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from upheld.web.api.reading import whole

LARGEST_BYTES = 4 << 20  # a group of some ten thousand members
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@csrf_exempt  # the sender is a program, and shows a token
def receive(request: HttpRequest, path: str) -> HttpResponse:
    """Answer an identity provider as RFC 7644 says."""
    if find_spec("scim2_server") is None:
        return _problem(501, "receiving by SCIM is not installed here: install the extra, upheld[scim]")
    from upheld.sources.scim_push.receiving import Asked, answer  # noqa: PLC0415  an extra that need not be installed

    if request.method not in METHODS:
        return _problem(405, "that is no method of SCIM")
    body = whole(request, LARGEST_BYTES)
    if body is None:
        return _problem(413, f"at most {LARGEST_BYTES >> 20} MiB")
    base = f"{settings.ADDRESS or f'{request.scheme}://{request.get_host()}'}/scim/v2"
    made = answer(Asked(request.method or "", base, f"/{path}", request.GET.dict(), dict(request.headers), body))
    content = b"" if made.body is None else orjson.dumps(made.body)
    response = HttpResponse(content, status=made.status, content_type=made.headers.get("Content-Type", "application/scim+json"))
    for name, value in made.headers.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(status: int, detail: str) -> HttpResponse:
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status), "detail": detail}
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/scim+json")
