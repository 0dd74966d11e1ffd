"""Which logs of others we are a witness for: taken on and given up, each an entry of our own ledger."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from upheld import clock
from upheld.ledger import append, keys, models, sequencer, shard, store
from upheld.ledger.checkpoint import COSIGNATURE, MalformedKey, VerificationKey
from upheld.ledger.entry import SYSTEM, Actor
from upheld.ledger.keys import FileSigner
from upheld.ledger.witness import cosigner, seen
from upheld.ledger.witness.cosigner import NotCosigned


class NotWatched(LookupError):
    """We are no witness for that log, or can be none."""


@dataclass(frozen=True)
class Watching:
    """A log that we watch: its keys, and the size and time of what we last cosigned of it (None before the first).

    `lost` says that this is not known any more, so that nothing of the log is cosigned.
    """

    origin: str
    keys: tuple[VerificationKey, ...]
    size: int
    at: datetime | None
    forked: bool
    lost: bool = False


def watch(key: VerificationKey, *, instead: bool = False, actor: Actor = SYSTEM) -> VerificationKey:
    """Be a witness for the log whose `key` this is (its name is the origin), and return the key that we cosign with.

    For a log that is watched already, `key` is one more that it may sign with, or the only one (`instead`), as after a rotation.
    Raises `NotWatched` for a log of our own.
    """
    if any(log.origin == key.name for log in store.all_logs()):
        raise NotWatched(f"{key.name} is a log of ours: a witness of oneself vouches for nothing")
    mine = _make_key().key
    if not models.Watched.objects.filter(origin=key.name).exists():
        seen.begin(key.name)  # never for one watched before: where what was seen of it is lost, it stays so
    with transaction.atomic():
        row = models.Watched.objects.filter(origin=key.name, removed_at=None).first()
        if row is None:
            models.Watched.objects.create(origin=key.name, keys=key.text(), added_at=clock.now())
        else:
            known = [] if instead else [text for text in row.keys.split("\n") if text != key.text()]
            if (keys_now := "\n".join([*known, key.text()])) == row.keys:
                return mine
            row.keys = keys_now
            row.save(update_fields=["keys"])
        append.append("log.watched", body={"key": key.text(), "instead": instead}, subject=("ledger", key.name), actor=actor)
    return mine


def unwatch(origin: str, *, actor: Actor = SYSTEM) -> None:
    """Be a witness for `origin` no more. What was seen of it is kept, in case it is taken on again. Raises `NotWatched`."""
    with transaction.atomic():
        if not models.Watched.objects.filter(origin=origin, removed_at=None).update(removed_at=clock.now()):
            raise NotWatched(f"we are no witness for {origin}")
        append.append("log.unwatched", body={}, subject=("ledger", origin), actor=actor)


def watching() -> list[Watching]:
    """Return every log that we watch, with what we last saw of it."""
    rows = models.Watched.objects.filter(removed_at=None).order_by("origin")
    forked = set(models.ForkFound.objects.values_list("origin", flat=True))
    return [_watching(row.origin, row.origin in forked) for row in rows]


def _watching(origin: str, forked: bool) -> Watching:
    watched = cosigner.watched_keys(origin)
    try:
        last = seen.read(origin, cosigner.own_key().key)
    except (seen.Forgotten, NotCosigned, MalformedKey, OSError):
        return Watching(origin, watched, 0, None, forked, lost=True)
    at = datetime.fromtimestamp(last.at, UTC) if last.at else None
    return Watching(origin, watched, last.checkpoint.size, at, forked)


def _make_key() -> FileSigner:
    """Return the key that we cosign with, made on first use; it is named after our own log's domain."""
    path = cosigner.key_path()
    if not path.exists():
        domain, _, rest = shard.parse(sequencer.current().origin)["log"].partition("/ledger/")
        keys.create(path, f"{domain}/witness/{rest}", COSIGNATURE)
    return cosigner.own_key()
