"""Keys and TLS endpoints of the sample company, and the register of its keys."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.machines import LINUX
from upheld.sources.sample.staff import Staff

ENDPOINTS = (
    ("directory", "ldaps", 636), ("crm", "postgresql", 5432), ("erp", "https", 443), ("mail", "smtp", 25), ("mail", "imap", 143),
    ("git", "https", 443), ("ci", "https", 443), ("vpn", "https", 443), ("monitoring", "https", 443), ("hr", "https", 443),
    ("website", "https", 443),
)  # fmt: skip


def endpoint_id(system: str, port: int) -> str:
    """Return host and port."""
    return f"{system}.example.org:{port}"


def endpoint_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `endpoints`. Certificates are renewed every sixty days and last for ninety."""
    for system, service, port in ENDPOINTS:
        valid_from_at = _renewed_at(dice, calendar, system)
        yield {
            "id": endpoint_id(system, port),
            "system_id": system,
            "service": service,
            "reachable": True,
            "encrypts": True,
            "protocols": ["TLSv1.2", "TLSv1.3"],
            "protocols_untested": [],
            "weakest_cipher": "ECDHE-ECDSA-AES128-GCM-SHA256",
            "weakest_cipher_bits": 128,
            "forward_secrecy": True,
            "key_kind": "EC",
            "key_bits": 256,
            "signature_algorithm": "sha256",
            "valid_from_at": valid_from_at,
            "valid_until_at": valid_from_at + timedelta(days=90),
            "name_matches": True,
            "trusted": True,
            "fingerprint": dice.token(f"certificate/{system}/{valid_from_at:%Y%m%d}", 64),
        }


def _renewed_at(dice: Dice, calendar: Calendar, system: str) -> datetime:
    return calendar.latest(dice.number(f"renewed/{system}", 3, 50), 60)


def key_rows(calendar: Calendar) -> Iterator[Row]:
    """Yield `keys`: a host key for each machine, one signing key, one for data, one for each administrator."""
    for name, system, purpose, holder, age, _ in _keys():
        data = purpose == "data-encryption"
        yield {
            "id": f"{system}/{fingerprint(name)}",
            "system_id": system,
            "fingerprint": fingerprint(name),
            "purpose": purpose,
            "algorithm": "AES" if data else "Ed25519",
            "bits": 256,
            "created_at": calendar.latest(age, 300),
            "state": "active",
            "location": f"/etc/keys/{name}" if data else f"{system}:{name}",
            "holder": holder,
        }


def registered_key_rows(calendar: Calendar, staff: Staff) -> Iterator[Row]:
    """Yield `registered_keys`: every key, with who answers for it."""
    for name, _, purpose, _, age, owner in _keys():
        yield {
            "fingerprint": fingerprint(name),
            "purpose": purpose,
            "owner_id": staff.number(owner).id,
            "activated_on": calendar.latest(age, 300).date(),
        }


def fingerprint(name: str) -> str:
    """Return the fingerprint of the key called `name`, the same under every seed."""
    return f"SHA256:{Dice('keys').token(name, 43)}"


def _keys() -> Iterator[tuple[str, str, str, str | None, int, int]]:
    """Yield name, system, purpose, holder, age in days and the number of the owner, of each key."""
    for place, system in enumerate(LINUX):
        yield f"{system.id}-host", system.id, "ssh-host", None, 40 + 30 * place, 9
    for place, number in enumerate((9, 10, 11, 12)):
        yield f"administrator-{number}", "backup", "ssh-user", f"administrator {number}", 20 + 25 * place, number
    yield "release-signing", "git", "git-signing", "release signing", 90, 4
    yield "backup-data", "backup", "data-encryption", None, 60, 9
