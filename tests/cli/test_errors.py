"""What a command that fails prints: a sentence where the error was foreseen, and where to look only where it was not."""

import errno

import pytest
from click.testing import CliRunner

from upheld.checks.front import MeasureError
from upheld.cli import main
from upheld.cli.drill import drill
from upheld.documents.fields import DocumentError
from upheld.evidence.store import OutOfOrder
from upheld.ledger.append import NoLedger
from upheld.sources.source import Misconfigured, SourceError


class Refusal(SourceError):
    """One source's own kind of failure."""


@pytest.fixture
def told(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("UPHELD_WORKSPACE", str(tmp_path / "ws"))
    monkeypatch.delenv("UPHELD_DEBUG", raising=False)

    def run(error: BaseException) -> tuple[object, str]:
        def command(**_options: object) -> None:
            raise error

        monkeypatch.setattr(main, "upheld", command)
        with pytest.raises(SystemExit) as ended:
            main.main()
        return ended.value.code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MeasureError("a.sql", 3, "it is wrong", "correct it"), 2),
        (DocumentError("a.toml: not TOML"), 2),
        (Misconfigured("no setting host"), 2),
        (NoLedger("there is no ledger yet"), 2),
        (OutOfOrder("the clock stepped back"), 2),
        (SourceError("crm did not answer", permanent=False), 3),
        (Refusal("crm refused", permanent=True), 3),
    ],
)
def test_an_error_that_was_foreseen_is_its_own_sentence(told, error, status):
    assert told(error) == (status, f"Error: {error}\n")


def test_an_error_that_nobody_foresaw_says_how_to_see_where(told):
    assert told(ValueError("odd")) == (2, "Error: odd [ValueError; UPHELD_DEBUG=1 shows where]\n")
    assert told(AssertionError()) == (2, "Error: AssertionError [AssertionError; UPHELD_DEBUG=1 shows where]\n")


def test_a_full_disk_is_told_with_the_file_and_the_way_on(told):
    status, said = told(OSError(errno.ENOSPC, "No space left on device", "/ws/history/x.parquet"))
    assert status == 2
    assert said == (
        "Error: /ws/history/x.parquet: no space left on device; "
        "free space on that disk and run it again; nothing that was unfinished counts\n"
    )


def test_what_an_error_quotes_reaches_the_terminal_as_text(told):
    assert told(DocumentError("a\x1b[2J\u202e.toml"))[1] == "Error: a\\x1b[2J\\u202e.toml\n"


def test_drills_without_the_lab_say_how_to_get_it(monkeypatch):
    def missing() -> None:
        raise ModuleNotFoundError("No module named 'aiosmtpd'", name="aiosmtpd")

    monkeypatch.setattr("upheld.cli.drill.all_drills", missing)
    answer = CliRunner().invoke(drill, [])
    assert answer.exit_code == 1
    assert "the lab starts, and it is not installed here (no module aiosmtpd): run `make lab`" in answer.output
