"""Requests for access, as the register tells them."""

from typing import Any

from tests.measures.made import Made, at


def asked(name: str, entitlement: str, **more: Any) -> Made:
    """A request of somebody that Oda agreed to and Eve approved a year ago."""
    return {
        "id": f"{name}-{entitlement}",
        "person_id": f"E-{name}",
        "system_id": "crm",
        "entitlement": entitlement,
        "privileged": False,
        "state": "approved",
        "asked_by_id": f"E-{name}",
        "asked_at": at("2025-05-01"),
        "agreed_by_id": "E-oda",
        "approved_by_id": "E-eve",
        "approved_at": at("2025-05-02"),
        **more,
    }


def gives(role: str, entitlement: str, **more: Any) -> Made:
    """What a business role gives on the CRM."""
    return {"role": role, "system_id": "crm", "entitlement": entitlement, **more}
