"""Rows of this chapter's registers as measures read them."""

from collections.abc import Iterator

from upheld.evidence.table import Row
from upheld.registers.separation.models import EnvironmentDoor, FunctionRule, TestDataSet


def environment_doors() -> Iterator[Row]:
    """Yield doors that are open."""
    for each in EnvironmentDoor.objects.filter(closed_at=None):
        yield {
            "id": str(each.pk),
            "title": each.title,
            "from_environment": each.from_environment,
            "to_system_id": each.to_system,
            "port": each.port,
            "owner_id": each.owner,
            "approved_at": each.approved_at,
            "until_on": each.until_on,
        }


def function_rules() -> Iterator[Row]:
    """Yield lines of the function matrix that somebody else confirmed."""
    for each in FunctionRule.objects.filter(ended_at=None).exclude(confirmed_at=None):
        yield {
            "id": f"{each.system}/{each.function}",
            "system_id": each.system,
            "function": each.function,
            "roles": list(each.roles),
            "owner_id": each.owner,
        }


def test_data_sets() -> Iterator[Row]:
    """Yield test data that are not erased."""
    for each in TestDataSet.objects.filter(erased_at=None):
        yield {
            "id": each.name,
            "title": each.title,
            "system_id": each.system,
            "origin": each.origin,
            "owner_id": each.owner,
            "expires_on": each.expires_on,
            "approved_at": each.approved_at,
        }
