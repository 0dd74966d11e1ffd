"""What this installation answered, as rows. Pure."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.product.get import Installed, SigningKey
from upheld.sources.sntp.get import Measured


def key_rows(system: str, key: SigningKey) -> Iterator[Row]:
    """Yield the row of table keys for the ledger's signing key."""
    fingerprint = hashlib.sha256(key.public).hexdigest()
    yield {
        "id": f"{system}:{fingerprint}",
        "system_id": system,
        "fingerprint": fingerprint,
        "purpose": "ledger-signing",
        "algorithm": "Ed25519",
        "bits": 256,
        "created_at": key.created_at,
        "state": "active",
        "location": key.location,
    }


def clock_rows(system: str, measured: Measured, measured_at: datetime) -> Iterator[Row]:
    """Yield the row of table clock_readings for this machine's own clock; none where the server did not answer.

    The server's offset from here is ours from it, with the other sign.
    """
    if measured.best is not None:
        yield {
            "id": f"{system}/sntp",
            "system_id": system,
            "way": "sntp",
            "measured_at": measured_at,
            "clock_offset": timedelta(seconds=-measured.best.offset),
            "uncertainty": measured.best.uncertainty,
            "reference": measured.clock.host,
            "synchronised": measured.best.synchronised,
        }


def package_rows(system: str, packages: Iterable[Installed]) -> Iterator[Row]:
    """Yield a row of table packages for each installed package."""
    for package in packages:
        yield {
            "id": _package_id(system, package),
            "system_id": system,
            "manager": "pip",
            "name": package.name,
            "version": package.version,
            "verified": package.verified,
        }


def deviation_rows(system: str, packages: Iterable[Installed]) -> Iterator[Row]:
    """Yield a row of table package_deviations for each file that is not as published."""
    for package in packages:
        for path, what in package.deviations:
            yield {
                "id": f"{system}:{package.name}:{path}",
                "system_id": system,
                "package_id": _package_id(system, package),
                "path": path,
                "what": what,
                "is_configuration": False,
            }


def _package_id(system: str, package: Installed) -> str:
    return f"{system}:pip:{package.name}"
