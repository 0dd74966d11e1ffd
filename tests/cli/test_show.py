"""`upheld show`, as people read it."""

import re
from dataclasses import replace

from click.testing import CliRunner

from upheld.cli.show import show
from upheld.cli.untold import untold
from upheld.documents.publication import texts
from upheld.ledger import sequencer
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.verdicts.standing import standing_of
from upheld.workspace import Workspace


def said() -> str:
    done = CliRunner().invoke(show, [])
    assert done.exit_code == 0, done.output
    return done.output


def test_before_anything_was_collected_why_is_said_once_with_what_to_do_next(workspace: Workspace, tmp_path) -> None:
    sequencer.init("shown.example/ledger/main/1")
    first = said()
    assert (first.count("No source"), first.count("unproven"), len(first.splitlines()) < 70) == (1, 4, True)
    assert "Sites and rooms: 2.1, 2.2, 2.3, 2.4, 2.5, 2.6\n" in first  # together, and none left out
    assert re.search(r"\n +\d\d  HR list .*: upheld source add NAME people ", first)
    assert str(CliRunner().invoke(show, ["iso"]).output).count("unproven ") > 96  # one by one, where it is asked for
    bare = standing_of(texts(), {}, {})[0].promises[0]
    assert (untold(bare), untold(replace(bare, measures=()))) == (True, False)  # one that rests on nothing is told by itself
    (tmp_path / "systems.csv").write_text("id,name\ncrm,CRM\n")
    source = configured.add("systems", "list", {"table": "systems", "file": str(tmp_path / "systems.csv")})
    assert "Nothing was collected yet, so no promise is shown to hold. Next: upheld run" in said()
    collect(source)
    after = said()
    assert "What was collected was not judged yet, so no promise is shown to hold. Next: upheld run" in after
    assert "Nothing was collected yet" not in after
