"""Who is behind a request, and whether they may ask for this address: nothing is answered that nobody classified."""

import logging
from collections.abc import Callable
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from upheld.accounts.models import Account
from upheld.accounts.person import ANYBODY_HERE, STRANGER, SignedInRequest, person_of
from upheld.accounts.policy import policy
from upheld.accounts.role import Role
from upheld.accounts.scope import Refused
from upheld.accounts.tokens import bearer
from upheld.web import wrong
from upheld.web.access import Access, Asks, Open, access_of
from upheld.web.signing import session

logger = logging.getLogger(__name__)
API, SCIM, HEALTH = "/api/", "/scim/v2/", "/health"  # SCIM's senders show a token of a source, and are nobody who signs in
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")


class WhoIsThere:
    """Middleware that puts a person on each request, ends sessions that are over, and asks `access.py`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as whoever is there."""
        asked = cast(SignedInRequest, request)
        asked.person = STRANGER
        if request.path.startswith((settings.STATIC_URL, SCIM)) or request.path == HEALTH:
            return self.get_response(request)
        ended = ""
        if request.path.startswith(API) and "Authorization" in request.headers:
            asked.person = bearer(request.headers["Authorization"]) or STRANGER
            if asked.person.sample and not samples_open(request):
                asked.person = STRANGER
            # A token is sent on purpose, not by a browser on somebody's behalf: there is nothing to forge.
            request._dont_enforce_csrf_checks = asked.person.signed_in  # type: ignore[attr-defined]
        elif isinstance(request.user, Account):
            ended = self._from_session(asked)
        elif open_here(request):
            asked.person = ANYBODY_HERE
        return _to_sign_in(request, why=ended) if ended else self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _named: object) -> HttpResponse | None:
        """Refuse, send to sign in, or let through (None)."""
        match = request.resolver_match
        access = access_of(match.view_name if match else None)
        if access is None:
            logger.error("%s is an address that web/access.py does not list: it answers nobody", request.path)
            raise Http404
        return None if access is Open.ANYONE else _answer(cast(SignedInRequest, request), access)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell in words what was refused."""
        return wrong.refused(request, str(error)) if isinstance(error, Refused) else None

    def _from_session(self, request: SignedInRequest) -> str:
        """Set the person; returns why the session is over, "" while it is not."""
        rules, account = policy(), cast(Account, request.user)
        why = session.over(request, rules)
        if account.sample and not samples_open(request):
            why = "sample company closed"
        if why:
            session.end(request, why)
            return why
        session.touch(request)
        shown = account.sample or bool(request.session.get(session.SECOND_FACTOR))
        request.person = person_of(account, via="web", second_factor=shown, everybody=rules.everybody_second_factor)
        return ""


def open_here(request: HttpRequest) -> bool:
    """Return whether this is somebody at this very machine, and nobody has an account yet who could sign in instead.

    A proxy on the same machine would make everybody somebody here: so not where an address is set, nor behind one that says so.
    """
    return not any(header in request.META for header in FORWARDED) and samples_open(request)


def samples_open(request: HttpRequest) -> bool:
    """Return whether the sample company's people may sign in: on this machine, while nobody has a real account."""
    return not settings.ADDRESS and from_here(request) and not Account.objects.filter(sample=False).exists()


def from_here(request: HttpRequest) -> bool:
    """Return whether the request comes from this machine."""
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _answer(request: SignedInRequest, access: Access) -> HttpResponse | None:
    person = request.person
    if not person.signed_in and not (person is ANYBODY_HERE and isinstance(access, Asks)):
        return _to_sign_in(request)
    if access is not Open.SETTING_UP and person.lacks_second_factor:
        return HttpResponseRedirect(reverse("mfa_index"))
    if isinstance(access, Asks) and not access.lets(person):
        if person.roles == {Role.CUSTOMER} and request.path == reverse("today"):
            return HttpResponseRedirect(reverse("customer"))
        return wrong.refused(request, "")
    return None


def _to_sign_in(request: HttpRequest, *, why: str = "") -> HttpResponse:
    if request.path.startswith(API):
        refused = JsonResponse({"error": "Sign in: send a token as Authorization: Bearer upheld_..."}, status=401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    asked = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    asked |= {"why": why.replace(" ", "-")} if why else {}
    return HttpResponseRedirect(f"{reverse('account_login')}{'?' + urlencode(asked) if asked else ''}")
