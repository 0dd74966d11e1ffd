"""A finished review of rights as one PDF, for whoever leads or audits."""

from hashlib import sha256
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.accounts.person import Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.exports.papers.paper import LANGUAGES
from upheld.exports.papers.review import review_pdf
from upheld.exports.position import ExportError
from upheld.exports.writing import enter
from upheld.registers.authorization.review_models import AccessReview
from upheld.web.page import answer
from upheld.web.registers import finding

PRINTS = frozenset({Role.SECURITY_LEAD, Role.DPO, Role.AUDITOR})


def may_print(person: Person) -> bool:
    """Whether `person` may have all items of a review: everybody else sees those that they decide about."""
    return bool(person.roles & PRINTS)


@require_POST
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the review as PDF; that it was handed out is an entry of the ledger."""
    person = cast(SignedInRequest, request).person
    found = cast(AccessReview, finding.as_it_is(person, AccessReview, number))
    if not may_print(person):
        raise Http404(_("There is no access review %(number)s to print.") % {"number": number})
    language = (get_language() or "en")[:2]
    try:
        made = review_pdf(found, language if language in LANGUAGES else "en")
    except ExportError as error:
        return answer(request, "registers/refused", str(error), place="registers", status=409)
    name = f"access-review-{found.pk}.pdf"
    enter("review", found.reference, {name: sha256(made).hexdigest()})
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
