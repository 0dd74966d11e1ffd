"""Verifying a bundle as a whole: signatures, proofs, members, evidence, verdicts, in that order, and what an auditor brings rules."""

import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from upheld.ledger import tree
from upheld.ledger.checkpoint import MalformedCheckpoint, UntrustedCheckpoint
from upheld.ledger.entry import MalformedEntry
from upheld.ledger.profile import NotCanonical
from upheld.ledger.proof import MalformedProof
from upheld.ledger.verify.bundle import (
    archive,
    evidence,
    histories,
    joined,
    logs,
    members,
    openings,
    promises,
    readme,
    scope,
    stamped,
    verdicts,
)
from upheld.ledger.verify.bundle.evidence import Evidence
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, document, lines
from upheld.ledger.verify.bundle.logs import Brought, BundledLog, Logged
from upheld.ledger.verify.bundle.members import MANIFEST, Manifest
from upheld.ledger.verify.bundle.promises import Promise
from upheld.ledger.verify.bundle.terms import Terms
from upheld.ledger.verify.bundle.verdicts import Entries, Verdicts
from upheld.ledger.verify.layout import Folder, Layout, Unreadable, plain
from upheld.ledger.verify.report import Rejected, Report
from upheld.ledger.verify.shards import OPENED

REFUSALS = (
    Unreadable, Rejected, MalformedCheckpoint, UntrustedCheckpoint, MalformedProof, MalformedEntry, NotCanonical,
    tree.InvalidProof, tree.MalformedHash,
)  # fmt: skip
MOST_MEMBERS = 65_000


@dataclass
class Bundle:
    """A bundle that was read: what it says, and where."""

    layout: Layout
    manifest: Manifest
    evidence: Evidence
    verdicts: Verdicts
    promises: list[Promise]


@contextmanager
def opened(path: Path) -> Iterator[Layout]:
    """Yield the bundle at `path`, a folder or a zip file. Raises `Unreadable`."""
    plain(path)
    if path.is_dir():
        yield Folder(path)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from error
    with file:
        yield archive.Archive(file)


def is_bundle(path: Path) -> bool:
    """Whether there is a bundle at `path` rather than an export, however damaged; a look, not a check."""
    if path.exists() and not path.is_file() and not path.is_dir():
        return False  # a pipe would be waited for
    if path.is_dir():
        return (path / MANIFEST).is_file()
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as found:
            return found[:2] == b"PK" and found.find(MANIFEST.encode()) > 0
    except (OSError, ValueError):
        return False  # an empty file among them


def verify(layout: Layout, brought: Brought) -> tuple[Report, Bundle | None]:
    """Return what holds of the bundle in `layout`, and the bundle if it could be read to its end."""
    report = Report()
    try:
        return report, _verify(layout, brought, report)
    except REFUSALS as error:
        report.failed.append(str(error))
    except (ValueError, OverflowError, RecursionError) as error:
        report.failed.append(f"it holds a value that no bundle has: {str(error)[:200]}")
    return report, None


def _verify(layout: Layout, brought: Brought, report: Report) -> Bundle:
    names = layout.names()  # first: it refuses links, pipes and devices, which reading might wait for
    if len(names) > MOST_MEMBERS:
        raise Rejected(f"it has {len(names):,} members; no bundle has more than {MOST_MEMBERS:,}")
    manifest = members.read(layout)
    ended = replace(brought, policy=replace(brought.policy, max_age=None))  # nobody sees a log anew once another went on from it
    trusting = [ended] * (len(manifest.logs) - 1) + [brought]
    named = zip(manifest.logs, trusting, strict=True)
    found = [logs.read(layout, names, number, origin, by, report) for number, (origin, by) in enumerate(named, 1)]
    current = found[-1].checkpoint
    report.origin, report.size, report.root = current.origin, current.size, current.root.hex()
    made = _bind(manifest, found[-1], report)
    members.check(layout, names, manifest, report)
    _trust(layout, found, report)
    joined.check(found, brought.held, report)
    _complete(manifest, found)
    entries = {name: entry for log in found for name, entry in log.entries.items()}
    rows = evidence.read(layout, found, report)
    said, held_to = Entries(layout, found), Terms(layout, found)
    judged = verdicts.read(layout, said, held_to, manifest, rows, report)
    promised = promises.read(layout, judged, said, manifest, held_to, report)
    opened = _openings(layout, entries, report)
    if made is not None:
        scope.when(manifest, made, said, report)
    scope.disclosed(manifest, rows, judged, opened, report)
    documents = document(layout.read("promises.json", MAX_DOCUMENT_BYTES), "promises.json").texts("documents")
    scope.belonging(names, manifest, documents, rows, judged, said, held_to, report)
    histories.check(rows, judged, report)
    readme.check(layout, manifest, judged, report)
    stamped.verify(layout, names, brought.policy.authorities, report)
    return Bundle(layout, manifest, rows, judged, promised)


def _bind(manifest: Manifest, log: BundledLog, report: Report) -> Logged | None:
    """Return the entry by which the ledger itself says that this bundle, and no other, was handed out."""
    made = [each for each in log.entries.values() if each.kind == "bundle.made" and each.body.said.get("manifest") == manifest.digest]
    if not made:
        report.failed.append(
            f"no entry of the ledger says that a bundle with this manifest (SHA-256 {manifest.digest[:16]}...) was made: it was changed, "
            "or put together by somebody else"
        )
        return None
    first = min(made, key=lambda each: each.index)
    report.checked.append(f"entry {first.index} of the ledger, of {first.at:%Y-%m-%d %H:%M} UTC, says that this very bundle was made")
    return first


def _complete(manifest: Manifest, found: Sequence[BundledLog]) -> None:
    """Check that a bundle which says so leaves out no entry: over a period, none from before its beginning until after its end."""
    since, until = manifest.said.instant_or_none("from"), manifest.said.instant("as_of")
    if since is None and not manifest.said.flag("complete"):
        return
    for log in found:
        if log.run is None:
            raise Rejected(f"it says that no entry of {log.origin} is left out, and does not hold all of them")
        by_index = {each.index: each for each in log.entries.values()}
        first, last = by_index[log.run.start], by_index[log.run.stop - 1]
        if (since is not None and (first.at > since and first.index)) or (last.at < until and log.run.stop < log.checkpoint.size):
            raise Rejected(f"the entries of {log.origin} begin after the period does, or end before it")
        if since is not None and first.at > since and first.kind == OPENED and log is found[0]:
            raise Rejected(f"the period begins before {log.origin} does, and the log that it goes on from is left out")


def _trust(layout: Layout, found: Sequence[BundledLog], report: Report) -> None:
    """Say where the bundle's own list of keys, which decides nothing, contradicts the auditor's."""
    said = document(layout.read("trust.json", MAX_DOCUMENT_BYTES), "trust.json")
    trusted = {log.origin: log.keys for log in found}
    for each in said.each("keys"):
        origin, key = each.text("origin"), each.text("key")
        if key not in trusted.get(origin, ()):
            report.failed.append(f"the bundle says that {ascii(origin)[:80]} signs with {ascii(key)[:120]}, which you do not trust")


def _openings(layout: Layout, entries: dict[str, Logged], report: Report) -> int:
    count, wrong = 0, []
    for each in lines(layout.read("openings.jsonl", MAX_DOCUMENT_BYTES), "openings.jsonl"):
        count += 1
        if why := openings.wrong(each, entries):
            wrong.append(why)
    report.failed += wrong
    if count and not wrong:
        report.checked.append(f"{count:,} personal values are those that entries commit to")
    return count
