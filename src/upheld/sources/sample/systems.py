"""The twelve systems of the sample company."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.staff import Staff


@dataclass(frozen=True)
class System:
    """One system. `host`: whether the company runs the machine itself; `stores`: how it stores passwords, None where it does not say."""

    id: str
    name: str
    kind: str
    criticality: str
    host: bool
    mfa: bool
    stores: str | None
    personal: bool = True


SYSTEMS: Sequence[System] = (
    System("directory", "Directory", "directory", "critical", host=True, mfa=False, stores="argon2"),
    System("crm", "Customer database", "database", "critical", host=True, mfa=False, stores="scram-sha-256"),
    System("erp", "Accounts and orders", "application", "critical", host=False, mfa=True, stores="bcrypt"),
    System("mail", "Mail", "service", "high", host=False, mfa=True, stores=None),
    System("git", "Source code", "repository", "high", host=False, mfa=True, stores="bcrypt", personal=False),
    System("ci", "Build and release", "application", "high", host=True, mfa=False, stores="bcrypt", personal=False),
    System("files", "File server", "host", "high", host=True, mfa=False, stores="yescrypt"),
    System("backup", "Backup server", "host", "critical", host=True, mfa=False, stores="yescrypt"),
    System("vpn", "VPN gateway", "host", "high", host=True, mfa=True, stores="yescrypt", personal=False),
    System("monitoring", "Monitoring", "host", "medium", host=True, mfa=False, stores="yescrypt", personal=False),
    System("hr", "HR system", "application", "high", host=False, mfa=True, stores=None),
    System("website", "Website", "host", "medium", host=True, mfa=False, stores="yescrypt", personal=False),
)
HOSTS: Sequence[System] = tuple(system for system in SYSTEMS if system.host)
SYSTEMS_BY_ID = {system.id: system for system in SYSTEMS}

_OWNERS = {"erp": 2, "hr": 3, "git": 4, "ci": 4, "crm": 6, "website": 8}


def system_rows(staff: Staff) -> Iterator[Row]:
    """Yield `systems`. A system nobody else owns belongs to the security officer's deputy, the first administrator."""
    for system in SYSTEMS:
        yield {
            "id": system.id,
            "name": system.name,
            "kind": system.kind,
            "environment": "production",
            "in_operation": True,
            "criticality": system.criticality,
            "owner_id": staff.number(_OWNERS.get(system.id, 9)).id,
            "mfa_required": system.mfa,
            "keys_required": system.kind == "host",
            "holds_personal_data": system.personal,
            "region": "ukwest" if system.host else "uksouth",
            "backup_interval": timedelta(hours=26),
            "backup_generations": 14,
            "recovery_time": timedelta(hours=4),
            "runs_on": [system.id if system.host else "files"],
        }
