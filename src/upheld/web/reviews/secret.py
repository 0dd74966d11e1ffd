"""A first secret, shown once to whom it is for: a link that a mail scanner follows opens nothing."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upheld.accounts.person import SignedInRequest
from upheld.actions.errors import Refused
from upheld.registers.access.models import SecretLink
from upheld.registers.access.secrets import open_secret, shown
from upheld.web.page import answer
from upheld.web.registers import finding


@dataclass(frozen=True)
class SecretPage:
    """A handed-over secret: in the clear only for whom it is for, and only once they opened it."""

    link: SecretLink
    mine: bool
    clear: str = ""
    wrong: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_secret(request: HttpRequest, number: int) -> HttpResponse:
    """Show that there is a secret, or open it."""
    person = cast(SignedInRequest, request).person
    link = cast(SecretLink, finding.record(person, SecretLink, number))
    mine, clear, wrong = link.person == person.ref, "", ""
    try:
        if request.method == "POST" and link.opened_at is None:
            link = open_secret(link, by=person)
        if mine and link.opened_at is not None:
            clear = shown(link, person.ref)
    except Refused as error:
        wrong = str(error)
    return answer(request, "reviews/secret", SecretPage(link, mine, clear, wrong), place="registers", status=403 if wrong else 200)
