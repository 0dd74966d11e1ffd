"""The registers of each chapter, and one register as a list."""

from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Verb
from upheld.actions.allowing import thing_of, why_not_at_all
from upheld.actions.declaring import Action, declared
from upheld.actions.models import Record
from upheld.registers.exchange.ways import makers
from upheld.web.page import answer
from upheld.web.population import page_number
from upheld.web.registers import finding
from upheld.web.registers.showing import Link, called, cells, label, link
from upheld.web.said import named, within

PER_PAGE = 25


@dataclass(frozen=True)
class RegisterLine:
    """One register in the list of all: its chapter, its name, and what its records are called together."""

    chapter: str
    name: str
    title: str


@dataclass(frozen=True)
class RegistersPage:
    """Every chapter with its registers."""

    chapters: tuple[tuple[str, tuple[RegisterLine, ...]], ...]


@dataclass(frozen=True)
class RecordLine:
    """One record in a list."""

    link: Link
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RegisterPage:
    """Records that were asked for, a page of them, and what new ones can be made."""

    line: RegisterLine
    one: str
    columns: tuple[str, ...]
    records: tuple[RecordLine, ...]
    page: Page  # type: ignore[type-arg]  # generic in the stubs alone
    words: str
    makes: tuple[Action[..., Any], ...]
    comes_in: bool
    together: tuple[Action[..., Any], ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every register that whoever asks may see something of."""
    person = cast(SignedInRequest, request).person
    chapters: dict[str, list[RegisterLine]] = {}
    for model in finding.by_name().values():
        if person.may(Verb.SEE, thing_of(model)):
            line = line_of(model)
            chapters.setdefault(line.chapter, []).append(line)
    shown = tuple((chapter, tuple(sorted(lines, key=lambda each: each.title))) for chapter, lines in sorted(chapters.items()))
    return answer(request, "registers/registers", RegistersPage(shown), place="registers")


@require_safe
def one_register(request: HttpRequest, chapter: str, name: str) -> HttpResponse:
    """Show the records of one register, newest first."""
    person = cast(SignedInRequest, request).person
    model = finding.register(person, chapter, name)
    words = request.GET.get("q", "").strip()[:200]
    page = Paginator(finding.searched(finding.seen(person, model), words), PER_PAGE).get_page(page_number(request.GET.get("page", "")))
    records = list(page.object_list)
    people = called(records)
    shown = RegisterPage(
        line=line_of(model),
        one=within(str(model._meta.verbose_name)),
        columns=tuple(map(label, model.listed)),
        records=tuple(RecordLine(link(each, people), tuple(cells(each, people))) for each in records),
        page=page,
        words=words,
        together=tuple(each for each in declared().values() if each.on is model and not why_not_at_all(each, person)),
        makes=(makes := tuple(each for each in makers(model) if not why_not_at_all(each, person))),
        comes_in=bool(makes),
    )
    return answer(request, "registers/register", shown, place="registers")


def line_of(model: type[Record]) -> RegisterLine:
    """Return the register as the list of all shows it."""
    chapter, _, name = model.register().partition(".")
    return RegisterLine(chapter, name, named(str(model._meta.verbose_name_plural)))
