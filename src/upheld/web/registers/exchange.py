"""A register taken out as a table, and a list brought in: first seen, then kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld.accounts.person import Person, SignedInRequest
from upheld.actions.allowing import why_not_at_all
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import LARGEST_BYTES
from upheld.actions.models import Record
from upheld.ledger.sequencer import sequence
from upheld.registers.exchange.bringing import Brought, Outcome, bring, given_back
from upheld.registers.exchange.columns import Columns, columns
from upheld.registers.exchange.finding import mappings_of
from upheld.registers.exchange.leaving import NUMBER, table
from upheld.registers.exchange.sheets import csv_lines, xlsx
from upheld.registers.exchange.ways import NoWay, Way, makers, way
from upheld.sources.people.get import Reading
from upheld.sources.people.get import sheet as read_sheet
from upheld.sources.people.sheet import Sheet
from upheld.sources.source import SourceError
from upheld.web.page import answer
from upheld.web.registers import finding, waiting
from upheld.web.registers.lists import RegisterLine, line_of

MOST_LINES = 5_000  # that a page brings in while somebody waits
SHOWN = 50
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True)
class Place:
    """One field, the header that tells it, and whether a new record needs it."""

    name: str
    label: str
    header: str
    needed: bool


@dataclass(frozen=True)
class ImportPage:
    """A list on its way in. Without `token` no file was handed in yet; `outcome` is what came of it, or would."""

    line: RegisterLine
    ways: tuple[tuple[str, str], ...]
    chosen: str
    mappings: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    token: str = ""
    headers: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    unread: tuple[str, ...] = ()
    outcome: Outcome | None = None
    counts: tuple[tuple[str, int], ...] = ()
    shown: tuple[Brought, ...] = ()


@require_safe
def export(request: HttpRequest, chapter: str, name: str, form: str) -> HttpResponseBase:
    """Give the records that the list shows, with every field, as CSV or XLSX."""
    if form not in TYPES:
        raise Http404(_("A register is given as .csv or .xlsx."))
    person = cast(SignedInRequest, request).person
    model = finding.register(person, chapter, name)
    words = request.GET.get("q", "").strip()[:200]
    rows = table(model, finding.searched(finding.seen(person, model), words).iterator(chunk_size=2_000))
    written: HttpResponseBase
    if form == "xlsx":
        written = HttpResponse(xlsx(rows), content_type=TYPES[form])
    else:
        written = StreamingHttpResponse(csv_lines(rows), content_type=TYPES["csv"])
    written.headers["Content-Disposition"] = f'attachment; filename="{chapter}-{name}.{form}"'
    return written


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, chapter: str, name: str) -> HttpResponse:
    """Ask for a list, show what would come of it, and bring it in."""
    person = cast(SignedInRequest, request).person
    model = finding.register(person, chapter, name)
    page = _asked(model, request.POST.get("way", ""), person)
    if request.method != "POST":
        return answer(request, "registers/import", page, place="registers")
    try:
        token, path = _file(request, person)
        how = way(model, page.chosen)
        return _looked_at(request, page, _Handed(token, _read(path), how, _said(request.POST, model)), person)
    except (Refused, SourceError) as error:
        told = error.fields.get("", (str(error),)) if isinstance(error, Ill) else (_without_path(error),)
        return answer(request, "registers/import", _with(page, wrong=tuple(told)), place="registers", status=400)


@dataclass(frozen=True)
class _Handed:
    """A list that was handed in, how its lines get in, and which columns somebody said."""

    token: str
    sheet: Sheet
    way: Way
    said: Mapping[str, str]


def _looked_at(request: HttpRequest, page: ImportPage, handed: _Handed, person: Person) -> HttpResponse:
    sheet, how, post = handed.sheet, handed.way, request.POST
    page = _with(page, token=handed.token, headers=tuple(filter(None, sheet.header)), places=tuple(_places(how, handed.said)))
    try:
        places = columns(sheet.header, how, handed.said)
    except Ill as error:
        return answer(request, "registers/import", _with(page, wrong=error.fields.get("", ())), place="registers", status=400)
    keep, partly = post.get("do") in ("keep", "partly"), post.get("do") == "partly"
    outcome = bring(sheet, how, places, by=person, keep=keep, partly=partly)
    if post.get("do") == "wrong":
        return _given_back(page.line, sheet, outcome)
    if outcome.kept:
        sequence()
    found = _with(page, places=tuple(_places(how, _headers(sheet, places))), unread=places.unread, **_told(outcome))
    return answer(request, "registers/import", found, place="registers", status=409 if keep and not outcome.kept else 200)


def _asked(model: type[Record], chosen: str, person: Person) -> ImportPage:
    made = [each for each in makers(model) if not why_not_at_all(each, person)]
    wrong: tuple[str, ...] = ()
    try:
        way(model, chosen or (made[0].name if made else ""))
    except NoWay as error:
        wrong = (str(error),)
    names = tuple(each.name for each in mappings_of(model))
    first = chosen or (made[0].name if made else "")
    return ImportPage(line_of(model), tuple((each.name, each.title) for each in made), first, names, wrong)


def _file(request: HttpRequest, person: Person) -> tuple[str, Path]:
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        if (file.size or 0) > LARGEST_BYTES:
            raise Ill({"": (f"The file has {file.size or 0:,} bytes; hand in at most {LARGEST_BYTES:,}, or use upheld import.",)})
        token = waiting.put(file.read(), person)
    else:
        token = request.POST.get("token", "")
    path = waiting.find(token, person) if token else None
    if path is None:
        raise Ill({"": ("Choose a file, CSV or XLSX. One that you handed in before is kept for a day.",)})
    return token, path


def _read(path: Path) -> Sheet:
    sheet = read_sheet(path, Reading())
    if len(sheet.lines) > MOST_LINES:
        raise Ill({"": (f"The file has {len(sheet.lines):,} lines; here at most {MOST_LINES:,} are brought in: use upheld import.",)})
    return sheet


def _said(post: Mapping[str, Any], model: type[Record]) -> dict[str, str]:
    saved = next((each.said for each in mappings_of(model) if each.name == post.get("mapping")), {})
    return saved | {name.removeprefix("field-"): str(head) for name, head in post.items() if name.startswith("field-") and head}


def _headers(sheet: Sheet, places: Columns) -> dict[str, str]:
    return {name: sheet.header[place] for name, place in places.places.items()}


def _places(how: Way, headers: Mapping[str, str]) -> Iterable[Place]:
    needed = {each.name for each in how.make.parameters if each.required} if how.make else {NUMBER}
    yield Place(NUMBER, "Number", headers.get(NUMBER, ""), NUMBER in needed)
    for name, each in how.parameters.items():
        yield Place(name, each.label, headers.get(name, ""), name in needed)


def _told(outcome: Outcome) -> dict[str, Any]:
    first = sorted(outcome.brought, key=lambda each: (each.what != "wrong", each.line.number))[:SHOWN]
    return {
        "outcome": outcome,
        "counts": tuple((what.value, count) for what, count in outcome.counts.items() if count),
        "shown": tuple(first),
    }


def _given_back(line: RegisterLine, sheet: Sheet, outcome: Outcome) -> HttpResponse:
    written = HttpResponse("\ufeff" + "".join(csv_lines(given_back(sheet, outcome))), content_type=TYPES["csv"])
    written.headers["Content-Disposition"] = f'attachment; filename="{line.chapter}-{line.name}-wrong.csv"'
    return written


def _without_path(error: Exception) -> str:
    """What is wrong with a file, without where it waits."""
    return str(error).partition(": ")[2] or str(error) if isinstance(error, SourceError) else str(error)


def _with(page: ImportPage, **more: Any) -> ImportPage:
    return ImportPage(**{**page.__dict__, **more})
