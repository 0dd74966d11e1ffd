"""The audit workspace: the programme, and one audit with its scope, requests, samples, findings and report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.accounts.person import Person, SignedInRequest
from upheld.actions.allowing import why_not_at_all
from upheld.actions.declaring import Action, declared
from upheld.checks import library
from upheld.checks.measure import Measure
from upheld.documents.document import CHAPTERS
from upheld.registers.compliance.audit_models import Audit, AuditFinding, AuditRequest, AuditState, Sample, SampleItem
from upheld.registers.staff import names
from upheld.web.page import answer
from upheld.web.population import page_number
from upheld.web.registers import finding
from upheld.web.registers.records import Doable, doable

PER_PAGE = 25
MOST, MOST_SAMPLES = 200, 20
MAKES = ("compliance.plan-audit", "compliance.record-audit")
ENDED = (AuditState.REPORTED, AuditState.CLOSED)
BY_WHO_WAS_ASKED = frozenset(("answer-request", "answer-finding", "correct-finding"))
WITHIN = frozenset(("ask-auditee", "draw-sample", "raise-finding"))


@dataclass(frozen=True)
class Covered:
    """A chapter, and when an audit that covered it ended last."""

    chapter: str
    ended_on: date | None


@dataclass(frozen=True)
class AuditsPage:
    """The programme: audits by when they are planned, and which chapters were covered when."""

    audits: tuple[tuple[Audit, str], ...]
    page: Page  # type: ignore[type-arg]  # generic in the stubs alone
    chapters: tuple[Covered, ...]
    makes: tuple[Action[..., Any], ...]


@dataclass(frozen=True)
class Step:
    """Something that whoever looks may do now: what a button says, and where it leads."""

    words: str
    address: str


@dataclass(frozen=True)
class RequestLine:
    """One request: how it stands in a word, and what may be done about it."""

    request: AuditRequest
    who: str
    word: str
    overdue: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class SampleLine:
    """One sample with its items, how many were tested, and how many of these deviate."""

    sample: Sample
    items: tuple[tuple[SampleItem, tuple[Step, ...]], ...]
    tested: int
    deviating: int


@dataclass(frozen=True)
class FindingLine:
    """One finding: who mends it, how far that is, and what may be done about it."""

    finding: AuditFinding
    who: str
    word: str
    overdue: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class AuditPage:
    """One audit. `within` are steps that add to it; `steps` move it on."""

    audit: Audit
    lead: str
    auditors: str
    steps: tuple[Step, ...]
    within: dict[str, Step]
    others: tuple[Doable, ...]
    measures: tuple[tuple[Measure, Step | None], ...]
    requests: tuple[RequestLine, ...]
    samples: tuple[SampleLine, ...]
    findings: tuple[FindingLine, ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the programme."""
    person = cast(SignedInRequest, request).person
    seen = finding.seen(person, Audit).order_by("-planned_from_on", "-pk")
    page = Paginator(seen, PER_PAGE).get_page(page_number(request.GET.get("page", "")))
    audits = cast(list[Audit], list(page.object_list))
    who = names({each.lead for each in audits if each.lead})
    shown = AuditsPage(
        audits=tuple((each, who.get(each.lead, "")) for each in audits),
        page=page,
        chapters=tuple(_covered(person)),
        makes=tuple(declared()[name] for name in MAKES if not why_not_at_all(declared()[name], person)),
    )
    return answer(request, "audits/audits", shown, place="audits")


def _covered(person: Person) -> Iterator[Covered]:
    last: dict[str, date] = {}
    ended = _seen(person, Audit, state__in=ENDED).values_list("chapters", "ended_on")
    for chapters, ended_on in ended:
        for chapter in chapters if ended_on else ():
            last[chapter] = max(ended_on, last.get(chapter, ended_on))
    for chapter in CHAPTERS:
        yield Covered(chapter, last.get(chapter))


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one audit."""
    person = cast(SignedInRequest, request).person
    audit = cast(Audit, finding.record(person, Audit, number))
    does = list(doable(person, audit))
    now = {each.action.name.partition(".")[2]: _step(each.action, audit.pk) for each in does if not each.why_not}
    asked = cast(list[AuditRequest], list(_seen(person, AuditRequest, audit=audit)[:MOST]))
    found = cast(list[AuditFinding], list(_seen(person, AuditFinding, audit=audit)[:MOST]))
    who = names({audit.lead, *audit.auditors, *(each.person for each in asked), *(each.person for each in found)} - {""})
    page = AuditPage(
        audit=audit,
        lead=who.get(audit.lead, ""),
        auditors=", ".join(who[each] for each in audit.auditors if each != audit.lead),
        steps=tuple(step for name, step in now.items() if name not in WITHIN),
        within={name.replace("-", "_"): step for name, step in now.items() if name in WITHIN},
        others=tuple(each for each in does if each.why_not),
        measures=tuple(_measures(audit, now.get("draw-sample"))),
        requests=tuple(_request(person, audit, each, who) for each in asked),
        samples=tuple(_samples(person, audit)),
        findings=tuple(_finding(person, audit, each, who) for each in found),
    )
    return answer(request, "audits/audit", page, place="audits")


def _seen(person: Person, model: Any, **wanted: Any) -> Any:
    return finding.seen(person, model).filter(**wanted).order_by("pk")


def _step(action: Action[..., Any], record: int) -> Step:
    return Step(action.title, f"{reverse('act', args=[action.name])}?{urlencode({'record': record})}")


def _steps(person: Person, audit: Audit, record: AuditRequest | AuditFinding) -> tuple[Step, ...]:
    """Return what `person` may do about `record`, without asking the database; the action itself looks again."""
    audits = person.ref in audit.auditors or not audit.auditors
    found = []
    for action in declared().values():
        theirs = record.person == person.ref if action.name.partition(".")[2] in BY_WHO_WAS_ASKED else audits
        if action.on is type(record) and theirs and not why_not_at_all(action, person) and not action.when(record):
            found.append(_step(action, record.pk))
    return tuple(found)


def _measures(audit: Audit, draw: Step | None) -> Iterator[tuple[Measure, Step | None]]:
    for measure in library.shipped().values():
        if measure.id.partition("/")[0] in audit.chapters:
            yield measure, Step(draw.words, f"{draw.address}&{urlencode({'measure': measure.id})}") if draw else None


def _request(person: Person, audit: Audit, each: AuditRequest, who: dict[str, str]) -> RequestLine:
    word = _("accepted") if each.accepted_at else _("answered") if each.answered_at else _("asked")
    overdue = each.answered_at is None and each.due_on < clock.now().date()
    return RequestLine(each, who[each.person], word, overdue, () if each.accepted_at else _steps(person, audit, each))


def _samples(person: Person, audit: Audit) -> Iterator[SampleLine]:
    tallied = _seen(person, Sample, audit=audit).annotate(
        tested=Count("items", filter=~Q(items__result="")), deviating=Count("items", filter=Q(items__result="deviates"))
    )
    may = audit.state == AuditState.RUNNING and person.ref in audit.auditors
    for sample in tallied.prefetch_related("items")[:MOST_SAMPLES]:
        items = list(sample.items.all())
        steps = [(each, (_step(declared()["compliance.judge-item"], each.pk),) if may else ()) for each in items]
        yield SampleLine(sample, tuple(steps), sample.tested, sample.deviating)


def _finding(person: Person, audit: Audit, each: AuditFinding, who: dict[str, str]) -> FindingLine:
    word = _("closed") if each.closed_at else _("to be looked at") if each.corrected_at else _("answered") if each.correction else _("open")
    overdue = each.closed_at is None and each.due_on < clock.now().date()
    return FindingLine(each, who[each.person], word, overdue, () if each.closed_at else _steps(person, audit, each))
