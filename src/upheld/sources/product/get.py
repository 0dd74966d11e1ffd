"""Ask this installation: the ledger's public key, and each installed package with the files that differ from its RECORD."""

import base64
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions

from upheld.ledger import sequencer, signers
from upheld.ledger.checkpoint import parse_key


@dataclass(frozen=True)
class SigningKey:
    """The ledger's signing key as far as anybody may know it: the public half, and since when the file is there."""

    public: bytes
    created_at: datetime
    location: str


@dataclass(frozen=True)
class Installed:
    """A Python package of this environment. `verified` is False when it came without digests; `deviations` are (path, what)."""

    name: str
    version: str
    verified: bool
    deviations: tuple[tuple[str, str], ...]


def signing_key() -> SigningKey:
    """Return the key that signs the current ledger's checkpoints; raises `NoLedger` before `upheld init`."""
    key = parse_key(sequencer.status().key)
    file = signers.place(sequencer.current())
    return SigningKey(key.public, datetime.fromtimestamp(file.stat().st_mtime, UTC), file.name)


def installed(*, verify: bool) -> Iterator[Installed]:
    """Yield each package installed beside this one; with `verify` every file is compared with the digest in RECORD."""
    for distribution in sorted(distributions(), key=lambda each: each.metadata["Name"].lower()):
        record = distribution.read_text("RECORD")
        name, version = distribution.metadata["Name"], distribution.version
        if record is None or not verify:
            yield Installed(name, version, False, ())
        else:
            yield Installed(name, version, True, tuple(_deviations(distribution, record)))


def _deviations(distribution: Distribution, record: str) -> Iterator[tuple[str, str]]:
    """Yield (path, "changed" or "missing") for the files that RECORD names with a digest (PyPA: recording installed projects)."""
    for row in csv.reader(record.splitlines()):
        if len(row) < 2 or not row[1]:
            continue
        path = distribution.locate_file(row[0])
        algorithm, _, expected = row[1].partition("=")
        try:
            with open(str(path), "rb") as file:  # noqa: PTH123  locate_file promises no more than a string
                found = hashlib.file_digest(file, algorithm).digest()
        except OSError:
            yield row[0], "missing"
            continue
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != expected:
            yield row[0], "changed"
