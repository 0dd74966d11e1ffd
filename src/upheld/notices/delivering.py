"""Delivering: what waits is sent, tried again after longer and longer rests, and given up in the end, each with its entry.

A notice is sent at least once: a worker that is killed between sending and writing it down sends it again, under the same id,
by which whoever gets it can tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from upheld import clock
from upheld.ledger.append import append
from upheld.notices import mail, webhooks
from upheld.notices.errors import NotDelivered
from upheld.notices.letting_in import link_for
from upheld.notices.models import Notice
from upheld.notices.queueing import MAIL

RESTS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440))
BATCH = 500


def waiting(now: datetime) -> Sequence[Notice]:
    """Return what is to be sent by `now`, oldest first, at most `BATCH` of them."""
    return list(Notice.objects.filter(sent_at=None, given_up_at=None, not_before_at__lte=now)[:BATCH])


def next_at() -> datetime | None:
    """Return when the next notice is to be sent; None where none waits."""
    return Notice.objects.filter(sent_at=None, given_up_at=None).order_by("not_before_at").values_list("not_before_at", flat=True).first()


def deliver(now: datetime) -> tuple[int, int]:
    """Send what waits, and return how many notices were sent and how many were not."""
    sent = failed = 0
    with mail.Post() as post:
        for together in _together(waiting(now)):
            if _delivered(together, post):
                sent += len(together)
            else:
                failed += len(together)
    return sent, failed


def deliver_one(notice: Notice) -> bool:
    """Send `notice` now, whatever its time, and return whether it went out."""
    with mail.Post() as post:
        return _delivered([notice], post)


def _delivered(notices: Sequence[Notice], post: mail.Post) -> bool:
    try:
        if notices[0].channel == MAIL:
            for notice in notices:
                notice.link = link_for(notice)  # never written: what is kept below leaves it out
            post.send(notices)
        else:
            webhooks.send(notices[0])
    except NotDelivered as error:
        _keep_failure(notices, error)
        return False
    _keep_sent(notices)
    return True


def _together(notices: Iterable[Notice]) -> Iterator[list[Notice]]:
    """What goes out as one message: each alone, but those of a digest to one address."""
    alone: list[Notice] = []
    digest: list[Notice] = []
    for notice in notices:
        (digest if notice.in_digest and notice.channel == MAIL else alone).append(notice)
    yield from ([notice] for notice in alone)
    digest.sort(key=lambda notice: notice.to)
    for _, some in groupby(digest, key=lambda notice: notice.to):
        yield list(some)


def _keep_sent(notices: Sequence[Notice]) -> None:
    with transaction.atomic():
        for notice in notices:
            notice.attempts, notice.sent_at, notice.error = notice.attempts + 1, clock.now(), ""
            notice.save(update_fields=["attempts", "sent_at", "error"])
            _enter("notice.sent", notice)


def _keep_failure(notices: Sequence[Notice], error: NotDelivered) -> None:
    with transaction.atomic():
        for notice in notices:
            notice.attempts, notice.error = notice.attempts + 1, str(error)
            if error.permanent or notice.attempts > len(RESTS):
                notice.given_up_at = clock.now()
                _enter("notice.given-up", notice)
            else:
                notice.not_before_at = clock.now() + RESTS[notice.attempts - 1]
            notice.save(update_fields=["attempts", "error", "given_up_at", "not_before_at"])


def retry(notice: Notice) -> None:
    """Let a notice that was given up be tried again from the beginning."""
    with transaction.atomic():
        notice.given_up_at, notice.attempts, notice.not_before_at = None, 0, clock.now()
        notice.save()
        _enter("notice.retried", notice)


def _enter(kind: str, notice: Notice) -> None:
    """An entry that it was told, or not: to whom and in what words is personal, so these are commitments."""
    append(
        kind,
        subject=("person", notice.person) if notice.person else None,
        body={"notice": notice.id, "about": notice.kind, "channel": notice.channel, "attempts": notice.attempts},
        personal={"to": notice.to, "title": notice.title},
    )
