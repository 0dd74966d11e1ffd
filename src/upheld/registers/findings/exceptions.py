"""Exceptions as the judge reads them: those approved by somebody else, not yet over, and as the ledger recorded them."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from upheld.actions.models import Step
from upheld.ledger.lookup import entries
from upheld.registers.findings.models import RiskAccepted, State

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
    """Return the references of those of `approved` whose row has the digest in the entry of their last step."""
    steps = Step.objects.filter(register=RiskAccepted.register(), record__in=[str(each.pk) for each in approved], wrote=True)
    last = {step.record: step.entry_id for step in steps.order_by("version")}
    known = entries(last.values())
    genuine = set()
    for each in approved:
        entry = known.get(last.get(str(each.pk), ""))
        rows = entry["body"]["rows"] if entry is not None and entry["kind"] == "findings.approve-exception" else ()
        if any(row["record"] == each.reference and row["digest"] == each.row_digest() for row in rows):
            genuine.add(each.reference)
    return genuine
