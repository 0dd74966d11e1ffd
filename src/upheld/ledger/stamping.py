"""Time stamps (RFC 3161): an authority signs when it saw a checkpoint's text. Which stamps there are is itself in the log."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from upheld import clock, outgoing
from upheld.ledger import anchors, append, models, sequencer
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.anchors import Vouching
from upheld.ledger.entry import SYSTEM, Actor, Evidence, instant_text
from upheld.ledger.models import Authority
from upheld.ledger.store import StoredLog
from upheld.ledger.verify import stamps
from upheld.outgoing import NotAllowed, Unreachable

KIND = "checkpoint.stamped"
SECONDS = 15.0
_MOST_BYTES = 1 << 17
_AHEAD = timedelta(minutes=5)


class NotStamped(ValueError):
    """An answer that is no time stamp of what was asked for, or one that no trusted root vouches for; the message says why."""


class NoAuthority(LookupError):
    """There is no authority of that name, or one already."""


def add(name: str, url: str, roots: str, *, actor: Actor = SYSTEM) -> None:
    """Ask the authority at `url` for stamps from now on, which must verify under one of `roots` (certificates, PEM).

    Raises `NoAuthority` if the name is in use, `NotAllowed` for the address, `ValueError` for roots that are none.
    """
    outgoing.check(url)
    found = x509.load_pem_x509_certificates(roots.encode())
    digests = [sha256(each.public_bytes(Encoding.DER)).hexdigest() for each in found]
    with transaction.atomic():
        if models.Authority.objects.filter(removed_at=None, name=name).exists():
            raise NoAuthority(f"there is an authority {name} already: remove it first")
        models.Authority.objects.create(name=name, url=url, roots=roots, added_at=clock.now())
        append.append("authority.added", body={"name": name, "url": url, "roots": digests}, subject=("setting", name), actor=actor)


def remove(name: str, *, actor: Actor = SYSTEM) -> None:
    """Ask the authority `name` no more; its stamps stay. Raises `NoAuthority`."""
    with transaction.atomic():
        if not models.Authority.objects.filter(removed_at=None, name=name).update(removed_at=clock.now()):
            raise NoAuthority(f"there is no authority {name}")
        append.append("authority.removed", body={"name": name}, subject=("setting", name), actor=actor)


def in_use() -> list[Authority]:
    """Return the authorities that are asked, by name."""
    return list(models.Authority.objects.filter(removed_at=None).order_by("name"))


def is_due(log: StoredLog, every: timedelta) -> bool:
    """Whether the log grew since an authority stamped it, by more than the entry of that stamp, and `every` has passed."""
    signed = log.checkpoint()
    for row in in_use():
        last = anchors.last(log, anchors.STAMPED, row.name)
        if signed and (last is None or (signed[0] > last.size + 1 and clock.now() - last.at >= every)):
            return True
    return False


def stamp(log: StoredLog) -> list[Vouching]:
    """Have every authority in use stamp the last checkpoint of `log`, and log what it answered. No trouble is raised: it is kept."""
    found = []
    for row in in_use():
        trouble = ""
        try:
            _stamp(log, row)
        except (NotStamped, NotAllowed, Unreachable) as error:
            trouble = str(error)
        models.Authority.objects.filter(pk=row.pk).update(tried_at=clock.now(), trouble=trouble)
        last = anchors.last(log, anchors.STAMPED, row.name)
        found.append(Vouching(row.name, last.size if last else 0, last.at if last else None, trouble))
    sequencer.sequence()
    return found


def _stamp(log: StoredLog, row: Authority) -> None:
    signed = log.checkpoint()
    if signed is None:
        raise NotStamped("there is no checkpoint to stamp yet")
    checkpoint = checkpoints.parse(signed[1].encode())[0]
    body = checkpoint.text().encode()
    asked = (
        TimestampRequestBuilder().data(body).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).cert_request(cert_request=True).build()
    )
    answer = outgoing.post(row.url, asked.as_bytes(), "application/timestamp-query", seconds=SECONDS, limit=_MOST_BYTES)
    if answer.status != 200:
        raise NotStamped(f"it refused with status {answer.status}")
    at = verify(asked, answer.body, body, row.roots)
    before = models.Anchor.objects.filter(log=log.number, kind=anchors.STAMPED).order_by("-at").first()
    if before is not None and before.at is not None and at < before.at:
        raise NotStamped(f"it says {instant_text(at)}, before {instant_text(before.at)}, at which {before.by} stamped what came earlier")
    digest = sha256(answer.body).hexdigest()
    with transaction.atomic():
        anchors.keep_stamp(log, checkpoint.size, row.name, at, asked.as_bytes(), answer.body)
        append.append(
            KIND,
            body={"authority": row.name, "at": instant_text(at), "size": checkpoint.size, "root": checkpoint.root.hex(), "token": digest},
            subject=("checkpoint", str(checkpoint.size)),
            evidence=[Evidence(digest, len(answer.body), "application/timestamp-reply")],
        )


def verify(asked: TimeStampRequest, answer: bytes, body: bytes, roots: str) -> datetime:
    """Return when `answer`, to the request `asked`, says that `body` existed. Raises `NotStamped`.

    The nonce is compared here, too: the library leaves that out where a verifier is made without the request. It refuses
    some tokens whose certificates are not in the order that DER wants, which `openssl ts` makes: those are for openssl to judge.
    """
    trusted = x509.load_pem_x509_certificates(roots.encode())
    try:
        found = decode_timestamp_response(answer)
        at = found.tst_info.gen_time.astimezone(UTC)
        if asked.nonce is None or found.tst_info.nonce != asked.nonce:
            raise NotStamped("the time stamp has another nonce than was asked for: it is an answer to somebody else, or an old one")
        builder = VerifierBuilder.from_request(asked)
        for root in dict.fromkeys(trusted):
            builder = builder.add_root_certificate(root)
        builder.build().verify_message(found, body)
    except (VerificationError, ValueError) as error:
        if isinstance(error, NotStamped):
            raise
        by_openssl = stamps.verify(asked.as_bytes(), answer, body, [roots])
        if isinstance(by_openssl, str):
            raise NotStamped(f"the time stamp does not hold: {error}") from error
        at = by_openssl
    if at > clock.now() + _AHEAD:
        raise NotStamped(f"the time stamp says {instant_text(at)}, which is in the future")
    return at
