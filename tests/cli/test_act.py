"""`upheld act` and `upheld mine`, in this process."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.actors import ledger
from tests.world import account

from upheld.accounts.role import Role
from upheld.cli.act import act
from upheld.cli.mine import mine
from upheld.registers.governance.models import Contact, Jurisdiction

__all__ = ["ledger"]
GERMANY = ["governance.enter-jurisdiction", "--code", "de", "--title", "Germany", "--from-on", "2020-01-01", "--by", "lea@example.org"]
POLICE = {"kind": "police", "title": "Police", "how": "110", "holder": "P-lea", "jurisdiction": 1}


@pytest.fixture
def lea(ledger: object) -> None:
    account("lea", Role.SECURITY_LEAD)


def run(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(mine if words[0] == "mine" else act, words[1:] if words[0] == "mine" else words, input=given)


def test_an_action_is_done(lea: None) -> None:
    done = run(*GERMANY, "--json")
    assert done.exit_code == 0 and json.loads(done.output)[0]["record"] == "governance.jurisdiction/1"


def test_ill_input_is_told_by_field(lea: None) -> None:
    wrong = run("governance.enter-jurisdiction", "--code", "DE", "--title", "x", "--by", "lea@example.org", "--json")
    assert wrong.exit_code == 2 and set(json.loads(wrong.output)["fields"]) == {"code", "from_on"}
    assert not Jurisdiction.objects.exists()


def test_nobody_is_nobody(lea: None) -> None:
    assert run(*GERMANY[:-1], "eve@example.org").exit_code == 2


def test_a_refusal_has_a_status_of_its_own(lea: None) -> None:
    account("eve", Role.EMPLOYEE)
    refused = run(*GERMANY[:-1], "P-eve")
    assert refused.exit_code == 1 and "takes the role" in refused.output


def test_a_file_of_actions_stops_at_the_first_refused(lea: None) -> None:
    lines = [
        {"action": "governance.enter-jurisdiction", "given": {"code": "de", "title": "Germany", "from_on": "2020-01-01"}},
        {"action": "governance.add-contact", "given": POLICE},
        {"action": "governance.add-contact", "given": POLICE | {"kind": "friend"}},
        {"action": "governance.add-contact", "given": POLICE},
    ]
    said = run("from", "-", "--by", "lea@example.org", given="\n".join(map(json.dumps, lines)))
    assert said.exit_code == 2 and Contact.objects.count() == 1


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"action": "no.such"}', '{"action": "governance.want-topic", "given": []}'])
def test_a_line_that_is_none_is_refused(lea: None, line: str) -> None:
    assert run("from", "-", "--by", "lea@example.org", given=line).exit_code == 2


def test_a_letter_is_handed_in_by_its_path(lea: None, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("You are it.")
    by = ["--by", "P-lea"]
    run("governance.declare-responsibility", "--name", "dpo", "--title", "Officer", "--purpose", "all", *by)
    said = ["--person", "P-lea", "--part", "accountable", "--from-on", "2020-01-01", "--appointment", str(letter), *by]
    assert run("governance.give-responsibility", "1", *said).exit_code == 0


def test_what_one_owes_is_listed(lea: None) -> None:
    run(*GERMANY)
    given = json.dumps({"action": "governance.add-contact", "given": POLICE})
    run("from", "-", "--by", "P-lea", given=given)
    assert "by 2026-05-04  Try this contact: Police" in run("mine", "P-lea").output
    assert [each["about"] for each in json.loads(run("mine", "P-lea", "--json").output)] == ["Police"]
