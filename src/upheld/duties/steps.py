"""What people are told of because somebody did something: what waits for them, is given to them, or asked of them in words."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext

from upheld.accounts.models import RoleGiven
from upheld.accounts.person import in_force
from upheld.accounts.role import Role
from upheld.actions.models import Step
from upheld.duties.causes import MOST_AT_ONCE, Now
from upheld.duties.holders import LEADING, managers
from upheld.duties.models import ToldUntil
from upheld.duties.places import place
from upheld.duties.telling import Cause
from upheld.notices.queueing import Told
from upheld.registers.findings.models import Care, Comment, RiskAccepted
from upheld.registers.findings.models import State as Exceptional
from upheld.registers.governance.models import Assessment, Holding, Part
from upheld.registers.governance.policy_models import PolicyVersion, State
from upheld.registers.staff import names
from upheld.verdicts.models import Finding


def of_steps(now: Now) -> Iterator[Cause]:
    """Yield what follows from the steps that were done since people were told last."""
    until, _made = ToldUntil.objects.get_or_create(what="steps", defaults={"number": 0})
    rows = list(Step.objects.filter(pk__gt=until.number, target=True).order_by("pk")[:MOST_AT_ONCE])
    if rows:
        ToldUntil.objects.filter(pk="steps").update(number=rows[-1].pk)
    for step in rows:
        if follows := _FOLLOWS.get(step.action):
            yield from follows(step, now)


def _policy(step: Step, now: Now) -> Iterator[Cause]:
    """A version waits for approval: told to those who hold a management responsibility and did not write it."""
    version = PolicyVersion.objects.filter(pk=int(step.record), state=State.IN_REVIEW).select_related("policy").first()
    if version is not None:
        day = now.at.date()
        rows = Holding.objects.filter(part=Part.ACCOUNTABLE, responsibility__management=True, from_on__lte=day).exclude(until_on__lt=day)
        persons = frozenset(map(now.held.stand_in, rows.values_list("person", flat=True))) - {version.author}
        words = partial(_decision, "Approve, or send back", str(version), place("governance.approve-policy", version.pk))
        yield Cause(f"approval {step.pk}", persons, words, urgent=True)


def _assessment(step: Step, now: Now) -> Iterator[Cause]:
    """An assessment waits for approval by somebody outside the project."""
    found = Assessment.objects.filter(pk=int(step.record), approved_at=None).select_related("project").first()
    if found is not None:
        persons = _leads(now) - {found.author, found.project.owner, *found.project.members}
        words = partial(_decision, "Approve the security assessment", str(found.project), place("governance.approve-assessment", found.pk))
        yield Cause(f"approval {step.pk}", persons, words, urgent=True)


def _asked(step: Step, now: Now) -> Iterator[Cause]:
    """An exception waits for a decision: told to the leads, and to the manager of who asked."""
    found = RiskAccepted.objects.filter(pk=int(step.record), state=Exceptional.ASKED).first()
    if found is not None:
        manager = managers([found.asked_by]).get(found.asked_by, "")
        is_one = manager and RoleGiven.objects.filter(in_force(now.at), role=Role.MANAGER, account__person=manager).exists()
        persons = (_leads(now) | ({manager} if is_one else set())) - {found.asked_by}
        words = partial(_decision, "Decide about an exception", str(found), place("findings.approve-exception", found.pk))
        yield Cause(f"approval {step.pk}", persons, words, urgent=True)


def _leads(now: Now) -> frozenset[str]:
    return frozenset().union(*(now.held.of(role) for role in LEADING))


def _decision(what: str, about: str, link: str) -> Told:
    title = gettext("Waits for you: %(what)s: %(about)s") % {"what": gettext(what), "about": about}
    return Told("approval.waiting", title, "", link)


def _decided(step: Step, now: Now) -> Iterator[Cause]:
    """An exception was decided about: told to who asked for it."""
    found = RiskAccepted.objects.filter(pk=int(step.record)).exclude(decided_by="").first()
    if found is not None:
        yield Cause(f"decided {step.pk}", frozenset([found.asked_by]), partial(_decision_taken, found))


def _decision_taken(found: RiskAccepted) -> Told:
    approved = found.state == Exceptional.APPROVED
    title = gettext("An exception was approved: %(what)s") if approved else gettext("An exception was refused: %(what)s")
    link = reverse("record", args=["findings", "riskaccepted", found.pk])
    return Told("exception.decided", title % {"what": str(found)}, found.note, link)


def _given(step: Step, now: Now) -> Iterator[Cause]:
    """A finding was given to somebody."""
    care = Care.objects.filter(pk=int(step.record)).first()
    if care is not None and care.person != step.by:
        finding = _finding(care.measure, care.subject)
        if finding is not None:
            yield Cause(f"given {step.pk}", frozenset([now.held.stand_in(care.person)]), partial(_given_words, finding), urgent=True)


def _given_words(finding: Finding) -> Told:
    title = gettext("A finding is yours to mend: %(label)s") % {"label": finding.label}
    return Told("finding.given", title, finding.detail, reverse("finding", args=[finding.pk]), {"measure": finding.measure})


def _mentioned(step: Step, now: Now) -> Iterator[Cause]:
    """Somebody is named in a comment."""
    comment = Comment.objects.filter(pk=int(step.record)).first()
    if comment is None or not comment.mentions:
        return
    finding = _finding(comment.measure, comment.subject)
    if finding is not None:
        who = names([comment.person])[comment.person]
        words = partial(_mention, comment, finding, who)
        yield Cause(f"mention {step.pk}", frozenset(comment.mentions) - {comment.person}, words, urgent=True)


def _mention(comment: Comment, finding: Finding, who: str) -> Told:
    title = gettext("%(who)s asks you about %(label)s") % {"who": who, "label": finding.label}
    link = f"{reverse('finding', args=[finding.pk])}#comment-{comment.pk}"
    return Told("finding.mention", title, comment.words, link, {"measure": finding.measure})


def _finding(measure: str, subject: str) -> Finding | None:
    return Finding.objects.filter(measure=measure, subject=subject).order_by("-pk").first()


_FOLLOWS: Mapping[str, Callable[[Step, Now], Iterator[Cause]]] = {
    "governance.submit-policy": _policy,
    "governance.assess-project": _assessment,
    "findings.ask-exception": _asked,
    "findings.approve-exception": _decided,
    "findings.refuse-exception": _decided,
    "findings.take-care": _given,
    "findings.comment": _mentioned,
}
