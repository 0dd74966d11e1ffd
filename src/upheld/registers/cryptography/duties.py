"""What keys ask of people: replace them before their day, and say what one saw."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_noop

from upheld.registers.cryptography.models import CryptoKey, KeyWitness
from upheld.registers.owing import KNOWN_FOR, LONG_AGO, WAITS, Duty, Owing, done, made_at, until


def to_rotate(now: datetime) -> Iterator[Owing]:
    """Yield each key with a day on which it is to be retired: its owner lets another take over by then."""
    made = made_at(CryptoKey)
    for each in CryptoKey.objects.filter(destroyed_at=None).exclude(retire_on=None):
        if each.retire_on is not None and (each.retired_at is None or each.retired_at > now - KNOWN_FOR):
            since = made.get(each.pk, LONG_AGO)
            first = max(until(each.retire_on, since), timedelta(0))
            yield Owing(each.reference, str(each), since, each.owner, first=first, done=done(each.retired_at))


def to_witness(now: datetime) -> Iterator[Owing]:
    """Yield who watched how a key was destroyed: they say so."""
    for each in KeyWitness.objects.filter(Q(at=None) | Q(at__gt=now - KNOWN_FOR)).select_related("destruction__key"):
        yield Owing(each.reference, str(each), each.destruction.at, each.person, first=WAITS, done=done(each.at))


DUTIES = (
    Duty("cryptography.rotate-key", gettext_noop("Replace the key"), to_rotate, measures=("cryptography/key_within_cryptoperiod",)),
    Duty(
        "cryptography.witness-destruction",
        gettext_noop("Say that you saw the key destroyed"),
        to_witness,
        by_each=True,
        measures=("cryptography/key_destruction_witnessed",),
    ),
)
