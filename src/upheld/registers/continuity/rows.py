"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.continuity.models import ContinuityPlan, Exercise, ExerciseFollowUp, ImpactAnalysis, Process
from upheld.registers.rules import length


def _analysed() -> dict[int, ImpactAnalysis]:
    """Return the last approved analysis of each process, by the process's number."""
    approved = ImpactAnalysis.objects.exclude(approved_at=None).select_related("process").order_by("approved_at", "pk")
    return {each.process_id: each for each in approved}


def processes() -> Iterator[Row]:
    """Yield processes that go on, with the targets of the last approved analysis of each."""
    analysed = _analysed()
    for each in Process.objects.filter(ended_at=None):
        analysis = analysed.get(each.pk)
        yield {
            "id": each.name,
            "title": each.title,
            "owner_id": each.owner,
            "criticality": each.criticality,
            "analysed_at": analysis.approved_at if analysis else None,
            "analysed_by_id": analysis.author if analysis else None,
            "approved_by_id": analysis.approved_by if analysis else None,
            "recovery_time": length(analysis.recovery_time) if analysis else None,
            "recovery_point": length(analysis.recovery_point) if analysis else None,
        }


def process_dependencies() -> Iterator[Row]:
    """Yield what processes depend on, by the last approved analysis of each."""
    for analysis in _analysed().values():
        process = analysis.process
        if process.ended_at is not None:
            continue
        for kind, needed in (
            ("system", analysis.systems),
            ("supplier", analysis.suppliers),
            ("process", analysis.processes),
            ("responsibility", analysis.responsibilities),
        ):
            for name in needed:
                yield {"id": f"{process.name}/{kind}/{name}", "process_id": process.name, "kind": kind, "on_id": name}


def continuity_plans() -> Iterator[Row]:
    """Yield plans that are in use."""
    for each in ContinuityPlan.objects.filter(ended_at=None).select_related("process"):
        yield {
            "id": str(each.pk),
            "process_id": each.process.name,
            "document_id": each.document,
            "roles": list(each.roles),
            "owner_id": each.owner,
        }


def continuity_exercises() -> Iterator[Row]:
    """Yield exercises that were held."""
    for each in Exercise.objects.exclude(held_at=None):
        yield {
            "id": str(each.pk),
            "plan_id": str(each.plan_id),
            "kind": each.kind,
            "held_at": each.held_at,
            "recovered_in": length(each.recovered_in),
            "lost": length(each.lost),
        }


def exercise_follow_ups() -> Iterator[Row]:
    """Yield what was to be done after exercises. Done is what somebody else found done."""
    for each in ExerciseFollowUp.objects.all():
        yield {
            "id": str(each.pk),
            "exercise_id": str(each.exercise_id),
            "owner_id": each.owner,
            "due_on": each.due_on,
            "done_at": each.done_at if each.checked_at else None,
        }
