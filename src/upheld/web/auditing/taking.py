"""What an auditor takes along: a sample drawn again, the bundle of exactly this scope and period, the statement of applicability."""

from dataclasses import dataclass
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld import clock
from upheld.accounts.person import SignedInRequest
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import Kept
from upheld.checks.verdict import State
from upheld.exports.applicability import HEAD, TITLE, WIDTHS, Control, cells, statement
from upheld.exports.bundle import prepared
from upheld.exports.bundle.scope import About
from upheld.registers.compliance.drawing import draw, population_digest
from upheld.registers.compliance.populations import Subject, population
from upheld.registers.compliance.space_models import AuditorBundle, AuditorRemark, AuditorSample
from upheld.registers.exchange.sheets import Sheet, csv_lines, workbook
from upheld.registers.rules import LEADS
from upheld.web.auditing.measure import NOT_NAMED
from upheld.web.auditing.space import Space, space, spaces
from upheld.web.page import answer
from upheld.web.registers import finding

_ABOUT = {"chapter": About.CHAPTER, "document": About.DOCUMENT}
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class SamplePage:
    """A sample with the subjects that seed and digest give; `lost` says why they cannot be found again."""

    sample: AuditorSample
    space: int
    items: tuple[Subject, ...]
    lost: str


@dataclass(frozen=True)
class ApplicabilityPage:
    """The statement of applicability at the end of a space's period."""

    space: Space
    controls: tuple[Control, ...]
    cited: int
    counts: tuple[tuple[State, int], ...]


@require_safe
def sample(request: HttpRequest, number: int) -> HttpResponse:
    """Show a sample; who was drawn is found again from the seed, not kept."""
    person = cast(SignedInRequest, request).person
    found = cast(AuditorSample, finding.record(person, AuditorSample, number))
    items: tuple[Subject, ...] = ()
    lost = "" if person.roles & set(LEADS) or prepared.named_to_auditors()(found.measure) else NOT_NAMED
    try:
        there = population(found.measure, found.as_of).subjects
        if lost:
            pass
        elif population_digest(there) == found.digest:
            items = tuple(there[each] for each in draw(found.seed, found.digest, there, found.size))
        else:
            lost = "The population is not what it was: somebody was erased since, or the measure was changed. Seed and digest still stand."
    except (Ill, Refused) as error:
        lost = str(error)
    page = SamplePage(found, next((each.number for each in spaces(person)), 0), items, lost)
    return answer(request, "auditing/sample", page, place="audit-space")


@require_safe
def file(request: HttpRequest, number: int) -> FileResponse:
    """Give the file of an answer, to be saved and never shown: what is in it is somebody else's."""
    remark = cast(AuditorRemark, finding.record(cast(SignedInRequest, request).person, AuditorRemark, number))
    kept = Kept.named(remark.file) if remark.file else None
    if kept is None:
        raise Http404(_("There is no file with %(remark)s.") % {"remark": remark})
    return FileResponse(kept.path.open("rb"), as_attachment=True, filename=f"answer-{remark.pk}", content_type="application/octet-stream")


@require_POST
def bundle(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for the bundle of this scope and period, which the worker makes."""
    here = space(request, number)
    over = here.held.over
    if over is not None and over[0] not in _ABOUT:
        raise Http404(_("There is no bundle of such a scope."))
    asked = {"about": str(_ABOUT[over[0]] if over else About.ALL), "name": over[1] if over else ""}
    asked |= {"from_at": here.from_at.isoformat(), "as_of": (here.until_at if here.runs else here.end).isoformat()}
    try:
        ask(declared()["compliance.ask-for-bundle"], asked, by=here.person)
    except Refused as error:
        return answer(request, "registers/refused", str(error), place="audit-space", status=409)
    return HttpResponseRedirect(reverse("audit-space", args=[number]) + "#bundles")


@require_safe
def made_bundle(request: HttpRequest, number: int) -> FileResponse:
    """Hand out a bundle that was made; to whoever asked for it, or leads, for a day."""
    found = cast(AuditorBundle, finding.record(cast(SignedInRequest, request).person, AuditorBundle, number))
    path = prepared.place(found)
    if found.made_at is None or not path.is_file() or found.made_at < clock.now() - prepared.KEPT_FOR:
        raise Http404(_("It is not there yet, or no longer; ask for it again."))
    name = f"bundle-{found.about}-{found.name or 'all'}-{found.as_of:%Y-%m-%d}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


@require_safe
def applicability(request: HttpRequest, number: int, form: str = "") -> HttpResponse:
    """Show the statement of applicability; `form` csv or xlsx hands it out."""
    here = space(request, number)
    controls = tuple(statement(here.documents()))
    name = f"statement-of-applicability-{here.last_on}.{form}"
    if form == "csv":
        found = HttpResponse("".join(csv_lines([HEAD, *map(cells, controls)])), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        found = HttpResponse(workbook([Sheet(TITLE, [HEAD, *map(cells, controls)], WIDTHS)]), content_type=_SHEET)
    elif form:
        raise Http404(_("It is there as csv and xlsx."))
    else:
        cited = [each.state for each in controls if each.state is not None]
        page = ApplicabilityPage(here, controls, len(cited), tuple((state, cited.count(state)) for state in reversed(State)))
        return answer(request, "auditing/applicability", page, place="audit-space")
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found
