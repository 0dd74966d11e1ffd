"""Why a verdict is another than it was: on a company whose lists change, collected and judged for real."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.actors import person
from tests.command import ACCOUNTS, PEOPLE, SYSTEMS

from upheld import clock
from upheld.accounts.role import Role
from upheld.cli.changes import changes
from upheld.ledger import sequencer
from upheld.registers.findings.actions import approve_exception, ask_exception
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.verdicts.checking import check
from upheld.verdicts.comparing import Input, compare

DAY = timedelta(days=1)
OWNED = "authorization/account_owned"


HEAD = ACCOUNTS.partition("\n")[0] + "\n"


def account(name: str, person: str = "") -> str:
    return f"{name},crm,{name},{name},person,{person},yes,yes,yes\n"


@pytest.fixture
def folder(workspace, tmp_path, noon):
    sequencer.init("compared.example/ledger/main/1")
    for name, text in (("accounts", HEAD), ("people", PEOPLE), ("systems", SYSTEMS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        configured.add(name, "list", {"table": name, "file": str(tmp_path / f"{name}.csv")})
    return tmp_path


def at(day: int, folder: Path, noon, *accounts: str) -> None:
    """Let these be the accounts on that day, read and judged."""
    (folder / "accounts.csv").write_text(HEAD + "".join(accounts), encoding="utf-8")
    with clock.at(noon + day * DAY):
        for source in configured.in_use():
            collect(source, accept_vanishing=("accounts",))
        check(clock.now())


def test_who_entered_and_left_and_which_evidence_changed(folder, noon):
    at(0, folder, noon, account("ada", "1"), account("bob"), account("eve"))
    at(2, folder, noon, account("ada", "1"), account("bob"), account("eve", "1"), account("dan"))
    found = compare(OWNED, noon, noon + 2 * DAY)
    assert ([each.label for each in found.entered], [each.label for each in found.left], found.stayed) == (
        ["dan on CRM"],
        ["eve on CRM"],
        1,
    )
    assert (found.before.state, found.after.state) == ("broken", "broken")
    accounts = next(each for each in found.inputs if each.table == "accounts")
    assert accounts == Input("accounts", "accounts", 3, 4, 1, 1, 0, 0)
    assert next(each for each in found.inputs if each.table == "people").is_changed is False
    same = compare(OWNED, noon + 2 * DAY, noon + 3 * DAY)
    assert (same.entered, same.left, same.stayed, same.parameters) == ((), (), 2, False)
    before = compare(OWNED, noon - 2 * DAY, noon - DAY)
    assert (before.before, before.after, before.entered, before.parameters) == (None, None, (), None)


def test_parameters_and_exceptions_that_changed_are_told(folder, noon):
    at(0, folder, noon, account("ada", "1"), account("bob"))
    with clock.at(noon + DAY):
        subject = compare(OWNED, noon, noon + DAY).entered or compare(OWNED, noon - DAY, noon).entered
        asked = ask_exception(
            by=person("lea", Role.SECURITY_LEAD), measure=OWNED, subject=subject[0].subject, reason="r", until_on=(noon + 3 * DAY).date()
        )
        approve_exception(asked, by=person("dora", Role.DPO))
    (folder / "workspace" / "parameters.toml").write_text('[authorization]\nunused_after = "80 days"\n', encoding="utf-8")
    at(2, folder, noon, account("ada", "1"), account("bob"))
    found = compare(OWNED, noon, noon + 2 * DAY)
    assert (found.before.state, found.after.state, found.parameters, found.query) == ("broken", "excepted", True, False)
    assert len(found.accepted) == 1 and not found.lapsed
    assert len(compare(OWNED, noon + 2 * DAY, noon + 5 * DAY).lapsed) == 1


def test_the_command_says_it_in_lines_and_as_json(folder, noon):
    at(0, folder, noon, account("ada", "1"), account("bob"))
    at(1, folder, noon, account("ada", "1"))
    with clock.at(noon + DAY):
        said = CliRunner().invoke(changes, [OWNED, "--since", "2026-05-04T12:00Z"]).output
        assert "- bob on CRM: mended" in said and "accounts of accounts: 0 new, 0 changed, 1 ended" in said
        assert '"left_count": 1' in CliRunner().invoke(changes, [OWNED, "--since", "2026-05-04T12:00Z", "--json"]).output
        assert CliRunner().invoke(changes, [OWNED, "--since", "2026-05-04", "--until", "2026-05-03"]).exit_code == 2
        assert CliRunner().invoke(changes, ["no/such"]).exit_code == 1
