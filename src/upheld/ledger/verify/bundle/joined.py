"""The logs of one bundle, as one history: each goes on from the one before, and says from which checkpoint of it."""

from collections.abc import Sequence
from itertools import pairwise

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.verify.bundle.logs import BundledLog
from upheld.ledger.verify.report import Rejected, Report
from upheld.ledger.verify.shards import covers, named_by


def check(found: Sequence[BundledLog], held: Sequence[bytes], report: Report) -> None:
    """Hold what the first entry of each log names against the log before it, and against what the auditor `held` of that.

    Raises `Rejected` if a log is left out in between, or what is held is of none of them, or goes beyond the last.
    """
    there = {each.origin for each in found}
    for note in held:
        if (origin := checkpoints.parse(note)[0].origin) not in there:
            raise Rejected(
                f"you hold a checkpoint of {ascii(origin)[:80]}, and no log of this bundle is that: ask for one made with --held"
            )
    for newer in found[-1].beyond:
        now = found[-1].checkpoint.size
        raise Rejected(f"you hold a checkpoint of {newer.size:,} entries and the bundle's has {now:,}: it is an older one")
    for old, new in pairwise(found):
        (before, _, one), (after, _, two) = old.origin.rpartition("/"), new.origin.rpartition("/")
        if before != after or not (one + two).isdecimal() or int(one) + 1 != int(two):
            raise Rejected(f"between {before}/{one} and {after}/{two} a log is left out")
        _goes_on(old, new, report)


def _goes_on(old: BundledLog, new: BundledLog, report: Report) -> None:
    said = next((named_by(each.fields) for each in new.entries.values() if each.index == 0), None)
    there, before = old.checkpoint, f"entries of {old.origin}"
    if said is None or said.origin != old.origin:
        report.failed.append(f"{new.origin} does not show, by its first entry, the checkpoint of {old.origin} that it goes on from")
        return
    for held in old.beyond:
        covers(held, said, new.origin, report)
    if said.size < there.size:
        report.failed.append(f"{new.origin} goes on from {said.size:,} {before}, and {there.size:,} were signed: some were dropped")
    elif said.size > there.size:
        report.skipped.append(f"the last {said.size - there.size:,} of the {said.size:,} {before} that were signed: they are lost")
    elif said.root != there.root:
        report.failed.append(f"{new.origin} goes on from another tree of {said.size:,} {before} than the bundle's: the log was forked")
    else:
        report.checked.append(f"{new.origin} goes on from the last checkpoint of {old.origin}, at {said.size:,} entries")
