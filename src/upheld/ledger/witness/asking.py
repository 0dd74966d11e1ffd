"""Asking witnesses to cosign our last checkpoint. What goes wrong is kept and shown, and never holds up an append."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import transaction

from upheld import clock, outgoing
from upheld.evidence.visible import visible
from upheld.ledger import anchors, append, cosignature, models, signers, tree
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.anchors import Vouching
from upheld.ledger.checkpoint import COSIGNATURE, MalformedCheckpoint, MalformedKey, UntrustedCheckpoint, VerificationKey, parse_key
from upheld.ledger.entry import SYSTEM, Actor
from upheld.ledger.keys import verify_signature
from upheld.ledger.models import Witness
from upheld.ledger.store import StoredLog
from upheld.ledger.witness import cosigner, request
from upheld.ledger.witness.cosigner import NotCosigned
from upheld.ledger.witness.request import Request
from upheld.outgoing import Answer, NotAllowed, Unreachable

SECONDS = 10.0
ALARM = "This must be looked into: "
_AT_ONCE = 8
_MOST_BYTES = 1 << 16


class NoWitness(LookupError):
    """There is no witness of that name, or one already."""


def add(name: str, url: str, key: VerificationKey, *, actor: Actor = SYSTEM) -> None:
    """Ask the witness at `url` (its submission prefix) from now on; `name` is for people, `key` is what its cosignatures verify under.

    Raises `NoWitness` if the name or key is in use, or the key our own, `NotAllowed` for an address that is none.
    """
    outgoing.check(url)
    with transaction.atomic():
        if models.Witness.objects.filter(removed_at=None, name=name).exists():
            raise NoWitness(f"there is a witness {name} already: remove it first")
        for other in models.Witness.objects.filter(removed_at=None):
            if parse_key(other.key, COSIGNATURE).public == key.public:
                raise NoWitness(f"{other.name} has the same key: one witness under two names would count twice")
        if _is_ours(key):
            raise NoWitness("this is a key of ours: a witness of oneself vouches for nothing")
        models.Witness.objects.create(name=name, url=url.rstrip("/"), key=key.text(), added_at=clock.now())
        append.append("witness.added", body={"name": name, "url": url, "key": key.text()}, subject=("key", key.id.hex()), actor=actor)


def _is_ours(key: VerificationKey) -> bool:
    known = {each.public for each in signers.known()}
    with suppress(NotCosigned, MalformedKey, OSError):
        known.add(cosigner.own_key().key.public)
    return key.public in known


def remove(name: str, *, actor: Actor = SYSTEM) -> None:
    """Ask the witness `name` no more; what it cosigned stays. Raises `NoWitness`."""
    with transaction.atomic():
        row = models.Witness.objects.filter(removed_at=None, name=name).first()
        if row is None:
            raise NoWitness(f"there is no witness {name}")
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
        key = parse_key(row.key, COSIGNATURE)
        append.append("witness.removed", body={"name": name, "key": key.text()}, subject=("key", key.id.hex()), actor=actor)


def in_use() -> list[Witness]:
    """Return the witnesses that are asked, by name."""
    return list(models.Witness.objects.filter(removed_at=None).order_by("name"))


def push(log: StoredLog, *, seconds: float = SECONDS, anew: bool = False) -> list[Vouching]:
    """Ask every witness in use to cosign the last checkpoint of `log`, all at once, and keep what they answer.

    One that has cosigned it already is left alone, unless `anew`: it then says whether it has seen more since. No trouble of a
    witness is raised: it is in what is returned, and kept.
    """
    signed = log.checkpoint()
    rows = in_use()
    if signed is None or not rows:
        return []
    exchanges = [_Exchange(log, row, *signed, anew=anew) for row in rows]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # Twice at most: a conflict tells the size to begin at, as it does with a witness that has seen more than we know of.
        for _ in range(2):
            waiting = [each for each in exchanges if not each.done]
            for each in waiting:
                each.prepare()
            for each, answer in zip(waiting, pool.map(lambda each: each.ask(seconds), waiting), strict=True):
                each.take(answer)
    return [each.conclude() for each in exchanges]


class _Exchange:
    """One witness and one checkpoint: what to send, and what came back. Only `ask` runs beside others; it touches no database."""

    def __init__(self, log: StoredLog, row: Witness, size: int, note: str, *, anew: bool) -> None:
        self._log, self._row, self._size, self._note = log, row, size, note
        self._key = parse_key(row.key, COSIGNATURE)
        self._before = anchors.last(log, anchors.WITNESSED, self._key.name)
        self._old = self._before.size if self._before else 0
        self._body = b""
        self._retried = False
        self.trouble = ""
        self.done = self._old == size and not anew
        self._asked = not self.done

    def prepare(self) -> None:
        """Make the request."""
        path = tree.consistency_proof(self._old, self._size, self._log.nodes(self._size)) if 0 < self._old < self._size else []
        self._body = Request(self._old, tuple(path), self._note.encode()).text()

    def ask(self, seconds: float) -> Answer | str:
        """Return the answer, or what kept it from coming."""
        try:
            return outgoing.post(f"{self._row.url}/add-checkpoint", self._body, "text/plain", seconds=seconds, limit=_MOST_BYTES)
        except (NotAllowed, Unreachable) as error:
            return str(error)

    def take(self, answer: Answer | str) -> None:
        """Go on with what came back."""
        if isinstance(answer, str):
            self._end(answer)
        elif answer.status == 200:
            self._cosigned(answer.body)
        elif answer.status == 409:
            self._conflict(request.size(answer.body))
        elif answer.status == 422:
            self._end(f"{ALARM}it says that this log does not go on from what it saw of it before: {_said(answer)}")
        else:
            self._end(f"it refused with status {answer.status}: {_said(answer)}")

    def conclude(self) -> Vouching:
        """Keep what went wrong, and return what came of it."""
        if self._asked:
            models.Witness.objects.filter(pk=self._row.pk).update(tried_at=clock.now(), trouble=self.trouble)
        now = anchors.last(self._log, anchors.WITNESSED, self._key.name)
        return Vouching(self._row.name, now.size if now else 0, now.at if now else None, self.trouble if self._asked else self._row.trouble)

    def _cosigned(self, body: bytes) -> None:
        try:
            whole = self._note.encode() + body
            found = cosignature.verify(whole, [self._key], int(clock.now().timestamp()), verify_signature)
            if self._key not in found:
                raise UntrustedCheckpoint("it answered without a cosignature by its own key")
            lines = [line for line in checkpoints.parse(whole)[1] if (line.name, line.key_id) == (self._key.name, self._key.id)]
            line = max(lines, key=cosignature.timestamp)
        except (MalformedCheckpoint, UntrustedCheckpoint) as error:
            self._end(f"what it answered is no cosignature of it: {error}")
            return
        if self._before is not None and found[self._key] < int(self._before.at.timestamp()):
            self._end(f"{ALARM}it says an earlier time than it said before: its clock went back, or its key is used elsewhere")
            return
        anchors.keep_cosignature(self._log, self._size, line)
        self._end("")

    def _conflict(self, size: int | None) -> None:
        if size is not None and size > self._size:
            self._end(
                f"{ALARM}it has seen {size:,} entries of this log, which has {self._size:,}: the database was restored, or the log forked"
            )
        elif size == self._old == self._size:
            self._end(f"{ALARM}it has seen another tree of {self._size:,} entries: the log was forked")
        elif size is None or self._retried:
            self._end("it answered with a conflict that leads nowhere")
        else:
            self._old, self._retried = size, True

    def _end(self, trouble: str) -> None:
        self.trouble, self.done = trouble, True


def _said(answer: Answer) -> str:
    return visible(answer.body[:200].decode("utf-8", "replace").strip())
