"""What continuity asks of people: analyse, approve, plan and hold exercises, and do what follows from them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.continuity.models import ContinuityPlan, Exercise, ExerciseFollowUp, ImpactAnalysis, Process
from upheld.registers.owing import KNOWN_FOR, LONG_AGO, WAITS, Duty, Owing, done, interval, listed, made_at, starts, until

LEAD = "security-lead"


def to_analyse(now: datetime) -> Iterator[Owing]:
    """Yield each critical process: whoever answers for it analyses what losing it does. It counts once it is approved."""
    approved = dict(ImpactAnalysis.objects.exclude(approved_at=None).order_by("approved_at").values_list("process_id", "approved_at"))
    made, every = made_at(Process), interval("continuity", "impact_interval")
    for each in Process.objects.filter(ended_at=None, criticality__in=listed("continuity", "critical_processes")):
        last = approved.get(each.pk)
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=done(last))


def to_approve(now: datetime) -> Iterator[Owing]:
    """Yield each analysis: whoever leads security approves it. One that a later one took the place of waits for nobody."""
    newest = dict(ImpactAnalysis.objects.order_by("at", "pk").values_list("process_id", "pk"))
    found = ImpactAnalysis.objects.filter(Q(approved_at=None) | Q(approved_at__gt=now - KNOWN_FOR), pk__in=newest.values())
    for each in found.select_related("process"):
        yield Owing(each.reference, str(each.process), each.at, role=LEAD, first=WAITS, done=done(each.approved_at))


def to_exercise(now: datetime) -> Iterator[Owing]:
    """Yield each plan in use: whoever answers for it sees that it is exercised."""
    held = dict(Exercise.objects.exclude(held_at=None).order_by("held_at").values_list("plan_id", "held_at"))
    made, every = made_at(ContinuityPlan), interval("continuity", "exercise_interval")
    for each in ContinuityPlan.objects.filter(ended_at=None).select_related("process"):
        last = held.get(each.pk)
        yield Owing(each.reference, str(each), made.get(each.pk, LONG_AGO), each.owner, every=every, done=done(last))


def to_hold(now: datetime) -> Iterator[Owing]:
    """Yield each exercise that is planned: who leads it holds it on its day, and says how it went."""
    made = made_at(Exercise)
    planned = Exercise.objects.filter(Q(held_at=None) | Q(held_at__gt=now - KNOWN_FOR), called_off_at=None)
    for each in planned.select_related("plan__process"):
        begins_at = min(made.get(each.pk, LONG_AGO), starts(each.planned_on))
        yield Owing(each.reference, str(each), begins_at, each.lead, first=until(each.planned_on, begins_at), done=done(each.held_at))


def to_finish(now: datetime) -> Iterator[Owing]:
    """Yield what follows from exercises: its owner does it by its day."""
    made = made_at(ExerciseFollowUp)
    for each in _follow_ups(now):
        begins_at = made.get(each.pk, LONG_AGO)
        yield Owing(each.reference, str(each), begins_at, each.owner, first=until(each.due_on, begins_at), done=done(each.done_at))


def to_check(now: datetime) -> Iterator[Owing]:
    """Yield what was done after exercises: whoever answers for the plan looks whether it is, or who leads where that is the same."""
    for each in _follow_ups(now):
        if each.done_at is not None:
            owner = each.exercise.plan.owner
            who, role = ("", LEAD) if owner == each.owner else (owner, "")
            yield Owing(each.reference, str(each), each.done_at, who, role, first=WAITS, done=done(each.checked_at))


def _follow_ups(now: datetime) -> Iterator[ExerciseFollowUp]:
    found = ExerciseFollowUp.objects.filter(Q(checked_at=None) | Q(checked_at__gt=now - KNOWN_FOR))
    yield from found.select_related("exercise__plan__process")


DUTIES = (
    Duty("continuity.analyse-impact", gettext_noop("Analyse what losing this does"), to_analyse, measures=("continuity/impact_analysed",)),
    Duty("continuity.approve-analysis", gettext_noop("Approve the impact analysis"), to_approve),
    Duty("continuity.plan-exercise", gettext_noop("Have the plan exercised"), to_exercise, measures=("continuity/exercised",)),
    Duty("continuity.hold-exercise", gettext_noop("Hold the exercise"), to_hold),
    Duty("continuity.finish-follow-up", gettext_noop("Do what follows from an exercise"), to_finish),
    Duty("continuity.check-follow-up", gettext_noop("Look whether this is done"), to_check),
)
