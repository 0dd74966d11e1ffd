"""Legal holds as actions: set and released with an entry that names nobody; who is under one is not erased."""

from datetime import datetime

from django.db import transaction

from upheld import clock
from upheld.erasure import person as people
from upheld.erasure.acting import CLI
from upheld.erasure.plan import Refused, held_as
from upheld.ledger.append import append
from upheld.vault import holds
from upheld.vault.holds import Hold
from upheld.vault.keys import Vault


def hold(said: str, vault: Vault, *, reason: str, until: datetime) -> Hold:
    """Keep the person called `said` from being erased until the instant `until`, for `reason`, which is kept sealed.

    Raises `Unclear` for nobody or several, and `Refused` without a reason or for an end that is past.
    """
    if not reason.strip():
        raise Refused("a hold needs its reason: who must keep what, for which case")
    if until <= clock.now():
        raise Refused(f"a hold until {until:%Y-%m-%d %H:%M} is over already: give an end that lies ahead")
    person = people.find(said, vault)
    made = holds.add(vault, held_as(person), reason, until)
    with transaction.atomic():
        append("hold.set", subject=("record", made.id), body={"hold": made.id, "until": until.isoformat()}, actor=CLI)
    return made


def release(hold_id: str, vault: Vault) -> None:
    """Lift the hold called `hold_id`. Raises `NoHold`."""
    holds.release(vault, hold_id)
    with transaction.atomic():
        append("hold.released", subject=("record", hold_id), body={"hold": hold_id}, actor=CLI)
