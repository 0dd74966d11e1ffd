"""Who was erased stays erased, also when a backup from before brings everything back."""

from pathlib import Path

from django.db import connection
from tests.erasure.company import DAY, MARKERS, MONDAY, founded, markers_in

from upheld import clock
from upheld.erasure.perform import erase
from upheld.erasure.plan import plan
from upheld.ledger import sequencer
from upheld.upkeep import restoring, signing, verifying
from upheld.upkeep.restoring import Source
from upheld.upkeep.taking import Target, take
from upheld.vault.keys import here
from upheld.workspace import Workspace


def test_a_backup_from_before_an_erasure_does_not_bring_the_person_back(workspace: Workspace, tmp_path: Path) -> None:
    company = founded(workspace, tmp_path / "lists")
    company.enter()
    with clock.at(MONDAY + 2 * DAY):
        backup = take(workspace, Target(tmp_path / "before.tar")).path
        erase(plan("P-1042X", here()), here(), basis="GDPR 17(1)(b)")
        connection.close()
        erased = markers_in([workspace.root, workspace.keys])
        assert erased == []
        done = restoring.restore(workspace, Source(backup))
        assert done.erased.versions > 0
        connection.close()
        assert markers_in([workspace.root, workspace.keys]) == []
        wrong = verifying.wrong(signing.trusted(), lambda *_: None)
        assert [said for said in wrong if not said.startswith("the population of")] == []  # those are made anew by the next check
        sequencer.new_shard("restored from a backup")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "before.tar").write_bytes(backup.read_bytes())
    assert {line.split(": ", 1)[1] for line in markers_in([scratch])} & set(MARKERS)  # the control: the backup itself holds them
