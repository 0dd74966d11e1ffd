"""The content security policy that every answer carries: nothing inline, nothing from elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class ContentSecurityPolicy:
    """Middleware that adds the policy."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with the header."""
        response = self.answer(request)
        response["Content-Security-Policy"] = POLICY
        return response
