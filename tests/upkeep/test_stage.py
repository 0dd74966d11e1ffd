"""Stages and switches: what is left of them, and what they never touch."""

from pathlib import Path

import pytest
from tests.upkeep.given import content

from upheld.cli.doctor import observations
from upheld.ledger import sequencer
from upheld.ledger.continuity import LedgerForked
from upheld.upkeep.stage import copy_database, left_behind, stage, working_on
from upheld.upkeep.switching import exchange_in_turn, put_in_place
from upheld.upkeep.taking import Target, take
from upheld.workspace import Workspace


def test_a_stage_that_somebody_works_on_is_left_alone_and_one_that_was_left_is_cleared(company: Workspace, shelf: Path) -> None:
    with stage(company.root, company) as staged:
        assert left_behind(company.root) == []
        dead = company.root / ".upheld-stage-0123"
        dead.mkdir()
        (dead / "half of a database").write_text("x")
        assert left_behind(company.root) == [dead]
        told = {each.what: each.said for each in observations(company)}
        assert str(dead) in told["stages"]
        take(company, Target(shelf / "one.tar"))
        assert (dead.exists(), staged.root.exists()) == (False, True)
    assert not staged.root.exists()
    assert (company.keys / "ledger").is_dir(), "the keys that a stage points to stay"


def test_a_stage_never_signs(company: Workspace) -> None:
    sequencer.sequence()
    with stage(company.root, company) as staged:
        copy_database(company.database, staged.database)
        with working_on(staged), pytest.raises(LedgerForked, match="on a stage"):
            sequencer.sequence()
    sequencer.sequence()


@pytest.mark.parametrize("exchange", [put_in_place, exchange_in_turn])
def test_both_states_are_whole_after_a_switch(company: Workspace, tmp_path: Path, exchange) -> None:
    new = company.root.with_name("new")
    (new / "documents").mkdir(parents=True)
    (new / "documents" / "new.toml").write_text("new")
    old = content(company)
    exchange(new, company.root)
    assert (company.documents / "new.toml").read_text() == "new"
    (aside,) = [path for path in company.root.parent.iterdir() if path.name == "new" or "aside" in path.name]
    assert content(Workspace(aside)) == old
