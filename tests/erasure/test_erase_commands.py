"""The commands as somebody types them: what they say, what they refuse, and their exit status."""

import io
import json
import sys
from pathlib import Path

import pytest
from tests.erasure.company import Company, everywhere

from upheld.cli.main import main


class Terminal:
    """Where somebody types commands, in this process: starting fourteen takes longer than all they do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *words: str, typed: str = "", status: int = 0) -> str:
        """Run `upheld` with `words`, and return what it printed, errors after all else."""
        self.monkeypatch.setattr(sys, "argv", ["upheld", *words])
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as done:
            main()
        said = self.capsys.readouterr()
        assert done.value.code == status, said.out + said.err
        return said.out + said.err


@pytest.fixture
def run(company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal at which commands are typed."""
    return Terminal(monkeypatch, capsys)


def test_somebody_is_erased_and_the_receipt_is_genuine(company: Company, run: Terminal, tmp_path: Path) -> None:
    assert "nobody is called 'P-9'" in run("erase", "P-9", "--basis", "GDPR 17(1)(b)", status=2)
    planned = json.loads(run("erase", "P-1042X", "--basis", "GDPR 17(1)(b)", "--dry-run", "--json"))
    assert (planned["openings"], planned["keys"], planned["holds"]) == (5, 3, [])
    held = json.loads(run("hold", "add", "P-1042X", "--reason", "claim 12/2026", "--until", "2099-01-01", "--json"))
    assert "claim 12/2026" in run("erase", "P-1042X", "--basis", "GDPR 17(1)(b)", "--yes", status=2)
    run("hold", "release", held["id"])
    asked = run("erase", "rita.markerquill@acme.example", "--basis", "GDPR 17(1)(b)", typed="n\n", status=130)
    assert "people from list-people: 1 version erased, 2 masked" in asked
    assert everywhere(company)
    told = json.loads(run("erase", "P-1042X", "--basis", "GDPR 17(1)(b)", "--json").split("\n  planned")[0])
    assert told["complete"] is True
    assert everywhere(company) == []
    (file := tmp_path / "receipt.txt").write_text(run("erased", "receipt", told["erasure"]))
    assert file.read_text() == told["receipt"]
    assert "Genuine" in run("erased", "verify", str(file))
    file.write_text(told["receipt"].replace("17(1)(b)", "17(1)(a)"))
    assert "was changed" in run("erased", "verify", str(file), status=1)
    assert json.loads(run("erased", "reapply", "--json"))["resumed"] == 0
    (listed,) = json.loads(run("erased", "list", "--json"))
    assert (listed["id"], listed["step"]) == (told["erasure"], "done")
    assert json.loads(run("erased", "lift", told["erasure"], "--json"))["identifiers"] > 10
    assert "no erasure" in run("erased", "lift", "0" * 32, status=2)
