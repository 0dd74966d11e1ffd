"""The 74 attacks on logs, checkpoints, entries and proofs, each by its number: rejected, with the reason in words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.ledger import forging_entries, forging_files, forging_notes, forging_proofs

Attack = Callable[[Path], list[str]]
ATTACKS: dict[int, tuple[str, Attack, str]] = {
    **forging_files.ATTACKS,
    **forging_notes.ATTACKS,
    **forging_entries.ATTACKS,
    **forging_proofs.ATTACKS,
}


def test_all_are_here() -> None:
    assert sorted(ATTACKS) == list(range(1, 75))


@pytest.mark.parametrize("number", sorted(ATTACKS), ids=lambda number: f"{number} {ATTACKS[number][0]}")
def test_it_is_rejected_and_the_reason_says_why(number: int, tmp_path: Path) -> None:
    _, attack, why = ATTACKS[number]
    said = " / ".join(attack(tmp_path))
    assert re.search(why, said), said


def test_what_was_not_attacked_is_accepted(tmp_path: Path) -> None:
    """The control: the same ways of asking, without a fault, find nothing."""
    files, notes, entries, proofs = forging_files, forging_notes, forging_entries, forging_proofs
    assert files.shown(lambda made: None, tmp_path) == []
    assert notes.shown(notes.NOTE, tmp_path) == []
    assert entries.shown(entries._with(b'{"n":3}'), tmp_path) == []
    assert proofs.shown(proofs.Proof(3, proofs.PATH, proofs.NOTE), proofs.ENTRIES[3], tmp_path) == []
    assert proofs.grown((5, proofs.OLD, 7, proofs.NEW, proofs.STEPS), tmp_path) == []
