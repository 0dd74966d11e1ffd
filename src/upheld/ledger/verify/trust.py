"""Who is trusted while one log is verified: the verifier's policy, gone on by the rotations that the log itself shows."""

from collections.abc import Sequence
from datetime import UTC, datetime

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import ed25519, policy
from upheld.ledger.checkpoint import Checkpoint, UntrustedCheckpoint, VerificationKey, VerifySignature
from upheld.ledger.policy import Policy, Vouched
from upheld.ledger.rotation import Rotation
from upheld.ledger.verify import rotations
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Report
from upheld.ledger.verify.rotations import Rotations

Trusted = Policy | Sequence[VerificationKey]


class Trust:
    """Accepts checkpoints of the log `origin`; what it accepted is looked at again when the whole log is known."""

    def __init__(
        self, trusted: Trusted, origin: str, now: datetime | None = None, verify_signature: VerifySignature = ed25519.verify
    ) -> None:
        """Trust the policy, or the keys for every size; `now` is by whose clock things are old or in the future."""
        self.policy = trusted if isinstance(trusted, Policy) else policy.trusting(trusted)
        self.now = now or datetime.now(UTC)
        self.rotations = Rotations(origin, verify_signature)
        self._origin = origin
        self._verify_signature = verify_signature
        self._notes: list[bytes] = []
        self._seen: list[Vouched] = []

    def accept(self, note: bytes, layout: Layout | None = None) -> Checkpoint:
        """Return the checkpoint of `note`. Where no trusted key signed it, `layout` is searched for rotations from one that is.

        Raises `MalformedCheckpoint`, `UntrustedCheckpoint`, and from the layout `Unreadable` or `MalformedTile`.
        """
        try:
            vouched = self._verify(note)
        except UntrustedCheckpoint:
            claimed = checkpoints.parse(note)[0]
            if layout is None or claimed.origin != self._origin:
                raise
            size = max([claimed.size, *(each.checkpoint.size for each in self._seen)])
            self.follow(rotations.among(layout, self._origin, size, self._verify_signature))
            vouched = self._verify(note)
        self._notes.append(note)
        self._seen.append(vouched)
        return vouched.checkpoint

    def follow(self, found: Sequence[Rotation]) -> None:
        """Trust, too, the keys that trusted ones handed over to. Raises `UntrustedRotation`."""
        self.policy = self.policy.followed(found)

    def conclude(self, report: Report, stamped_at: datetime | None = None) -> None:
        """Judge every accepted checkpoint by all rotations found, the first one by quorum and age too, and say so in `report`.

        `stamped_at` is the newest time that a trusted authority stamped it. Raises `UntrustedCheckpoint` or `UntrustedRotation`.
        """
        report.failed.extend(self.rotations.wrong)
        self.follow(self.rotations.found)
        if self.rotations.found:
            self._seen = [self._verify(note) for note in self._notes]
        policy.require_forward(self._seen)
        newest = self._seen[0]
        self.policy.require_quorum(newest)
        self.policy.require_fresh(max(filter(None, (newest.met_at, stamped_at)), default=None), self.now)
        report.checked.append(f"the checkpoint is signed by {newest.key.name} (key {newest.key.id.hex()})")
        for key, at in sorted(newest.witnessed.items(), key=lambda item: item[0].name):
            report.checked.append(f"{key.name} witnessed it at {datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}")
        if self.rotations.found:
            report.checked.append(f"rotations of the key: {len(self.rotations.found):,}, each signed by both keys")

    def _verify(self, note: bytes) -> Vouched:
        return self.policy.verify(note, self._origin, self.now, self._verify_signature)
