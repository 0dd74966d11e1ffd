"""A questionnaire as whoever sent it sees it: the link to hand out, shown this once, and the answers to score."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upheld.accounts.person import SignedInRequest
from upheld.actions.allowing import why_not
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import NotAllowed, Refused
from upheld.actions.files import Kept
from upheld.registers.staff import names
from upheld.registers.suppliers.asking_models import Answer, Inquiry, InquiryState
from upheld.web.page import answer
from upheld.web.registers import finding


@dataclass(frozen=True)
class QuestionnairePage:
    """A questionnaire, its answers, and what may be done now; `link` is the address to hand out, shown this once."""

    inquiry: Inquiry
    answers: tuple[Answer, ...]
    scorers: dict[str, str]
    waiting: int
    scored: int
    keeps: bool
    is_open: bool
    is_sent_in: bool
    link: str
    wrong: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, number: int) -> HttpResponse:
    """Show a questionnaire; a POST makes a link, in place of the one before."""
    inquiry = _inquiry(request, number)
    link = wrong = ""
    status = 200
    if request.method == "POST":
        secret = secrets.token_urlsafe(32)
        try:
            digest = sha256(secret.encode()).hexdigest()
            ask(declared()["suppliers.open-link"], {"link": digest}, by=cast(SignedInRequest, request).person, number=inquiry.pk)
            link = request.build_absolute_uri(reverse("answer-by-link", args=[secret]))
        except NotAllowed as error:
            wrong, status = str(error), 403
        except Refused as error:
            wrong, status = str(error), 409
    return answer(
        request, "suppliers/questionnaire", _page(request, _inquiry(request, number), link, wrong), place="registers", status=status
    )


@require_safe
def file(request: HttpRequest, number: int) -> FileResponse:
    """Give a file that a supplier handed in, to be saved and never shown: what is in it is somebody else's."""
    found = cast(Any, finding.as_it_is(cast(SignedInRequest, request).person, Answer, number))
    kept = Kept.named(found.file)
    if kept is None:
        raise Http404(_("Answer %(number)s has no file.") % {"number": number})
    return FileResponse(kept.path.open("rb"), as_attachment=True, filename=found.file_name, content_type="application/octet-stream")


def _inquiry(request: HttpRequest, number: int) -> Inquiry:
    return cast(Inquiry, finding.as_it_is(cast(SignedInRequest, request).person, Inquiry, number))


def _page(request: HttpRequest, inquiry: Inquiry, link: str, wrong: str) -> QuestionnairePage:
    answers = tuple(inquiry.answers.order_by("number"))
    person = cast(SignedInRequest, request).person
    return QuestionnairePage(
        inquiry=inquiry,
        answers=answers,
        scorers=names({each.scored_by for each in answers if each.scored_by}),
        waiting=len(inquiry.questions) - len(answers),
        scored=sum(bool(each.score) for each in answers),
        keeps=why_not(declared()["suppliers.open-link"], person, inquiry) is None,
        is_open=inquiry.state == InquiryState.OPEN,
        is_sent_in=inquiry.state == InquiryState.SENT_IN,
        link=link,
        wrong=wrong,
    )
