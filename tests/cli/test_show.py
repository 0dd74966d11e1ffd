"""`upheld show`, as people read it."""

from click.testing import CliRunner

from upheld.cli.show import show
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.workspace import Workspace


def said() -> str:
    done = CliRunner().invoke(show, [])
    assert done.exit_code == 0, done.output
    return done.output


def test_before_anything_was_collected_why_is_said_once_with_what_to_do_next(workspace: Workspace, tmp_path) -> None:
    sequencer.init("shown.example/ledger/main/1")
    first = said()
    assert (first.count("No source"), first.count("unproven ")) == (1, 2 + 141)
    assert "upheld source add" in first
    (tmp_path / "systems.csv").write_text("id,name\ncrm,CRM\n")
    source = configured.add("systems", "list", {"table": "systems", "file": str(tmp_path / "systems.csv")})
    assert "Nothing was collected yet, so no promise is shown to hold. Next: upheld run" in said()
    collect(source)
    after = said()
    assert after.count("It has not been judged yet: run upheld run.") > 10
    assert "Nothing was collected yet" not in after
