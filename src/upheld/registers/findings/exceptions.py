"""Exceptions as the judge reads them: those approved by somebody else, not yet over, and as the ledger recorded them."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from upheld.actions.models import Step
from upheld.actions.redacting import REDACTED
from upheld.ledger.lookup import entries
from upheld.registers.findings.models import RiskAccepted, State

APPROVED = "findings.approve-exception"

Exceptions = Mapping[str, Mapping[str, datetime]]


def exceptions_in_force(as_of: datetime) -> Exceptions:
    """Return until when each exception runs that is approved as of `as_of`, by measure and subject.

    A row that is not as its last entry of the ledger says accepts nothing: whoever can write to the database could else
    have every finding excepted.
    """
    approved = list(RiskAccepted.objects.filter(state=State.APPROVED, decided_at__lte=as_of, until_on__gte=as_of.date()))
    genuine = _recorded(approved)
    found: dict[str, dict[str, datetime]] = {}
    for each in approved:
        if each.reference in genuine and each.asked_by != each.decided_by:
            ends_at = datetime.combine(each.until_on, time(), UTC) + timedelta(days=1)
            found.setdefault(each.measure, {})[each.subject] = ends_at
    return found


def _recorded(approved: list[RiskAccepted]) -> set[str]:
    """Return the references of those of `approved` whose row is as the entry of their last step says, and whose last act was approval.

    That somebody was taken out of the row since, when they were erased, is a step and no act.
    """
    steps = Step.objects.filter(register=RiskAccepted.register(), record__in=[str(each.pk) for each in approved], wrote=True)
    taken: dict[str, list[str]] = {}
    for step in steps.order_by("version"):
        taken.setdefault(step.record, []).append(step.entry_id)
    known = entries(entry_id for ids in taken.values() for entry_id in ids)
    genuine = set()
    for each in approved:
        ids = taken.get(str(each.pk), [])
        told = [known[entry_id] for entry_id in ids] if known.keys() >= set(ids) else []
        acts = [entry for entry in told if entry["kind"] != REDACTED]
        said = [row["digest"] for row in told[-1]["body"]["rows"] if row["record"] == each.reference] if told else []
        if acts and acts[-1]["kind"] == APPROVED and said == [each.row_digest()]:
            genuine.add(each.reference)
    return genuine
