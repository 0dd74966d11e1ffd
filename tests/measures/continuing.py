"""Rows about continuity for the tests of measures: each is in order unless told otherwise."""

from datetime import timedelta

from tests.measures.made import Made, at

HOUR = timedelta(hours=1)


def process(name: str, **more: object) -> Made:
    """A critical process that may be down for eight hours, analysed by Ada and approved by Bob in February."""
    return {
        "id": name,
        "title": name.capitalize(),
        "owner_id": "E-ada",
        "criticality": "critical",
        "analysed_at": at("2026-02-01"),
        "analysed_by_id": "E-ada",
        "approved_by_id": "E-bob",
        "recovery_time": 8 * HOUR,
        "recovery_point": 24 * HOUR,
        **more,
    }


def plan(of: str, **more: object) -> Made:
    """The plan of a process, in the document of that name, carried out by who holds the responsibility lead."""
    return {"id": f"p-{of}", "process_id": of, "document_id": f"{of}-plan", "roles": ["lead"], "owner_id": "E-ada", **more}
