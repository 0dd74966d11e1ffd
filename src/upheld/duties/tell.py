"""Telling everybody what there is to tell, in one transaction: what was told is written down with the mails that are queued."""

from datetime import datetime
from itertools import chain

from django.db import transaction

from upheld.actions.models import Step
from upheld.duties import causes
from upheld.duties.causes import Now
from upheld.duties.holders import holders
from upheld.duties.models import ToldUntil
from upheld.duties.occurrences import last_look
from upheld.duties.policy import policy
from upheld.duties.steps import of_steps
from upheld.duties.telling import tell
from upheld.duties.unused import of_unused
from upheld.verdicts.models import Finding

LOOKED = "looked"


def tell_all(now: datetime) -> int:
    """Queue all that is to be told as of `now` and was not, and return how many mails and messages that is."""
    with transaction.atomic():
        as_of = Now(now, holders(now), policy())
        told = tell(
            chain(
                causes.of_findings(as_of),
                causes.of_measures(as_of),
                causes.of_exceptions(as_of),
                of_steps(as_of),
                causes.of_occurrences(as_of),
                of_unused(),
            )
        )
        if looked_at := last_look():
            ToldUntil.objects.update_or_create(what=LOOKED, defaults={"number": _microseconds(looked_at)})
    return told


def is_anything_untold() -> bool:
    """Return whether anything came about since people were told last: a look at what falls due, a step, or a finding."""
    until = dict(ToldUntil.objects.values_list("what", "number"))
    looked_at = last_look()
    if looked_at is not None and _microseconds(looked_at) > until.get(LOOKED, -1):
        return True
    newest = {"steps": Step.objects.order_by("-pk"), "findings": Finding.objects.order_by("-pk")}
    return any((rows.values_list("pk", flat=True).first() or 0) > until.get(what, 0) for what, rows in newest.items())


def _microseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
