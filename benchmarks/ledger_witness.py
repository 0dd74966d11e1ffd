"""What witnesses and policies cost: `python -m benchmarks.ledger_witness`. CPU time of this process; disks are waited for, not counted."""

import itertools
import statistics
import time
from collections.abc import Callable

from benchmarks.ledger_fill import workspace

REQUESTS = 500
LEAVES = 4096


def main() -> None:
    """Answer requests as a witness, and verify what came of it with the standard library alone."""
    with workspace(None):
        from tests.ledger.others import THEIRS, OtherLog, a_witness, cosigned, numbered

        from upheld import clock
        from upheld.ledger import fork
        from upheld.ledger.policy import Policy, Quorum
        from upheld.ledger.rotation import KeyRange
        from upheld.ledger.verify import forks
        from upheld.ledger.witness import cosigner, watching

        log = OtherLog(numbered(LEAVES))
        mine = watching.watch(log.signer.key)
        sizes = [0, *range(LEAVES - REQUESTS, LEAVES)]
        bodies = [log.request(old, new) for old, new in itertools.pairwise(sizes)]
        taken = [_took(lambda body=body: cosigner.add_checkpoint(body)) for body in bodies]
        _say("cosigning one checkpoint, as a witness", taken)

        keys = (mine, a_witness(1).key, a_witness(2).key)
        now = clock.now()
        note = log.note(LEAVES)
        for number in (1, 2):
            note = cosigned(note, a_witness(number), int(now.timestamp()))
        policy = Policy((KeyRange(log.signer.key),), keys, Quorum(2, keys))
        taken = [_took(lambda: policy.require_quorum(policy.verify(note, THEIRS, now))) for _ in range(20)]
        _say("verifying a checkpoint and two cosignatures, standard library", taken)

        other = OtherLog(numbered(LEAVES, "x"))
        proof = fork.between(log.note(3001), other.note(LEAVES), other.path(3001, LEAVES))
        assert proof is not None
        text = proof.text()
        taken = [_took(lambda: forks.verify(text, [log.signer.key])) for _ in range(20)]
        _say(f"verifying a fork proof of {len(text):,} bytes, standard library", taken)


def _say(what: str, taken: list[float]) -> None:
    print(f"{what}: {statistics.median(taken):.2f} ms (best {min(taken):.2f})")


def _took(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1e3


if __name__ == "__main__":
    main()
