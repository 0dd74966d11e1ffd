"""Rows of the chapter's registers for the tests of its measures: each is in order unless told otherwise."""

from tests.measures.made import Made, at, on


def audit(name: str, **more: object) -> Made:
    """An internal audit of the year 2025 that ended in March 2026."""
    return {
        "id": name,
        "title": name.upper(),
        "kind": "internal",
        "is_external": False,
        "certifies": False,
        "state": "closed",
        "period_from_on": on("2025-01-01"),
        "period_until_on": on("2025-12-31"),
        "ended_on": on("2026-03-01"),
        **more,
    }


def external(name: str, ended: str | None, **more: object) -> Made:
    """An audit by the body TUEV for surveillance."""
    said = {"kind": "surveillance", "is_external": True, "certifies": True, "body_id": "tuev", "ended_on": on(ended) if ended else None}
    return audit(name, **{**said, **more})


def covers(audit_id: str, name: str, kind: str = "chapter", **more: object) -> Made:
    """The audit has the chapter or system in its scope."""
    return {"id": f"{audit_id}/{kind}/{name}", "audit_id": audit_id, "kind": kind, "name": name, **more}


def auditor(audit_id: str, person: str, **more: object) -> Made:
    """The person audits in the audit."""
    return {"id": f"{audit_id}/E-{person}", "audit_id": audit_id, "person_id": f"E-{person}", **more}


def body(name: str = "tuev", **more: object) -> Made:
    """An accredited body that is independent of us."""
    return {
        "id": name,
        "title": name.upper(),
        "accreditor": "DAkkS",
        "accredited_until_on": on("2028-01-01"),
        "independence_checked_on": on("2023-01-01"),
        **more,
    }


def finding(name: str, **more: object) -> Made:
    """An open finding of a scanner of severity high, found on 1 May 2026."""
    return {
        "id": name,
        "system_id": "crm",
        "tool": "trivy",
        "rule_id": name,
        "title": name.upper(),
        "place": "libc",
        "severity": "high",
        "state": "open",
        "found_at": at("2026-05-01"),
        **more,
    }
