"""What a bundle is made of: its manifest, and exactly the members that the manifest names, besides proofs."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from upheld.ledger.verify.bundle import logs
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, Fields, document
from upheld.ledger.verify.layout import Layout, Unreadable
from upheld.ledger.verify.report import Rejected, Report

MANIFEST = "manifest.json"
FORMAT = "upheld/bundle/1"
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}", re.ASCII)
_MOST_NAMED = 20


@dataclass(frozen=True)
class Manifest:
    """A bundle's manifest, and the SHA-256 of its bytes, which the ledger's entry `bundle.made` has."""

    said: Fields
    digest: str
    logs: list[str]


def read(layout: Layout) -> Manifest:
    """Return the manifest. Raises `Rejected` and `Unreadable`."""
    data = layout.read(MANIFEST, MAX_DOCUMENT_BYTES)
    said = document(data, MANIFEST)
    if said.text("format") != FORMAT:
        raise Rejected(f"the bundle's format is {ascii(said.text('format'))[:40]}; this verifier knows {FORMAT}")
    named = said.texts("logs")
    if not named or len(set(named)) != len(named) or len(named) > 1000:
        raise Rejected(f"{MANIFEST}: it names no log, or one twice")
    return Manifest(said, hashlib.sha256(data).hexdigest(), named)


def check(layout: Layout, names: Iterable[str], manifest: Manifest, report: Report) -> None:
    """Check that exactly the members that `manifest` names are there, with the bytes it names. What differs is reported as failed."""
    there = set(names)
    listed: set[str] = set()
    wrong: list[str] = []
    for each in manifest.said.each("members"):
        path = each.text("path")
        if not _PATH.fullmatch(path) or path in listed or path == MANIFEST or logs.belongs(path, len(manifest.logs)):
            raise Rejected(f"{MANIFEST} names {ascii(path)[:80]}, which is no path of a member, or twice")
        listed.add(path)
        wrong += _differing(layout, path, each)
    odd = sorted(name for name in there - listed - {MANIFEST} if not logs.belongs(name, len(manifest.logs)))
    wrong += [f"{ascii(name)[:80]} is no part of this bundle" for name in odd]
    report.failed += wrong[:_MOST_NAMED]
    if len(wrong) > _MOST_NAMED:
        report.failed.append(f"{len(wrong) - _MOST_NAMED:,} more members are wrong")
    if not wrong:
        report.checked.append(f"exactly the {len(listed):,} members that the manifest names are there, with the bytes that it names")


def _differing(layout: Layout, path: str, said: Fields) -> list[str]:
    size = said.number("size")
    try:
        data = layout.read(path, min(size, MAX_DOCUMENT_BYTES))
    except Unreadable as error:
        return [str(error)]
    if len(data) != size or hashlib.sha256(data).hexdigest() != said.text("sha256"):
        return [f"{path} was changed: it is not what the manifest names"]
    return []
