"""Rotating a log's signing key: the old key hands over to a new one, in an entry that both sign."""

from dataclasses import dataclass

from django.db import transaction

from upheld.ledger import append, hardware, keys, mark, rotation, sequencer, signers
from upheld.ledger.checkpoint import Signature, VerificationKey, parse_key
from upheld.ledger.continuity import LedgerForked, file_name, key_directory
from upheld.ledger.entry import SYSTEM, Actor
from upheld.ledger.hardware import Token
from upheld.ledger.keys import Signer
from upheld.ledger.models import SigningKey
from upheld.ledger.rotation import Rotation
from upheld.ledger.sequencer import Sequenced
from upheld.ledger.store import StoredLog


class Rotating(RuntimeError):
    """Another rotation is not completed yet."""


@dataclass(frozen=True)
class Rotated:
    """What was done: the keys, the statement that both signed (what a verifier follows), and the first checkpoint under the new key."""

    old: VerificationKey
    new: VerificationKey
    size: int
    note: str
    sequenced: Sequenced


def rotate(reason: str, *, token: Token | None = None, actor: Actor = SYSTEM) -> Rotated:
    """Let a new key take over from the one in force, in a file or, if given, in a `token`; the old one's file is removed.

    `reason` is logged in the clear and must name nobody. Raises what `sequencer.sequence` raises, `hardware.TokenFailed`,
    `Rotating`, `KeyExposed` or `MalformedKey`. Where it fails nothing was rotated, or calling `sequence` completes it.
    """
    sequencer.sequence()
    with mark.locked(key_directory()):
        log = sequencer.current()
        old = signers.signer(log)
        size = _signed_size(log)
        new = _new_signer(log.origin, token)
        stated = Rotation(log.origin, size, old.key, new.key)
        note = rotation.note(stated, [_signature(signer, stated) for signer in (old, new)])
        rotation.parse(note.encode(), keys.verify_signature)
        with transaction.atomic():
            append.append("key.rotated", body={"note": note, "reason": reason}, subject=("key", new.key.id.hex()), actor=actor)
            SigningKey.objects.create(log=log.number, after=size, key=new.key.text(), note=note)
    return Rotated(old.key, new.key, size, note, finish(log))


def finish(log: StoredLog) -> Sequenced:
    """Sign with the key in force, and only then remove the files of keys that it took over from: they sign nothing any more.

    Each statement of rotation is put beside the keys, where it is found without a database, too.
    """
    done = sequencer.sequence()
    for row in SigningKey.objects.filter(log=log.number):
        place = signers.new_place(log.origin, parse_key(row.key).id.hex(), signers.STATEMENT)
        if not place.exists():
            mark.write(place, row.note.encode())
    for path in signers.retired(log):
        path.unlink()
    keys.sync_directory(key_directory())
    return done


def statements(log: StoredLog) -> list[str]:
    """Return every statement of rotation of `log`, in order: what a verifier who trusts an older key needs."""
    return list(SigningKey.objects.filter(log=log.number).order_by("after").values_list("note", flat=True))


def _signed_size(log: StoredLog) -> int:
    """Return the size of the last checkpoint, which the old key signed and which is its last. Raises `LedgerForked`."""
    marked = mark.read(key_directory() / file_name(log.origin, "mark"))
    last = log.checkpoint()
    if marked is None or last is None or last[0] != marked.size:
        raise LedgerForked(f"{log.origin} has no checkpoint at its high-water mark: run `upheld ledger checkpoint`, then rotate")
    if SigningKey.objects.filter(log=log.number, after=marked.size).exists():
        raise Rotating(f"the key of {log.origin} is being rotated already: run `upheld ledger checkpoint` to complete that")
    return marked.size


def _new_signer(origin: str, token: Token | None) -> Signer:
    if token is None:
        return keys.create_named(lambda key_id: signers.new_place(origin, key_id, ".key"), origin)
    signer = hardware.open_key(token, origin)
    hardware.keep(signers.new_place(origin, signer.key.id.hex(), hardware.SUFFIX), signer)
    return signer


def _signature(signer: Signer, stated: Rotation) -> Signature:
    return Signature(signer.key.name, signer.key.id, signer.sign(stated.text().encode()))
