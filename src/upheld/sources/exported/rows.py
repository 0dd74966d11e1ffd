"""What every form of export comes to: rows by table, columns that it never tells, and why a table may not be all."""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime

from upheld.evidence.table import Value

Row = dict[str, Value]


@dataclass
class Told:
    """Rows of accounts, groups and grants; `untold` columns by table, and `short` reasons by table."""

    accounts: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)
    grants: dict[str, Row] = field(default_factory=dict)
    untold: dict[str, set[str]] = field(default_factory=dict)
    short: list[tuple[str, str]] = field(default_factory=list)

    def grant(self, system: str, kind: str, holder: str, entitlement: str, *, group: str | None = None, privileged: bool | None) -> None:
        """Keep that an account or group holds `entitlement`; said twice, it is one, and privileged if either says so."""
        name = f"{kind}:{holder}>{group or entitlement}"
        before = self.grants.get(name)
        powerful = True if before and before["privileged"] else privileged
        row: Row = {"id": name, "system_id": system, "holder_kind": kind, "holder_id": holder, "entitlement": entitlement}
        self.grants[name] = row | {"group_id": group, "privileged": powerful}


def text(value: object) -> str | None:
    """Return a text that says something."""
    return value.strip() if isinstance(value, str) and value.strip() else None


def instant(value: object) -> datetime | None:
    """Return the instant that RFC 3339 text says; None for none, and for the beginning of 1970, by which "never" is said."""
    try:
        at = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else None
    except ValueError:
        return None
    if at is None:
        return None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at if at.year > 1970 else None


def folded(name: str) -> str:
    """Return a log-on name as it is compared."""
    return unicodedata.normalize("NFKC", name).casefold()
