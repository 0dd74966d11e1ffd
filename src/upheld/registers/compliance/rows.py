"""Rows about licences, requirements and certificates as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.compliance.models import Certificate, Certification, LegalRequirement, Licence, LicenceRule


def licences() -> Iterator[Row]:
    """Yield licences of products."""
    for each in Licence.objects.all():
        yield {
            "id": str(each.pk),
            "product_id": each.product,
            "title": each.title,
            "counted": each.counted,
            "seats": each.seats,
            "packages": list(each.packages),
            "system_id": each.system or None,
            "owner_id": each.owner,
            "from_on": each.from_on,
            "until_on": each.until_on,
        }


def licence_rules() -> Iterator[Row]:
    """Yield what the licence policy says."""
    for each in LicenceRule.objects.filter(ended_at=None):
        yield {"id": each.spdx, "decision": each.decision, "why": each.why or None}


def requirements() -> Iterator[Row]:
    """Yield requirements, in force or not."""
    for each in LegalRequirement.objects.all():
        yield {
            "id": each.name,
            "title": each.title,
            "kind": each.kind,
            "jurisdiction_id": each.jurisdiction or None,
            "reference": each.citation,
            "owner_id": each.owner,
            "from_on": each.from_on,
            "until_on": each.until_on,
        }


def requirement_promises() -> Iterator[Row]:
    """Yield which promise answers which requirement."""
    for each in LegalRequirement.objects.all():
        for promise in each.promises:
            yield {"id": f"{each.name}/{promise}", "requirement_id": each.name, "promise_id": promise}


def certifications() -> Iterator[Row]:
    """Yield certifications that are claimed."""
    for each in Certification.objects.filter(ended_on=None):
        yield {"id": each.name, "standard": each.standard, "scope": each.scope, "owner_id": each.owner, "from_on": each.from_on}


def certificates() -> Iterator[Row]:
    """Yield certificates."""
    for each in Certificate.objects.select_related("certification", "body"):
        yield {
            "id": str(each.pk),
            "certification_id": each.certification.name,
            "body_id": each.body.name,
            "number": each.serial,
            "scope_agrees": each.scope_agrees,
            "issued_on": each.issued_on,
            "until_on": each.until_on,
            "withdrawn_on": each.withdrawn_on,
        }
