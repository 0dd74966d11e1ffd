"""What third parties said of our checkpoints, as kept: cosignatures and time stamps, by size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from upheld import clock
from upheld.ledger import cosignature, models
from upheld.ledger.checkpoint import MAX_SIGNATURES, Signature
from upheld.ledger.store import StoredLog

WITNESSED, STAMPED = "cosignature", "rfc3161"


@dataclass(frozen=True)
class Anchored:
    """That `by` (a witness or an authority) vouches for the log up to `size` entries, and the time it states."""

    kind: str
    by: str
    size: int
    at: datetime


@dataclass(frozen=True)
class Vouching:
    """Up to which size somebody who is asked vouches, the time stated (None before the first), and what went wrong last, if anything."""

    name: str
    size: int
    at: datetime | None
    trouble: str

    def said(self) -> str:
        """Return it in words."""
        upto = f"vouches for {self.size:,} entries, at {self.at:%Y-%m-%d %H:%M:%S} UTC" if self.at else "has not answered yet"
        return upto + (f"; {self.trouble}" if self.trouble else "")


def keep_cosignature(log: StoredLog, size: int, line: Signature) -> None:
    """Keep a cosignature that was verified."""
    at = datetime.fromtimestamp(cosignature.timestamp(line), UTC)
    models.Anchor.objects.create(
        log=log.number, size=size, kind=WITNESSED, by=line.name, at=at, token=line.line().encode(), received_at=clock.now()
    )


def keep_stamp(log: StoredLog, size: int, by: str, at: datetime, request: bytes, response: bytes) -> None:
    """Keep a time stamp that was verified: the request with its nonce, and the whole answer."""
    models.Anchor.objects.create(
        log=log.number, size=size, kind=STAMPED, by=by, at=at, token=response, request=request, received_at=clock.now()
    )


def note(log: StoredLog, size: int, stored: str) -> str:
    """Return the note `stored` of the checkpoint at `size` with all cosignatures kept for it, one a witness, the last it gave."""
    rows = models.Anchor.objects.filter(log=log.number, size=size, kind=WITNESSED).order_by("id").values_list("by", "token")
    lines = {by: bytes(token).decode() for by, token in rows}
    return stored + "".join(list(lines.values())[: MAX_SIGNATURES // 2])


def last(log: StoredLog, kind: str, by: str) -> Anchored | None:
    """Return the largest checkpoint that `by` vouched for, and when it last did."""
    row = models.Anchor.objects.filter(log=log.number, kind=kind, by=by).order_by("-size", "-id").first()
    return None if row is None or row.at is None else Anchored(kind, by, row.size, row.at)


def latest(log: StoredLog) -> list[Anchored]:
    """Return, for everybody who ever vouched for `log`, the largest checkpoint and when; witnesses first, by name."""
    pairs = models.Anchor.objects.filter(log=log.number).order_by("kind", "by").values_list("kind", "by").distinct()
    return [found for kind, by in pairs if by and (found := last(log, kind, by))]


def best(log: StoredLog, index: int, witnesses: Sequence[str]) -> int | None:
    """Return the newest checkpoint's size that covers entry `index` and one of `witnesses` cosigned; None if there is none."""
    rows = models.Anchor.objects.filter(log=log.number, kind=WITNESSED, by__in=witnesses, size__gt=index)
    return rows.order_by("-size").values_list("size", flat=True).first()


def stamps(log: StoredLog, until: int) -> list[tuple[int, bytes, bytes]]:
    """Return the time stamps of checkpoints of at most `until` entries: size, request and answer, in order."""
    rows = models.Anchor.objects.filter(log=log.number, kind=STAMPED, size__lte=until).order_by("size", "id")
    return [(size, bytes(request or b""), bytes(token)) for size, request, token in rows.values_list("size", "request", "token")]
