"""Verifying one `.tlog-proof` file: a single entry of a log that one need not hold."""

from datetime import datetime

from upheld.ledger import entry, proof, tree
from upheld.ledger.checkpoint import MalformedCheckpoint, UntrustedCheckpoint
from upheld.ledger.profile import NotCanonical
from upheld.ledger.proof import MalformedProof
from upheld.ledger.verify import strict
from upheld.ledger.verify.report import Rejected, Report
from upheld.ledger.verify.trust import Trust, Trusted


def verify(text: bytes, origin: str, trusted: Trusted, data: bytes | None = None, *, now: datetime | None = None) -> Report:
    """Return what holds of the proof `text`, by a policy or by trusted keys; the entry is `data`, or travels in the proof."""
    report = Report()
    try:
        found = proof.parse(text)
        logged = data if data is not None else found.entry
        if logged is None:
            raise Rejected("the proof does not carry its entry, and none was given")
        trust = Trust(trusted, origin, now)
        checkpoint = trust.accept(found.note)
        tree.verify_inclusion(tree.leaf_hash(logged), found.index, checkpoint.size, found.path, checkpoint.root)
        report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
        trust.conclude(report)
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
