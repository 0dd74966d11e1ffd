"""Orders to sources as a chore: those that an action left to be carried out, and those of which nobody knows yet what came."""

from collections.abc import Iterator
from datetime import datetime

from upheld.jobs.chore import Chore, Unsuccessful
from upheld.registers.access.secrets import sealed_for
from upheld.sources import journal
from upheld.sources.enforcing import Outcome


def chores(now: datetime) -> Iterator[Chore]:
    """Yield carrying out orders, where some wait at `now`."""
    found = journal.waiting(now)
    if found:
        yield Chore("carry out orders", now, lambda: _carry_out(now))


def _carry_out(now: datetime) -> str:
    outcomes = [journal.carry_out(row, secret=sealed_for(row.reason)).order.outcome for row in journal.waiting(now)]
    said = ", ".join(f"{outcomes.count(outcome)} {outcome.value.replace('_', ' ')}" for outcome in Outcome if outcome in outcomes)
    if any(outcome != Outcome.CARRIED_OUT for outcome in outcomes):
        raise Unsuccessful(said)
    return said
