"""Findings that are open: what fails, who takes care of it by when, what was said about it, and exceptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.actions.allowing import why_not_at_all
from upheld.actions.declaring import declared
from upheld.checks.measure import Measure
from upheld.duties.mending import due_on
from upheld.duties.policy import Policy, policy
from upheld.registers.findings.models import Care, Comment, RiskAccepted, State
from upheld.registers.staff import names
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding
from upheld.web.page import answer
from upheld.web.population import page_number
from upheld.web.sight import Sight, sight

PER_PAGE = 25
ACTIONS = ("findings.take-care", "findings.comment", "findings.ask-exception")
Key = tuple[str, str]


@dataclass(frozen=True)
class FindingLine:
    """One finding: its measure's title and severity, who takes care of it by when, and its exception, if it has one."""

    finding: Finding
    title: str
    severity: str
    person: str
    due_on: date
    overdue: bool
    exception: RiskAccepted | None


@dataclass(frozen=True)
class FindingsPage:
    """Open findings that whoever looks may see by name, the oldest first."""

    lines: tuple[FindingLine, ...]
    page: Page  # type: ignore[type-arg]  # generic in the stubs alone


@dataclass(frozen=True)
class Said:
    """One comment."""

    who: str
    comment: Comment


@dataclass(frozen=True)
class FindingPage:
    """One finding, with what was said and asked, and where one can do something about it."""

    line: FindingLine
    comments: tuple[Said, ...]
    exceptions: tuple[tuple[RiskAccepted, str, str], ...]
    doable: tuple[tuple[str, str], ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show open findings."""
    measures = _visible(sight(request))
    found = Finding.objects.filter(resolved_at=None, measure__in=list(measures)).order_by("first_seen_at", "pk")
    page = Paginator(found, PER_PAGE).get_page(page_number(request.GET.get("page", "")))
    return answer(request, "registers/findings", FindingsPage(tuple(_lines(list(page.object_list), measures)), page), place="findings")


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one finding."""
    sees = sight(request)
    measures = _visible(sees)
    finding = Finding.objects.filter(pk=number, measure__in=list(measures)).first()
    if finding is None:
        raise Http404(f"There is no finding {number}.")
    about = {"measure": finding.measure, "subject": finding.subject}
    comments, asked = list(Comment.objects.filter(**about)[:100]), list(RiskAccepted.objects.filter(**about)[:20])
    who = names({each.person for each in comments} | {each.asked_by for each in asked} | {each.decided_by for each in asked})
    page = FindingPage(
        line=_lines([finding], measures)[0],
        comments=tuple(Said(who[each.person], each) for each in comments),
        exceptions=tuple((each, who[each.asked_by], who[each.decided_by]) for each in asked),
        doable=tuple(
            (declared()[name].title, f"{reverse('act', args=[name])}?{urlencode(about)}")
            for name in ACTIONS
            if not why_not_at_all(declared()[name], sees.person)
        ),
    )
    return answer(request, "registers/finding", page, place="findings")


def _visible(sees: Sight) -> Mapping[str, Measure]:
    """Return the measures whose subjects may be seen by name."""
    measures, _wrong = measures_of(workspace.current())
    return {name: measure for name, measure in measures.items() if sees.names(name)}


def _lines(findings: Sequence[Finding], measures: Mapping[str, Measure]) -> list[FindingLine]:
    subjects = {each.subject for each in findings}
    care: dict[Key, Care] = {(each.measure, each.subject): each for each in Care.objects.filter(subject__in=subjects)}
    approved = RiskAccepted.objects.filter(subject__in=subjects, state=State.APPROVED, until_on__gte=clock.now().date())
    excepted: dict[Key, RiskAccepted] = {(each.measure, each.subject): each for each in approved}
    who = names({each.person for each in care.values()})
    said = policy()
    return [_line(each, measures[each.measure], care.get(_key(each)), excepted.get(_key(each)), who, said) for each in findings]


def _key(finding: Finding) -> Key:
    return finding.measure, finding.subject


def _line(
    finding: Finding, measure: Measure, care: Care | None, exception: RiskAccepted | None, who: Mapping[str, str], said: Policy
) -> FindingLine:
    due = due_on(measure.severity, finding.first_seen_at, care.due_on if care else None, said)
    return FindingLine(
        finding=finding,
        title=measure.title,
        severity=measure.severity,
        person=who[care.person] if care else "",
        due_on=due,
        overdue=finding.resolved_at is None and exception is None and due < clock.now().date(),
        exception=exception,
    )
