"""Findings that are open: what fails, who takes care of it by when, what was said about it, and exceptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.accounts.person import SignedInRequest
from upheld.accounts.role import Verb
from upheld.actions.allowing import why_not_at_all
from upheld.actions.declaring import declared
from upheld.actions.files import Kept
from upheld.checks.measure import Measure
from upheld.duties.holders import holders
from upheld.duties.mending import due_on
from upheld.duties.policy import Policy, policy
from upheld.registers.findings.actions import concerns
from upheld.registers.findings.models import Attachment, Care, Comment, RiskAccepted, State
from upheld.registers.staff import names
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding
from upheld.web.burden import Burden, burden
from upheld.web.page import answer
from upheld.web.population import page_number
from upheld.web.sight import Sight, sight

PER_PAGE = 25
ACTIONS = ("findings.take-care", "findings.comment", "findings.attach-file", "findings.ask-exception")
Key = tuple[str, str]


@dataclass(frozen=True)
class FindingLine:
    """One finding: its measure's title and severity, who takes care of it by when, and its exception, if it has one.

    `by_rule` is who it falls to where nobody was said to take care of it, by the line `rule` of `duties.toml`; "": as who owns the measure.
    """

    finding: Finding
    title: str
    severity: str
    person: str
    by_rule: str
    rule: str
    due_on: date
    overdue: bool
    exception: RiskAccepted | None


@dataclass(frozen=True)
class FindingsPage:
    """Open findings that whoever looks may see by name, the oldest first; of one `measure`, by its title, or ("") of all."""

    lines: tuple[FindingLine, ...]
    measure: str
    burden: Burden | None
    page: Page  # type: ignore[type-arg]  # generic in the stubs alone


@dataclass(frozen=True)
class Said:
    """One comment, and who was asked by it."""

    who: str
    comment: Comment
    asked: tuple[str, ...]


@dataclass(frozen=True)
class FindingPage:
    """One finding, with what was said and asked, and where one can do something about it; `measure` is the address of its measure."""

    line: FindingLine
    measure: str
    comments: tuple[Said, ...]
    files: tuple[tuple[Attachment, str], ...]
    earlier: tuple[Finding, ...]
    exceptions: tuple[tuple[RiskAccepted, str, str], ...]
    doable: tuple[tuple[str, str], ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show open findings."""
    measures = _visible(sight(request))
    chosen = request.GET.get("measure", "")
    wanted = [chosen] if chosen in measures else [] if chosen else list(measures)
    found = Finding.objects.filter(resolved_at=None, measure__in=wanted).order_by("first_seen_at", "pk")
    charts, paginator = burden(found, measures, clock.now()), Paginator(found, PER_PAGE)
    paginator.count = sum(each.count for each in charts.by_age) if charts else 0  # they are counted once
    page = paginator.get_page(page_number(request.GET.get("page", "")))
    title = measures[chosen].title if chosen in measures else ""
    lines = tuple(_lines(list(page.object_list), measures))
    return answer(request, "registers/findings", FindingsPage(lines, title, charts, page), place="findings")


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show one finding."""
    person = cast(SignedInRequest, request).person
    finding = _seen(Finding.objects.filter(pk=number).first(), request)
    about = {"measure": finding.measure, "subject": finding.subject}
    comments, asked = list(Comment.objects.filter(**about)[:100]), list(RiskAccepted.objects.filter(**about)[:20])
    files = list(Attachment.objects.filter(**about)[:100])
    who = names(
        {each.person for each in comments}
        | {each.person for each in files}
        | {each.asked_by for each in asked}
        | {each.decided_by for each in asked}
        | {one for each in comments for one in each.mentions}
    )
    page = FindingPage(
        line=_lines([finding], measures_of(workspace.current())[0])[0],
        measure=reverse("measure", args=finding.measure.split("/", 1)),
        comments=tuple(Said(who[each.person], each, tuple(who[one] for one in each.mentions)) for each in comments),
        files=tuple((each, who[each.person]) for each in files),
        earlier=tuple(Finding.objects.filter(**about).exclude(pk=finding.pk).order_by("-pk")[:20]),
        exceptions=tuple((each, who[each.asked_by], who[each.decided_by]) for each in asked),
        doable=tuple(
            (declared()[name].title, f"{reverse('act', args=[name])}?{urlencode(about)}")
            for name in ACTIONS
            if not why_not_at_all(declared()[name], person)
        ),
    )
    return answer(request, "registers/finding", page, place="findings")


@require_safe
def file(request: HttpRequest, number: int) -> FileResponse:
    """Give a file that is kept with a finding, to be saved and never shown: what is in it is somebody else's."""
    kept = Attachment.objects.filter(pk=number).first()
    if kept is not None:
        _seen(Finding.objects.filter(measure=kept.measure, subject=kept.subject).order_by("-pk").first(), request)
    found = Kept.named(kept.sha256) if kept is not None else None
    if kept is None or found is None:
        raise Http404(_("There is no file %(number)s.") % {"number": number})
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=kept.name, content_type="application/octet-stream")


def _seen(finding: Finding | None, request: HttpRequest) -> Finding:
    """Return `finding` if whoever looks may see its subject by name, or was given it or asked about it; raises `Http404`."""
    person = cast(SignedInRequest, request).person
    if finding is not None and finding.measure in measures_of(workspace.current())[0]:
        if person.ref and concerns(person.ref, finding.measure, finding.subject):
            return finding
        if person.may(Verb.SEE, "subjects") and sight(request).names(finding.measure):
            return finding
    raise Http404(_("There is no such finding."))


def _visible(sees: Sight) -> Mapping[str, Measure]:
    """Return the measures whose subjects may be seen by name."""
    measures, _wrong = measures_of(workspace.current())
    return {name: measure for name, measure in measures.items() if sees.names(name)}


def _lines(findings: Sequence[Finding], measures: Mapping[str, Measure]) -> list[FindingLine]:
    subjects = {each.subject for each in findings}
    care: dict[Key, Care] = {(each.measure, each.subject): each for each in Care.objects.filter(subject__in=subjects)}
    approved = RiskAccepted.objects.filter(subject__in=subjects, state=State.APPROVED, until_on__gte=clock.now().date())
    excepted: dict[Key, RiskAccepted] = {(each.measure, each.subject): each for each in approved}
    said, held = policy(), holders(clock.now())
    owners = {name: held.of(said.answers(measures[name])) for name in {each.measure for each in findings}}
    who = names({each.person for each in care.values()} | {person for persons in owners.values() for person in persons})
    by_rule = {name: ", ".join(sorted(who[person] for person in persons)) for name, persons in owners.items()}
    return [_line(each, measures[each.measure], care.get(_key(each)), excepted.get(_key(each)), who, by_rule, said) for each in findings]


def _key(finding: Finding) -> Key:
    return finding.measure, finding.subject


def _line(
    finding: Finding,
    measure: Measure,
    care: Care | None,
    exception: RiskAccepted | None,
    who: Mapping[str, str],
    by_rule: Mapping[str, str],
    said: Policy,
) -> FindingLine:
    due = due_on(measure.severity, finding.first_seen_at, care.due_on if care else None, said)
    return FindingLine(
        finding=finding,
        title=measure.title,
        severity=measure.severity,
        person=who[care.person] if care else "",
        by_rule=by_rule[finding.measure],
        rule=said.rule(measure),
        due_on=due,
        overdue=finding.resolved_at is None and exception is None and due < clock.now().date(),
        exception=exception,
    )
