"""What one person owes now: occurrences that the worker opened, and what is read from the registers each time somebody looks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from json import loads
from typing import Any, Protocol

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
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
from upheld.registers.governance.policy_models import Acknowledgement, Approval, PolicyVersion
from upheld.registers.governance.policy_models import State as Drafted
from upheld.registers.staff import known

_SAID = ("pk", "duty", "subject", "whose", "do", "about", "owes", "held_by", "counts_from_at", "due_at", "escalated")
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


class Opened(Protocol):
    """What is said of an occurrence, whether its whole row was read or not."""

    pk: int
    duty: str
    subject: str
    whose: str
    do: str
    about: str
    owes: str
    held_by: str
    counts_from_at: datetime
    due_at: datetime | None
    escalated: int


def owed(person: Person, now: datetime) -> list[Owed]:
    """Return what `person` owes, what is due first first. Each is something that they may do, or see to."""
    if not person.ref:
        return []
    held = holders(now)
    opened = list(_occurrences(person, held, now))
    seen = {(each.action, each.record) for each in opened}
    live = [each for part in _PARTS for each in part(person, held, now) if may(person, each) and (each.action, each.record) not in seen]
    return sorted([*opened, *live], key=lambda each: (each.due_at or datetime.max.replace(tzinfo=UTC), each.what, each.about))


def may(person: Person, each: Owed) -> bool:
    """Whether the roles of `person` let them do it at all. Who owes something may lack the role for it."""
    return not each.action or why_not_at_all(declared()[each.action], person) is None


def _occurrences(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """What the worker opened and is this person's, but for what was done since."""
    theirs = Occurrence.objects.filter(_theirs(person, held), state=State.OPEN, opens_at__lte=now)
    rows: list[Opened] = list(theirs.values_list(*_SAID, named=True)[:MOST])
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


def _answered(rows: Iterable[Opened]) -> set[int]:
    """Return those of `rows` that were done since the worker looked; one query."""
    by_record = {(each.duty, each.subject, each.whose): each for each in rows}
    if not by_record:
        return set()
    steps = Step.objects.filter(
        register__in={each.subject.rpartition("/")[0] for each in by_record.values()},
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


def as_owed(row: Opened, looks: str = "") -> Owed:
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


def _policies(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """Policies to read, as soon as they are published, and versions to decide about; one query for both."""
    its = {"person": person.ref, "of": OuterRef("pk")}
    waiting = Q(~Exists(Acknowledgement.objects.filter(**its)), state=Drafted.PUBLISHED)
    if person.ref in held.managing:
        waiting |= Q(~Q(author=person.ref), ~Exists(Approval.objects.filter(**its)), state=Drafted.IN_REVIEW)
    me = known().get(person.ref)
    for version in PolicyVersion.objects.filter(waiting).select_related("policy").defer("text", "published_text"):
        if version.state == Drafted.IN_REVIEW:
            yield Owed(gettext_noop("Approve, or send back"), str(version), None, "governance.approve-policy", version.pk)
        elif is_for(version.policy, me) and version.published_at is not None:
            due = reading_begins_at(version.published_at, me) + span(version.policy.acknowledge_within).about
            yield Owed(gettext_noop("Read and acknowledge"), str(version), due, "governance.acknowledge-policy", version.pk)


_DECIDE = {
    "governance.approve-assessment": gettext_noop("Approve the security assessment"),
    "findings.approve-exception": gettext_noop("Decide about an exception"),
}


def _to_decide(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """What waits for a decision by somebody else than whoever asked, or belongs to the project; one query over two registers."""
    assessments = Assessment.objects.filter(approved_at=None).exclude(author=person.ref).exclude(project__owner=person.ref)
    exceptions = RiskAccepted.objects.filter(state=Exceptional.ASKED).exclude(asked_by=person.ref)
    title, its = Concat("measure", Value(": "), "subject", output_field=TextField()), Value("[]", TextField())
    asked = _waiting(assessments, "governance.approve-assessment", F("project__title"), Cast("project__members", TextField()))
    for action, record, about, members in asked.union(_waiting(exceptions, "findings.approve-exception", title, its), all=True):
        if person.ref not in loads(members):
            yield Owed(_DECIDE[action], about, None, action, record)


def _waiting(rows: QuerySet[Any], action: str, about: Any, members: Any) -> QuerySet[Any, tuple[str, int, str, str]]:
    """Return `rows` as what to decide: by which action, on which record, about what, and (as JSON) who may not."""
    said: QuerySet[Any] = rows.order_by().annotate(action=Value(action, TextField()), about=about, insiders=members)
    return said.values_list("action", "pk", "about", "insiders")


def _findings(person: Person, held: Holders, now: datetime) -> Iterator[Owed]:
    """Findings that this person takes care of, one by one; those of measures that they own, by measure."""
    for mending in owned(person.ref, held.words(person.ref)):
        about, day = mending.about, end_of(mending.due_on)
        yield Owed(gettext_noop("Mend"), about, day, finding=mending.finding, measure=mending.measure, count=mending.count)


_PARTS: tuple[Callable[[Person, Holders, datetime], Iterator[Owed]], ...] = (_policies, _to_decide, _findings)
