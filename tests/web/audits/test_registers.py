"""Every register and every form of the chapter opens for who leads, and none for a stranger."""

import pytest
from tests.world import World, account, browser, world

from upheld.accounts.role import Role
from upheld.actions.declaring import declared
from upheld.registers.recorded import registers


@pytest.fixture
def people(ledger: object) -> World:
    return world(audits=("chapter", "compliance"))


def test_every_register_and_form_opens(people: World) -> None:
    lea = browser(account("lea", Role.SECURITY_LEAD))
    charlie = browser(people.charlie)
    lists = [f"/registers/compliance/{model._meta.model_name}/" for model in registers() if model.register().startswith("compliance.")]
    forms = [
        f"/act/{name}/"
        for name, each in declared().items()
        if each.chapter == "compliance" and each.on is None and Role.SECURITY_LEAD in each.by
    ]
    assert len(lists) >= 18 and len(forms) >= 11  # something was looked at
    for path in lists:
        assert lea.get(path).status_code == 200, path
    for path in forms:
        assert [each.get(path).status_code for each in (lea, charlie)] == [200, 403], path
