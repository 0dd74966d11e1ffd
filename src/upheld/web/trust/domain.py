"""The Trust Center at a domain of its own (`UPHELD_TRUST_ADDRESS`): there it is alone, and it is nowhere else then."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

PLACE = "/trust/"  # where it is on the product's own domain
OURS = ("/.well-known/security.txt", "/robots.txt")


def home() -> str:
    """Return the address at which the Trust Center is read, which ends in a slash; "" where none is known."""
    if settings.TRUST_ADDRESS:
        return f"{settings.TRUST_ADDRESS}/"
    return f"{settings.ADDRESS}{PLACE}" if settings.ADDRESS else ""


def mount() -> str:
    """Return the path that it is served below, as browsers see it."""
    return "/" if settings.TRUST_ADDRESS else PLACE


def is_own(request: HttpRequest) -> bool:
    """Whether the Trust Center's own domain was asked."""
    own = urlsplit(settings.TRUST_ADDRESS).hostname
    return own is not None and request.get_host().partition(":")[0].lower() == own


class OwnDomain:
    """Middleware that answers for the Trust Center's own domain with it alone, and sends there whoever asks for it elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer by the domain that was asked."""
        if settings.TRUST_ADDRESS and is_own(request):
            if request.path_info not in OURS:
                request.path_info = f"{PLACE}{request.path_info.removeprefix('/')}"
        elif settings.TRUST_ADDRESS and request.path.startswith(PLACE):
            return HttpResponsePermanentRedirect(home() + request.get_full_path().removeprefix(PLACE))
        return self.get_response(request)
