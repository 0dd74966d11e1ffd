"""Rows about whom personal data are shared with, for the tests of measures: each is in order unless told otherwise."""

from datetime import timedelta

from tests.measures.made import Made, at, on


def shared(kind: str, name: str, **more: object) -> Made:
    """A sub-processor or transfer in use since April, to Germany."""
    return {
        "id": name,
        "title": name.upper(),
        "recipient": name.upper(),
        "basis": "adequacy",
        "purpose": "mail",
        "data_categories": ["contacts"],
        "countries": ["de"],
        "supplier_id": name,
        "flow_down": ["security", "audit"],
        "terms": "f" * 64,
        "started_on": on("2026-04-01"),
        **more,
    }


def subprocessor(name: str, **more: object) -> Made:
    """A sub-processor whose terms pass everything on."""
    return without(shared("sub-processor", name, **more), "recipient", "basis")


def transfer(name: str, **more: object) -> Made:
    """A transfer on the basis of adequacy."""
    return without(shared("transfer", name, **more), "supplier_id", "flow_down", "terms")


def without(row: Made, *columns: str) -> Made:
    """The row without some columns."""
    return {name: value for name, value in row.items() if name not in columns}


def customer_of(shared_id: str, customer: str, **more: object) -> Made:
    """A customer's data are at the sub-processor since April, under a checked contract with a general authorisation."""
    return {
        "id": f"sub-processor/{shared_id}/{customer}",
        "kind": "sub-processor",
        "shared_id": shared_id,
        "title": f"{shared_id.upper()} for {customer.capitalize()}",
        "customer_id": customer,
        "used_from_on": on("2026-04-01"),
        "checked": True,
        "authorisation": "general",
        "clauses": ["security", "audit"],
        **more,
    }


def change_for(shared_id: str, customer: str, **more: object) -> Made:
    """A customer was to be told thirty days before the first of April."""
    return {
        "id": f"sub-processor/{shared_id}/1/{customer}",
        "kind": "sub-processor",
        "shared_id": shared_id,
        "title": f"{shared_id.upper()} for {customer.capitalize()}",
        "announcement_id": "1",
        "change": "addition",
        "customer_id": customer,
        "authorisation": "general",
        "period": timedelta(days=30),
        "planned_on": on("2026-04-01"),
        "done_on": on("2026-04-01"),
        **more,
    }


def notice_to(customer: str, **more: object) -> Made:
    """What a customer was told in February, by a mail that arrived."""
    return {
        "id": f"n-{customer}",
        "kind": "sub-processor",
        "shared_id": "host",
        "announcement_id": "1",
        "customer_id": customer,
        "mode": "mail",
        "written_at": at("2026-02-20"),
        "delivered_at": at("2026-02-20 12:00"),
        **more,
    }


def objection_of(customer: str, **more: object) -> Made:
    """An objection of March, withdrawn within the week."""
    return {
        "id": f"o-{customer}",
        "announcement_id": "1",
        "customer_id": customer,
        "raised_at": at("2026-03-02"),
        "settled_at": at("2026-03-09"),
        "settlement": "withdrawn",
        **more,
    }
