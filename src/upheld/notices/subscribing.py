"""Mail for changes that everybody may read: asked for, confirmed by whoever reads the address, and ended by a link in each mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer
from django.db import transaction

from upheld import clock
from upheld.ledger.append import append
from upheld.notices.mail import is_address
from upheld.notices.models import Notice, SeenChange, Subscription
from upheld.notices.queueing import MAIL, Telling, Told, programs, queue

CONFIRM_WITHIN = timedelta(days=2)
MOST_AN_HOUR = 200  # subscriptions asked for, by all: whoever floods us sends no more mail than this
CONFIRM, CHANGES = "subscription.confirm", "trust.changes"
CHANGED = "trust.changed"  # and its kind, to programs
_RAN = ""  # the key of the row that says when changes were looked for last


class NotSubscribed(ValueError):
    """Nothing was subscribed to; the message says why."""


@dataclass(frozen=True)
class Piece:
    """One change: its name for ever, its kind, and what is told of it."""

    key: str
    kind: str
    title: str
    text: str = ""


def secret_of(subscription: Subscription) -> str:
    """Return what stands in the link by which `subscription` is confirmed and ended."""
    return _signer().sign(str(subscription.pk))


def by_secret(secret: str) -> Subscription | None:
    """Return the subscription that the link with `secret` is of, while it can be confirmed or has not ended."""
    try:
        number = UUID(_signer().unsign(secret))
    except (BadSignature, ValueError):
        return None
    found = Subscription.objects.filter(pk=number, ended_at=None).first()
    late = found is not None and found.confirmed_at is None and clock.now() > found.asked_at + CONFIRM_WITHIN
    return None if late else found


def ask(mail: str, kinds: Sequence[str], told: Told, link: str, language: str) -> None:
    """Let a mail go to the address `mail` that asks whether changes of `kinds` are wanted; `link` has %s where the secret belongs.

    Whoever asks is not told whether the address subscribed before: then nothing is sent. Raises `NotSubscribed` for what is no address, and
    where too much was asked for in the last hour.
    """
    address = mail.strip()
    if not is_address(address) or len(address) > 254:
        raise NotSubscribed("Write one mail address, as name@example.org.")
    now = clock.now()
    with transaction.atomic():
        if Subscription.objects.filter(asked_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
            raise NotSubscribed("Too many asked within the last hour; try again later.")
        if Subscription.objects.filter(mail__iexact=address, ended_at=None).exclude(confirmed_at=None).exists():
            return
        if Subscription.objects.filter(mail__iexact=address, ended_at=None, asked_at__gt=now - CONFIRM_WITHIN).exists():
            return
        _forget_unconfirmed()
        made = Subscription.objects.create(id=uuid4(), mail=address, kinds=sorted(kinds), language=language, asked_at=now)
        append("subscription.asked", subject=("subscription", str(made.pk)), body={"kinds": made.kinds})
        said = Told(told.kind, told.title, told.text, link % secret_of(made))
        queue([Telling(said, f"subscription {made.pk}", MAIL, address, str(made.pk), language=language)])


def confirm(subscription: Subscription) -> None:
    """Let `subscription` begin: whoever reads the address wants it."""
    if subscription.confirmed_at is None:
        with transaction.atomic():
            subscription.confirmed_at = clock.now()
            subscription.save(update_fields=["confirmed_at"])
            append("subscription.confirmed", subject=("subscription", str(subscription.pk)), body={"kinds": subscription.kinds})


def end(subscription: Subscription) -> None:
    """End `subscription`; the address is forgotten, and what waits to be sent to it is not sent."""
    with transaction.atomic():
        mails = Notice.objects.filter(channel=MAIL, to=subscription.mail, person="", kind__in=(CONFIRM, CHANGES))
        mails.filter(sent_at=None, given_up_at=None).update(given_up_at=clock.now())
        mails.update(to="")
        subscription.ended_at, subscription.mail = clock.now(), ""
        subscription.save(update_fields=["ended_at", "mail"])
        append("subscription.ended", subject=("subscription", str(subscription.pk)), body={})


def looked_at() -> SeenChange | None:
    """Return the row that says when changes were looked for last; None where they never were."""
    return SeenChange.objects.filter(key=_RAN).first()


def wanted() -> bool:
    """Whether anybody is to be told of changes."""
    return Subscription.objects.filter(ended_at=None).exclude(confirmed_at=None).exists()


def tell(pieces: Iterable[Piece], title: str, link: str, ends: str) -> int:
    """Tell everybody who subscribed, and programs, of those of `pieces` that were not there before; return how many mails were queued.

    What was there when changes were looked for the first time is told to nobody. `link` is where they can be read; `ends`, with %s for the
    secret, is the whole address by which a subscription is ended.
    """
    with transaction.atomic():
        now, first = clock.now(), looked_at() is None
        seen = set(SeenChange.objects.values_list("key", flat=True))
        fresh = list({each.key: each for each in pieces if each.key not in seen}.values())
        SeenChange.objects.bulk_create([SeenChange(key=each.key, seen_at=now) for each in fresh], batch_size=500)
        SeenChange.objects.update_or_create(key=_RAN, defaults={"seen_at": now})
        if first or not fresh:
            return 0
        for each in fresh:
            programs(Told(f"{CHANGED}.{each.kind}", each.title, each.text, link, {"change": each.key, "about": each.kind}))
        subscribed = Subscription.objects.filter(ended_at=None, confirmed_at__lt=now)
        return queue(_telling(each, fresh, title, link, ends) for each in subscribed if _of(each, fresh))


def _telling(each: Subscription, fresh: Sequence[Piece], title: str, link: str, ends: str) -> Telling:
    mine = _of(each, fresh)
    lines = [line for piece in mine for line in (piece.title, piece.text) if line]
    said = Told(CHANGES, title, "\n".join([*lines, ends % secret_of(each)]), link)
    return Telling(said, f"changes {mine[0].key} {len(mine)}", MAIL, each.mail, str(each.pk), language=each.language)


def _of(each: Subscription, fresh: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in fresh if not each.kinds or piece.kind in each.kinds]


def _forget_unconfirmed() -> None:
    """Forget the addresses of those who never confirmed."""
    late = Subscription.objects.filter(confirmed_at=None, ended_at=None, asked_at__lte=clock.now() - CONFIRM_WITHIN)
    late.update(ended_at=clock.now(), mail="")


def _signer() -> Signer:
    return Signer(salt="upheld.trust-subscription")
