"""What actions of many chapters rest on: who leads, and instants that do not lie ahead."""

from datetime import datetime

from upheld import clock
from upheld.accounts.role import Role
from upheld.actions.errors import ill

LEADS = (Role.SECURITY_LEAD, Role.DPO)
STAFF = (*LEADS, Role.OWNER, Role.MANAGER, Role.EMPLOYEE)


def not_ahead(at: datetime | None, field: str = "at") -> datetime:
    """Return `at`, or now where nothing was said; raises `Ill` about `field` for an instant that lies ahead."""
    if at is not None and at > clock.now():
        raise ill(**{field: "This lies in the future; say when it was."})
    return at or clock.now()
