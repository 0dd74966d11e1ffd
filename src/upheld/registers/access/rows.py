"""Rows of the chapter access, as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.access.models import Disclosure, Enrolment, RemoteWork, SecretLink


def remote_work_approvals() -> Iterator[Row]:
    """Yield who may work from afar, now or once."""
    for each in RemoteWork.objects.all():
        yield {
            "id": str(each.pk),
            "person_id": each.person,
            "from_on": each.from_on,
            "until_on": each.until_on,
            "approved_by_id": each.approved_by,
            "approved_at": each.approved_at,
            "withdrawn_at": each.withdrawn_at,
        }


def enrolled_devices() -> Iterator[Row]:
    """Yield devices that people carry, retired ones too."""
    for each in Enrolment.objects.all():
        yield {
            "id": each.device,
            "kind": each.kind,
            "person_id": each.person,
            "enrolled_at": each.enrolled_at,
            "lost_at": each.lost_at,
            "wiped_at": each.wiped_at,
            "retired_at": each.retired_at,
        }


def disclosed_credentials() -> Iterator[Row]:
    """Yield secrets that came out."""
    for each in Disclosure.objects.all():
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "identifier": each.account.casefold(),
            "kind": each.kind,
            "reported_at": each.reported_at,
            "closed_at": each.closed_at,
        }


def secret_links() -> Iterator[Row]:
    """Yield links to first secrets; withdrawn ones too."""
    for each in SecretLink.objects.all():
        yield {
            "id": str(each.pk),
            "system_id": each.system,
            "identifier": each.account.casefold(),
            "addressee_id": each.person,
            "made_at": each.made_at,
            "expires_at": each.expires_at,
            "opened_at": each.opened_at,
            "opened_by_id": each.opened_by or None,
            "withdrawn_at": each.withdrawn_at,
        }
