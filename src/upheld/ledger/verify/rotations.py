"""Rotations of the signing key found among the entries: each signed by both keys, and none used where it had handed over."""

from collections.abc import Sequence

from upheld.ledger import rotation
from upheld.ledger.checkpoint import MalformedCheckpoint, VerifySignature
from upheld.ledger.profile import MAX_BYTES, NotCanonical
from upheld.ledger.rotation import Rotation, UntrustedRotation
from upheld.ledger.tiles import WIDTH, bundles, unbundle
from upheld.ledger.tree import MAX_SIZE
from upheld.ledger.verify import strict
from upheld.ledger.verify.layout import Layout

KIND = "key.rotated"
_MARK = b'"kind":"key.rotated"'  # canonical JSON has one spelling, so that a look at the bytes is enough to leave out the others
_MAX_BUNDLE = WIDTH * (2 + MAX_BYTES)


class Rotations:
    """Takes the entries of the log `origin`; `found` are its rotations, `wrong` what is wrong with any, in sentences."""

    def __init__(self, origin: str, verify_signature: VerifySignature) -> None:
        """Begin before entry 0."""
        self.found: list[Rotation] = []
        self.wrong: list[str] = []
        self._origin = origin
        self._verify_signature = verify_signature

    def look_through(self, bundle: bytes, entries: Sequence[bytes], start: int) -> None:
        """Take a bundle of entries, read already, whose first is at index `start`."""
        if _MARK in bundle:
            for index, entry in enumerate(entries, start):
                if _MARK in entry:
                    self._look(index, entry)

    def _look(self, index: int, data: bytes) -> None:
        try:
            fields = strict.read(data)
            if not isinstance(fields, dict) or fields.get("kind") != KIND:
                return
            body = fields.get("body")
            note = body.get("note") if isinstance(body, dict) else None
            if not isinstance(note, str):
                raise MalformedCheckpoint("it holds no statement")
            stated = rotation.parse(note.encode(), self._verify_signature)
            if stated.origin != self._origin or stated.size > index:
                raise UntrustedRotation(f"it is of {stated.origin[:80]!r} at {stated.size:,} entries, which are not all before it")
            self.found.append(stated)
        except (NotCanonical, MalformedCheckpoint, UntrustedRotation) as error:
            self.wrong.append(f"entry {index} rotates the key, and {error}")


def among(layout: Layout, origin: str, size: int, verify_signature: VerifySignature) -> list[Rotation]:
    """Return the rotations among the first `size` entries of `layout`, which are **not yet shown to be the log's**; their signatures are.

    Raises `Unreadable` or `MalformedTile`.
    """
    found, names = Rotations(origin, verify_signature), set(layout.names())
    for bundle in bundles(min(size, MAX_SIZE)):
        if bundle.path not in names:
            break  # the size is not yet believed: whoever made the export chose it
        data = layout.read(bundle.path, _MAX_BUNDLE)
        if _MARK in data:
            found.look_through(data, unbundle(data, bundle.width), bundle.n * WIDTH)
    return found.found
