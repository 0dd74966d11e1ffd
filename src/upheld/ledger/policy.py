"""What a verifier trusts, in its own file: which keys sign which sizes, which witnesses count, how old is too old. Standard library only.

Read from JSON (`upheld/trust/1`) or from the text format of C2SP tlog-policy. It comes from the verifier's own hand; a
policy that travels with what it judges is no policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import cosignature, ed25519, rotation
from upheld.ledger.checkpoint import Checkpoint, UntrustedCheckpoint, VerificationKey, VerifySignature
from upheld.ledger.rotation import KeyRange, Rotation


class MalformedPolicy(ValueError):
    """A policy that says nothing, or says it wrongly; the message names the member or line."""


@dataclass(frozen=True)
class Quorum:
    """Met if at least `needed` of `members` cosigned; a member is a witness's key, or a quorum itself."""

    needed: int = 0
    members: "tuple[VerificationKey | Quorum, ...]" = ()

    def met(self, by: frozenset[VerificationKey]) -> bool:
        """Whether the witnesses `by` are enough."""
        return self.needed <= sum(each.met(by) if isinstance(each, Quorum) else each in by for each in self.members)


@dataclass(frozen=True)
class Vouched:
    """A checkpoint that the policy accepts: which key signed it, who witnessed it when, and since when the quorum was met at the latest."""

    checkpoint: Checkpoint
    key: VerificationKey
    witnessed: Mapping[VerificationKey, int] = field(default_factory=dict)
    met_at: datetime | None = None


@dataclass(frozen=True)
class Policy:
    """Keys with the sizes they sign, witnesses, how many of them are needed, authorities of time stamps (PEM), and the oldest accepted.

    `patience` is how long an entry may have waited to be sequenced: its own time is not taken to be older than that.
    """

    keys: tuple[KeyRange, ...]
    witnesses: tuple[VerificationKey, ...] = ()
    quorum: Quorum = Quorum()
    authorities: tuple[str, ...] = ()
    max_age: timedelta | None = None
    patience: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        """Raise `MalformedPolicy` where one key would count twice."""
        publics = [each.key.public for each in self.keys]
        publics += [key.public for key in self.witnesses]
        if len(set(publics)) != len(publics):
            raise MalformedPolicy("one key stands there twice, as two witnesses or as witness and log: it would count twice")

    def followed(self, rotations: Sequence[Rotation]) -> "Policy":
        """Return the policy gone on by `rotations`. Raises `UntrustedRotation`."""
        return replace(self, keys=rotation.follow(self.keys, rotations))

    def verify(self, note: bytes, origin: str, now: datetime, verify_signature: VerifySignature = ed25519.verify) -> Vouched:
        """Return the checkpoint of `note` once a key in force at its size signed it and enough witnesses saw it.

        How old it is, is asked by `require_fresh`. Raises `MalformedCheckpoint` or `UntrustedCheckpoint`.
        """
        claimed, signatures = checkpoints.parse(note)
        mine = [each for each in self.keys if each.key.name == origin]
        retired = [each for each in mine if not each.covers(claimed.size)]
        used = {(line.name, line.key_id) for line in signatures}
        in_force = [each.key for each in mine if each.covers(claimed.size)]
        for each in retired:
            if (each.key.name, each.key.id) in used and not any((key.name, key.id) in used for key in in_force):
                raise UntrustedCheckpoint(_out_of_range(each, claimed.size))
        checkpoint = checkpoints.verify(note, origin, in_force, verify_signature)
        signed = next(key for key in in_force if (key.name, key.id) in used)
        witnessed = cosignature.verify(note, self.witnesses, int(now.timestamp()), verify_signature)
        return Vouched(checkpoint, signed, witnessed, self._met_at(witnessed))

    def require_quorum(self, vouched: Vouched) -> None:
        """Raise `UntrustedCheckpoint` unless enough witnesses cosigned."""
        if not self.quorum.met(frozenset(vouched.witnessed)):
            names = ", ".join(sorted(key.name for key in vouched.witnessed)) or "nobody"
            raise UntrustedCheckpoint(f"the checkpoint is witnessed by {names}, which is not the quorum that the policy asks for")

    def require_fresh(self, newest: datetime | None, now: datetime) -> None:
        """Raise `UntrustedCheckpoint` if a third party last saw the checkpoint (at `newest`) longer ago than `max_age`, or nobody did."""
        if self.max_age is None:
            return
        if newest is None:
            raise UntrustedCheckpoint("no witness or time stamp that the policy trusts says when the checkpoint stood, and it asks for one")
        if now - newest > self.max_age:
            days = f"{self.max_age / timedelta(days=1):g}"
            raise UntrustedCheckpoint(
                f"the checkpoint was last seen at {newest:%Y-%m-%dT%H:%MZ}, longer ago than the {days} days of the policy"
            )

    def _met_at(self, witnessed: Mapping[VerificationKey, int]) -> datetime | None:
        """Return the newest instant at or after which a whole quorum saw the checkpoint; None without a quorum."""
        seen: set[VerificationKey] = set()
        for key, at in sorted(witnessed.items(), key=lambda item: -item[1]):
            seen.add(key)
            if self.quorum.needed and self.quorum.met(frozenset(seen)):
                return _instant(at)
        return None


def trusting(keys: Sequence[VerificationKey]) -> Policy:
    """Return the policy that trusts `keys` for every size, and asks for nothing else."""
    return Policy(tuple(KeyRange(key) for key in dict.fromkeys(keys)))


def require_forward(seen: Sequence[Vouched]) -> None:
    """Raise `UntrustedCheckpoint` if a witness saw a larger checkpoint before a smaller one: its times cannot both be true."""
    last: dict[VerificationKey, tuple[int, int]] = {}
    for each in sorted(seen, key=lambda vouched: vouched.checkpoint.size):
        size = each.checkpoint.size
        for key, at in each.witnessed.items():
            before_size, before = last.get(key, (0, 0))
            if at < before and size > before_size:
                raise UntrustedCheckpoint(f"{key.name} says it saw {size:,} entries {before - at:,} seconds before it saw {before_size:,}")
            last[key] = (size, max(at, before))


def _out_of_range(each: KeyRange, size: int) -> str:
    until = "" if each.until is None else f" and at most {each.until:,}"
    said = f"which signs more than {each.after:,}{until} only: it was rotated"
    return f"the checkpoint of {size:,} entries is signed by the key {each.key.id.hex()}, {said}"


def _instant(at: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(at, UTC)
    except (OverflowError, ValueError, OSError):
        return None
