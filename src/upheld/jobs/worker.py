"""The worker: looks what is due, takes its turn, does it, and goes on whatever happens to one of them."""

import gc
import os
import traceback
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from django.db import close_old_connections

from upheld import clock, workspace
from upheld.jobs import turns
from upheld.jobs.apart import apart
from upheld.jobs.chore import Chore
from upheld.jobs.chores import chores, place_entries
from upheld.jobs.models import Turn
from upheld.ledger.disk import DiskFailed
from upheld.runlock import AnotherRun
from upheld.verdicts.measures import measures_of

# Entries wait a second to be placed; what is due is looked up every half minute, and at once after something was done.
TICK_SECONDS, LOOK_EVERY = 1.0, timedelta(seconds=30)

Told = Callable[[str, str, bool], None]
Doing = Callable[[Callable[[], str]], str]


def here(work: Callable[[], str]) -> str:
    """Do `work` in this process."""
    return work()


def work(stop: Event, told: Told) -> None:
    """Do what is due until `stop` is set. `told` is called with each chore, what came of it, and whether it went well.

    Each chore is done apart, in a copy of this process, so that what it loads is given back when it ends.

    Raises `DiskFailed`: this process must end then, and another may start.
    """
    looked_at = None
    measures_of(workspace.current())  # read once, here, and shared with every copy
    gc.freeze()  # what is loaded by now stays shared: no copy looks through it for garbage
    while not stop.is_set():
        _place(told)
        now = clock.now()
        if looked_at is None or now - looked_at >= LOOK_EVERY or now < looked_at:
            looked_at = now if pass_once(told, stop, apart) == 0 else None
        close_old_connections()
        stop.wait(TICK_SECONDS)


def pass_once(told: Told, stop: Event | None = None, doing: Doing = here) -> int:
    """Do each chore that is due now, once, and return how many were done or tried; `doing` does what each is."""
    tried = 0
    # Each is looked up when its turn has come: what was just read makes judging due.
    for chore in chores(clock.now()):
        if stop and stop.is_set():
            break
        if not chore.is_due(clock.now()):
            continue
        turn = turns.take(chore.name, turns.me())
        if turn is not None:
            tried += 1
            _do(chore, turn, told, doing)
    return tried


def _do(chore: Chore, turn: Turn, told: Told, doing: Doing) -> None:
    try:
        said = doing(chore.work)
    except AnotherRun as busy:
        turns.postponed(turn, f"waited: {busy}")
        return
    except DiskFailed:
        raise
    except Exception as error:  # noqa: BLE001  the worker's outermost loop: one chore that fails must not stop the others
        why = _why(error)
        turns.failed(turn, why)
        told(chore.name, why, False)
    else:
        turns.done(turn, said)
        told(chore.name, said, True)


def _place(told: Told) -> None:
    try:
        place_entries()
    except DiskFailed:
        raise
    except Exception as error:  # noqa: BLE001  as above; what waits stays in the outbox
        told("ledger", _why(error), False)


def _why(error: Exception) -> str:
    if os.environ.get("UPHELD_DEBUG"):
        traceback.print_exc()
    return str(error).strip() or type(error).__name__
