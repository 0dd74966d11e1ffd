"""Verifying one `.tlog-proof` file: a single entry of a log that one need not hold."""

from collections.abc import Sequence

from upheld.ledger import entry, proof, tree
from upheld.ledger.checkpoint import MalformedCheckpoint, UntrustedCheckpoint, VerificationKey
from upheld.ledger.profile import NotCanonical
from upheld.ledger.proof import MalformedProof
from upheld.ledger.verify import strict
from upheld.ledger.verify.report import Rejected, Report


def verify(text: bytes, origin: str, keys: Sequence[VerificationKey], data: bytes | None = None) -> Report:
    """Return what holds of the proof `text`; the entry is `data`, or travels in the proof."""
    report = Report()
    try:
        found = proof.parse(text)
        logged = data if data is not None else found.entry
        if logged is None:
            raise Rejected("the proof does not carry its entry, and none was given")
        checkpoint = proof.verify(found, logged, origin, keys)
        report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
        report.checked.append(f"the checkpoint is signed by {', '.join(sorted({key.name for key in keys}))}")
        report.checked.append(f"the entry is number {found.index} of {checkpoint.size:,} under it")
        fields = entry.check(strict.read(logged))
        if fields["log"] != origin:
            raise Rejected(f"the entry names the log {str(fields['log'])[:80]!r}")
        report.checked.append(f"the entry is canonical and well-formed: {fields['kind']} at {fields['ts']}, id {fields['id']}")
    except (MalformedProof, MalformedCheckpoint, UntrustedCheckpoint, tree.InvalidProof, tree.MalformedHash, Rejected) as error:
        report.failed.append(str(error))
    except (NotCanonical, entry.MalformedEntry) as error:
        report.failed.append(f"the entry is proven to be in the log, and is wrong: {error}")
    return report
