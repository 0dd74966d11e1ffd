"""A questionnaire answered by a link, without an account: saved whenever something changed, and sent in once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import LARGEST_BYTES, keep_file
from upheld.registers.suppliers.answering import by_secret, too_much, visitor
from upheld.registers.suppliers.asking_models import Answer, Inquiry, Says
from upheld.web.page import answer

LONGEST_WORDS = 20_000


@dataclass(frozen=True)
class Question:
    """One question with what was answered so far, and what is wrong with that."""

    number: int
    words: str
    says: str
    said: str
    file_name: str
    wrong: str


@dataclass(frozen=True)
class AnswerPage:
    """The questionnaire as whoever has the link sees it. `wrong` is about the whole; `sent` says that it was sent in just now."""

    title: str
    supplier: str
    introduction: str
    note: str
    until_on: date
    questions: tuple[Question, ...]
    answered: int
    name: str
    wrong: str
    saved: bool
    sent: bool = False


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the questionnaire that the link opens, and keep what is answered. Links that open nothing are all told so in the same words."""
    inquiry = by_secret(secret)
    if inquiry is None:
        return answer(request, "suppliers/gone", None, status=404)
    if request.method != "POST":
        return _shown(request, inquiry, {}, "", saved="saved" in request.GET)
    try:
        wrong = _save(request, inquiry)
        if not wrong and "send" in request.POST:
            ask(declared()["suppliers.send-in"], {"name": request.POST.get("name", "")}, by=visitor(inquiry), number=inquiry.pk)
            return _shown(request, inquiry, {}, "", sent=True)
    except Ill as error:
        return _shown(request, inquiry, {}, " ".join(said for each in error.fields.values() for said in each), status=400)
    except Refused as error:
        return _shown(request, inquiry, {}, str(error), status=409)
    if "quiet" in request.POST:
        return HttpResponse(status=400 if wrong else 204)
    return _shown(request, inquiry, wrong, "", status=400) if wrong else HttpResponseRedirect(f"{request.path}?saved")


def _save(request: HttpRequest, inquiry: Inquiry) -> Mapping[int, str]:
    """Keep every answer that changed; return what is wrong, by the number of its question. What is right is kept all the same."""
    wrong: dict[int, str] = {}
    kept = {each.number: each for each in inquiry.answers.all()}
    with transaction.atomic():
        for number in range(1, len(inquiry.questions) + 1):
            try:
                if given := _changed(request, inquiry, number, kept.get(number)):
                    ask(declared()["suppliers.answer-question"], given, by=visitor(inquiry), number=inquiry.pk)
            except Ill as error:
                wrong[number] = " ".join(said for each in error.fields.values() for said in each)
    return wrong


def _changed(request: HttpRequest, inquiry: Inquiry, number: int, kept: Answer | None) -> dict[str, Any]:
    """Return what was answered anew to question `number`; empty where nothing changed. Raises `Ill`, and then no file was kept."""
    says = request.POST.get(f"says-{number}", "")
    words = request.POST.get(f"words-{number}", "").replace("\r\n", "\n")
    file = request.FILES.get(f"file-{number}")
    if not (says or words or file):
        return {}
    if (says, words) == ((kept.says, kept.words) if kept else ("", "")) and not file:
        return {}
    if says not in set(Says):
        raise Ill({"says": ("Choose one of the answers, then write more.",)})
    given: dict[str, Any] = {"number": number, "says": says, "words": words}
    if isinstance(file, UploadedFile):
        if (file.size or 0) > LARGEST_BYTES:
            raise Ill({"file": (f"A file may have {LARGEST_BYTES // 1_000_000} MB at most.",)})
        if why := too_much(inquiry, file=True):
            raise Ill({"file": (why,)})
        given |= {"file": keep_file(file.read()).sha256, "file_name": (file.name or "file")[:200]}
    return given


def _shown(
    request: HttpRequest,
    inquiry: Inquiry,
    wrong: Mapping[int, str],
    about: str,
    *,
    saved: bool = False,
    sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    kept = {each.number: each for each in inquiry.answers.all()}
    page = AnswerPage(
        title=inquiry.title,
        supplier=str(inquiry.supplier),
        introduction=inquiry.introduction,
        note=inquiry.note,
        until_on=inquiry.until_on,
        questions=tuple(_questions(request, inquiry, kept, wrong)),
        answered=len(kept),
        name=request.POST.get("name", ""),
        wrong=about,
        saved=saved,
        sent=sent,
    )
    return answer(request, "suppliers/answer", page, status=status)


def _questions(request: HttpRequest, inquiry: Inquiry, kept: Mapping[int, Answer], wrong: Mapping[int, str]) -> Iterator[Question]:
    """Yield the questions, with what was typed just now where it could not be kept."""
    for number, words in enumerate(inquiry.questions, 1):
        mine = kept.get(number)
        yield Question(
            number=number,
            words=words,
            says=request.POST.get(f"says-{number}", mine.says if mine else ""),
            said=request.POST.get(f"words-{number}", mine.words if mine else "")[:LONGEST_WORDS],
            file_name=mine.file_name if mine else "",
            wrong=wrong.get(number, ""),
        )
