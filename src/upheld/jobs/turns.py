"""Taking turns: a chore is claimed by one worker at a time, and rests longer each time that it fails."""

import os
import socket
from datetime import timedelta

from django.db import transaction

from upheld import clock
from upheld.jobs.models import Turn

# A worker that says nothing for so long is taken for dead; one of this machine, as soon as its process is gone.
LEASE = timedelta(hours=1)
REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)


def me() -> str:
    """Return this process's name as a holder."""
    return f"{socket.gethostname()}:{os.getpid()}"


def take(chore: str, holder: str) -> Turn | None:
    """Claim `chore` for `holder`; None while another holds it, or while it rests after a failure."""
    now = clock.now()
    with transaction.atomic():
        Turn.objects.get_or_create(chore=chore)
        turn = Turn.objects.select_for_update().get(chore=chore)
        if turn.not_before_at and turn.not_before_at > now:
            return None
        if turn.holder not in ("", holder) and turn.until_at and turn.until_at > now and not _is_gone(turn.holder):
            return None
        turn.holder, turn.began_at, turn.until_at = holder, now, now + LEASE
        turn.save()
    return turn


def done(turn: Turn, said: str) -> None:
    """Give the turn back: it went well, and did what `said` says in one line."""
    turn.failures, turn.not_before_at = 0, None
    _give_back(turn, said)


def failed(turn: Turn, why: str) -> None:
    """Give the turn back: it failed, and rests one minute, then two, four ..., at most an hour."""
    turn.failures += 1
    turn.not_before_at = clock.now() + min(REST * 2 ** min(turn.failures - 1, 10), LONGEST_REST)
    _give_back(turn, why)


def postponed(turn: Turn, why: str) -> None:
    """Give the turn back: it could not begin, which is no failure; it may be taken again in a minute."""
    turn.not_before_at = clock.now() + REST
    _give_back(turn, why)


def _give_back(turn: Turn, said: str) -> None:
    turn.holder, turn.until_at, turn.ended_at, turn.said = "", None, clock.now(), said
    turn.save()


def _is_gone(holder: str) -> bool:
    """Whether `holder` was a process of this machine that is no more."""
    host, _, process = holder.rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
