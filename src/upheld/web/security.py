"""What browsers are told to refuse: everything that the product itself does not serve."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from upheld.accounts.policy import PolicyError, policy

# No script but our own files, no inline style, no frame, no form to elsewhere: text that a collected name smuggles in stays text.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


# Pages on which one signs in or sets up a factor: the library's script for passkeys asks here; the picture of a code.
SIGNING = POLICY.replace("img-src 'self'", "img-src 'self' data:") + "; connect-src 'self'"
SIGNING_PLACES = ("/sign-in/", "/account/")
# A questionnaire is saved while it is answered.
SAVING = POLICY + "; connect-src 'self'"


def policy_for(path: str) -> str:
    """Return the policy for the page at `path`. Where one signs in, forms may also lead to the company's own providers."""
    if path.startswith("/answer/"):
        return SAVING
    if not path.startswith(SIGNING_PLACES):
        return POLICY
    if not path.startswith("/sign-in/"):
        return SIGNING
    try:
        providers = policy().providers
    except PolicyError:  # the page says so; what goes around it leads nowhere then
        return SIGNING
    return SIGNING.replace("form-action 'self'", " ".join(["form-action 'self'", *sorted({each.origin for each in providers})]))


class OnlyTrustedProxies:
    """Middleware that believes what is said of the client only from a proxy in `UPHELD_PROXIES`; from others it is dropped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next layer."""
        self.get_response = get_response
        self.networks = [ip_network(each) for each in settings.PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the client's own address, as far as it can be known."""
        meta = request.META
        if self._trusted(meta.get("REMOTE_ADDR", "")):
            # From the right: each proxy adds whom it was asked by, and what stands further left anybody may have written.
            for hop in reversed(meta.get("HTTP_X_FORWARDED_FOR", "").split(",")):
                if not hop.strip():
                    break
                meta["REMOTE_ADDR"] = hop.strip()
                if not self._trusted(hop.strip()):
                    break
        else:
            meta.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)

    def _trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)


class ContentSecurityPolicy:
    """Middleware that sends the policy, and that pages about a company's weak spots are kept by no cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers added."""
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = policy_for(request.path)
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers.setdefault("Cache-Control", "no-store")
        return response
