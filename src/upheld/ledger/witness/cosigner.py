"""Being a witness: cosign a checkpoint if, and only if, all that was seen of its log before is its beginning."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from upheld import clock
from upheld.ledger import append, cosignature, fork, keys, models, tree
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import COSIGNATURE, Checkpoint, MalformedCheckpoint, UntrustedCheckpoint, VerificationKey, parse_key
from upheld.ledger.continuity import key_directory
from upheld.ledger.fork import ForkProof
from upheld.ledger.keys import FileSigner
from upheld.ledger.profile import Json
from upheld.ledger.witness import request, seen
from upheld.ledger.witness.request import MalformedRequest, Request
from upheld.ledger.witness.seen import Seen

KEY_FILE = "witness.key"


class NotCosigned(Exception):
    """A request that is refused, with the status of HTTP that says why, and the body of the answer."""

    def __init__(self, status: int, why: str, *, size: int | None = None) -> None:
        """Refuse for the reason `why`; `size` is what a conflict tells instead."""
        super().__init__(why)
        self.status = status
        self.body = f"{why}\n".encode() if size is None else request.conflict(size)
        self.media_type = "text/plain; charset=utf-8" if size is None else request.SIZE_TYPE


@dataclass(frozen=True)
class _Asked:
    """A request whose checkpoint is signed by the log it is of."""

    request: Request
    checkpoint: Checkpoint
    by: tuple[VerificationKey, ...]


def add_checkpoint(body: bytes) -> bytes:
    """Return our cosignature, as the body of the answer, on the checkpoint that `body` hands in. Raises `NotCosigned`."""
    asked = _asked(body)
    origin = asked.checkpoint.origin
    signer = own_key()
    with seen.locked(origin):
        try:
            last = seen.read(origin, signer.key)
        except seen.Forgotten as error:
            raise NotCosigned(503, "this witness has lost what it saw of the log, and cosigns nothing of it") from error
        _require_goes_on(asked, last)
        now = int(clock.now().timestamp())
        if now < last.at:
            raise NotCosigned(503, "the clock of this witness went back, and it says no time that is earlier than one it has said")
        signed = signer.sign(cosignature.message(asked.checkpoint, now))
        line = cosignature.signature(signer.key, now, signed)
        seen.write(origin, (_own_note(asked) + line.line()).encode())
    return request.lines([line.line()])


def own_key() -> FileSigner:
    """Return the key that we cosign with. Raises `NotCosigned` before there is one, `KeyExposed` or `MalformedKey`."""
    try:
        return keys.load(key_path(), COSIGNATURE)
    except FileNotFoundError as error:
        raise NotCosigned(404, "this is no witness") from error


def key_path() -> Path:
    """Return the file of the key that we cosign with."""
    return key_directory() / KEY_FILE


def watched_keys(origin: str) -> tuple[VerificationKey, ...]:
    """Return the keys under which we watch the log `origin`; none if we do not."""
    row = models.Watched.objects.filter(origin=origin, removed_at=None).first()
    return tuple(parse_key(line) for line in row.keys.split("\n")) if row else ()


def _asked(body: bytes) -> _Asked:
    try:
        found = request.parse(body)
        checkpoint = checkpoints.parse(found.note)[0]
    except (MalformedRequest, MalformedCheckpoint) as error:
        raise NotCosigned(400, str(error)) from error
    by = watched_keys(checkpoint.origin)
    if not by:
        raise NotCosigned(404, "this witness does not watch that log")
    try:
        checkpoints.verify(found.note, checkpoint.origin, by, keys.verify_signature)
    except UntrustedCheckpoint as error:
        raise NotCosigned(403, str(error)) from error
    if found.old > checkpoint.size:
        raise NotCosigned(400, "the old size is greater than that of the checkpoint")
    return _Asked(found, checkpoint, by)


def _require_goes_on(asked: _Asked, last: Seen) -> None:
    """Raise `NotCosigned` unless the checkpoint goes on from the one last seen; what shows a fork is kept."""
    if asked.request.old != last.checkpoint.size:
        raise NotCosigned(409, "another size was cosigned last", size=last.checkpoint.size)
    try:
        tree.verify_consistency(
            last.checkpoint.size, last.checkpoint.root, asked.checkpoint.size, asked.checkpoint.root, asked.request.path
        )
    except (tree.InvalidProof, tree.MalformedHash) as error:
        if last.note:
            _keep_fork(fork.between(_without_ours(last), _own_note(asked).encode(), asked.request.path))
        if asked.checkpoint.size == last.checkpoint.size and asked.checkpoint.root != last.checkpoint.root:
            raise NotCosigned(409, "another tree of that size was cosigned", size=last.checkpoint.size) from error
        raise NotCosigned(422, str(error)) from error


def _own_note(asked: _Asked) -> str:
    """Return the checkpoint with the log's own signatures alone, so that what is kept does not grow by what others add."""
    known = {(key.name, key.id) for key in asked.by}
    mine = [line for line in checkpoints.parse(asked.request.note)[1] if (line.name, line.key_id) in known]
    return checkpoints.note(asked.checkpoint, mine[:4])


def _without_ours(last: Seen) -> bytes:
    lines = [line for line in checkpoints.parse(last.note)[1] if line.name == last.checkpoint.origin]
    return checkpoints.note(last.checkpoint, lines).encode()


def _keep_fork(proof: ForkProof | None) -> None:
    """Keep the first proof that a log signed two histories, and say so in our own ledger."""
    if proof is None:
        return
    held, other = fork.contradict(proof)
    text = proof.text()
    digest = sha256(text).hexdigest()
    with transaction.atomic():
        if models.ForkFound.objects.filter(origin=held.origin).exists():
            return
        models.ForkFound.objects.create(origin=held.origin, found_at=clock.now(), digest=digest, proof=text)
        sizes: Mapping[str, Json] = {"held": held.size, "other": other.size, "root": base64.b64encode(proof.root).decode(), "proof": digest}
        append.append("log.forked", body=sizes, subject=("ledger", held.origin))
