"""What one person owes now: occurrences that the worker opened, and what is read from the registers each time somebody looks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.accounts.person import Person
from upheld.actions.allowing import why_not_at_all
from upheld.actions.declaring import declared
from upheld.actions.models import Step
from upheld.checks.span import span
from upheld.duties.cycles import end_of
from upheld.duties.holders import LEADING, Holders, holders
from upheld.duties.mending import owned
from upheld.duties.models import Occurrence, State
from upheld.registers.findings.models import RiskAccepted
from upheld.registers.findings.models import State as Exceptional
from upheld.registers.governance.duties import is_for, reading_begins_at
from upheld.registers.governance.models import Assessment
from upheld.registers.governance.policy_models import Acknowledgement, PolicyVersion
from upheld.registers.governance.policy_models import State as Drafted
from upheld.registers.governance.responsibilities import management_roles
from upheld.registers.staff import known

MOST = 500  # occurrences that one look shows, what is due first first


@dataclass(frozen=True)
class Owed:
    """One thing to do: in words, about what, by when (None: whenever), by which action, on which record.

    Or a finding's number, or the measure of which `count` findings are to be mended. `occurrence` is its number where the worker opened
    it, `passed_on` whether it came here because whoever owes it did not do it, and `paused` whether its time stands still.
    """

    what: str
    about: str
    due_at: datetime | None
    action: str = ""
    record: int | None = None
    finding: int | None = None
    measure: str = ""
    count: int = 0
    occurrence: int | None = None
    owes: str = ""
    passed_on: bool = False
    paused: bool = False


def owed(person: Person, now: datetime) -> list[Owed]:
    """Return what `person` owes, what is due first first. Each is something that they may do, or see to."""
    if not person.ref:
        return []
    held = holders(now)
    opened = list(_occurrences(person, held, now))
    seen = {(each.action, each.record) for each in opened}
    live = [each for part in _PARTS for each in part(person, held, now) if _may(person, each) and (each.action, each.record) not in seen]
    return sorted([*opened, *live], key=lambda each: (each.due_at or datetime.max.replace(tzinfo=UTC), each.what, each.about))


def _may(person: Person, each: Owed) -> bool:
    return not each.action or why_not_at_all(declared()[each.action], person) is None


def _occurrences(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """What the worker opened and is this person's, but for what was done since."""
    rows = list(Occurrence.objects.filter(_theirs(person, held), state=State.OPEN, opens_at__lte=now)[:MOST])
    answered = _answered(rows)
    for row in rows:
        if row.pk not in answered:
            yield as_owed(row, person.ref)


def _theirs(person: Person, held: Holders) -> Q:
    """The condition on occurrences that are `person`'s: held, of a word that they answer for, or passed on to them."""
    found = Q(held_by=person.ref) | Q(held_by="", owes="", role__in=held.words(person.ref)) | Q(escalated_to=person.ref)
    if person.roles & set(LEADING):  # what nobody holds, and what was passed on twice, is the lead's
        found |= Q(held_by="", owes="") & ~Q(role__in=list(held.by_word)) | Q(escalated__gt=0, escalated_to="")
    return found


def _answered(rows: Iterable[Occurrence]) -> set[int]:
    """Return those of `rows` that were done since the worker looked; one query."""
    by_record = {(each.duty, each.subject, each.whose): each for each in rows}
    if not by_record:
        return set()
    steps = Step.objects.filter(
        action__in={each.duty for each in by_record.values()},
        record__in={each.subject.rpartition("/")[2] for each in by_record.values()},
        at__gte=min(each.counts_from_at for each in by_record.values()),
    )
    found = set()
    for action, register, record, by, at in steps.values_list("action", "register", "record", "by", "at"):
        for whose in ("", by):
            row = by_record.get((action, f"{register}/{record}", whose))
            if row is not None and at > row.counts_from_at:
                found.add(row.pk)
    return found


def as_owed(row: Occurrence, looks: str = "") -> Owed:
    """Return `row` as a thing to do, as the person `looks` (people.id) sees it."""
    register, _, record = row.subject.rpartition("/")
    is_action = row.duty in declared()
    return Owed(
        row.do,
        row.about,
        row.due_at,
        action=row.duty if is_action else "",
        record=int(record) if is_action and register and record.isdecimal() else None,
        measure="" if is_action else row.duty,
        occurrence=row.pk,
        owes=row.owes,
        passed_on=row.escalated > 0 and looks not in (row.owes, row.held_by),
        paused=row.due_at is None,
    )


def _to_acknowledge(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """Policies to read, as soon as they are published."""
    me = known().get(person.ref)
    read = Acknowledgement.objects.filter(person=person.ref).values("of")
    waiting = PolicyVersion.objects.filter(state=Drafted.PUBLISHED).exclude(pk__in=read).select_related("policy")
    for version in waiting.defer("text", "published_text"):
        if is_for(version.policy, me) and version.published_at is not None:
            due = reading_begins_at(version.published_at, me) + span(version.policy.acknowledge_within).about
            yield Owed(gettext_noop("Read and acknowledge"), str(version), due, "governance.acknowledge-policy", version.pk)


def _to_decide(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    waiting = PolicyVersion.objects.filter(state=Drafted.IN_REVIEW).select_related("policy").defer("text", "published_text")
    versions = list(waiting.exclude(author=person.ref).exclude(approvals__person=person.ref))
    if versions and management_roles(person.ref, now.date()):
        for version in versions:
            yield Owed(gettext_noop("Approve, or send back"), str(version), None, "governance.approve-policy", version.pk)
    for assessment in Assessment.objects.filter(approved_at=None).exclude(author=person.ref).select_related("project"):
        if person.ref not in (assessment.project.owner, *assessment.project.members):
            what = gettext_noop("Approve the security assessment")
            yield Owed(what, str(assessment.project), None, "governance.approve-assessment", assessment.pk)
    for asked in RiskAccepted.objects.filter(state=Exceptional.ASKED).exclude(asked_by=person.ref):
        yield Owed(gettext_noop("Decide about an exception"), str(asked), None, "findings.approve-exception", asked.pk)


def _findings(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """Findings that this person takes care of, one by one; those of measures that they own, by measure."""
    for mending in owned(person.ref, held.words(person.ref)):
        about, day = mending.about, end_of(mending.due_on)
        yield Owed(gettext_noop("Mend"), about, day, finding=mending.finding, measure=mending.measure, count=mending.count)


_PARTS: tuple[Callable[[Person, Holders, datetime], Iterator[Owed]], ...] = (_to_acknowledge, _to_decide, _findings)
