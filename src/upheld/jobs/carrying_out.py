"""Orders to sources as a chore: those that an action left to be carried out, and those of which nobody knows yet what came."""

from collections.abc import Iterator
from datetime import datetime

from upheld.jobs.chore import Chore, Unsuccessful
from upheld.registers.access.secrets import account_of, sealed_for
from upheld.sources import journal
from upheld.sources.enforcing import Outcome, Verb
from upheld.sources.models import Enforcement


def chores(now: datetime) -> Iterator[Chore]:
    """Yield carrying out orders, where some wait at `now`."""
    found = journal.waiting(now)
    if found:
        yield Chore("carry out orders", now, lambda: _carry_out(now))


def _carry_out(now: datetime) -> str:
    outcomes = [_carried_out(row).order.outcome for row in journal.waiting(now)]
    said = ", ".join(f"{outcomes.count(outcome)} {outcome.value.replace('_', ' ')}" for outcome in Outcome if outcome in outcomes)
    if any(outcome != Outcome.CARRIED_OUT for outcome in outcomes):
        raise Unsuccessful(said)
    return said


def _carried_out(row: Enforcement) -> journal.Carried:
    """Carry `row` out; what a first secret is and whom an account is for, its register alone knows."""
    return journal.carry_out(row, secret=sealed_for(row.reason), whose=account_of(row.reason) if row.verb == Verb.CREATE else None)
