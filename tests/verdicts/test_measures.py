"""A file of the workspace's own that is wrong stops nothing but itself, whatever is asked."""

from upheld.ledger import sequencer
from upheld.verdicts.explaining import explain
from upheld.verdicts.measures import known_of
from upheld.verdicts.standing import documents


def test_a_wrong_file_is_named_and_everything_else_is_told(workspace):
    sequencer.init("test.example/ledger/main/1")
    for name in ("access/wrong", "My Own/Bad Name"):
        path = workspace.measures / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text("SELECT nonsense", encoding="utf-8")
    assert {"access/wrong", "My Own/Bad Name", "access/mfa_required"} <= known_of(workspace).keys()
    assert explain("access/mfa_required").query and explain("access/wrong").state.value == "unproven"
    assert documents()
