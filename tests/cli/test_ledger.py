"""`upheld ledger`: rotation, witnesses, stamps, publication and history from the command line; errors in words, and no traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from upheld.cli.ledger import ledger
from upheld.cli.verify import verify
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import sequencer
from upheld.ledger.checkpoint import COSIGNATURE
from upheld.ledger.keys import FileSigner
from upheld.ledger.verify import __main__ as verifier
from upheld.workspace import Workspace

ORIGIN = "cli.example/ledger/main/1"
WITNESS = FileSigner("w.example/witness", bytes(32), COSIGNATURE)


@pytest.fixture
def made(workspace: Workspace) -> Workspace:
    sequencer.init(ORIGIN)
    return workspace


def run(*words: str, status: int = 0) -> Result:
    done = CliRunner().invoke(ledger, words)
    assert done.exit_code == status, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def told(*words: str, status: int = 0) -> dict:
    return json.loads(run(*words, "--json", status=status).stdout)


def refused(*words: str) -> str:
    done = CliRunner().invoke(ledger, words)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code in (1, 2), done.output
    return done.output


def test_a_key_is_rotated_and_the_way_to_follow_is_printed(made: Workspace, tmp_path: Path):
    old = told("status")["key"]
    statement = tmp_path / "statement"
    said = run("rotate-key", "--reason", "yearly", "--output", str(statement)).output
    new = told("status")["key"]
    assert new != old
    assert new in said
    assert "upheld ledger witness for" in said
    run("export", str(tmp_path / "log.zip"))
    run("verify", str(tmp_path / "log.zip"), "--key", old)
    run("verify")
    assert [each["key"] for each in json.loads(run("policy").stdout)["logs"]] == [old, new]
    run("proof", "0", "--output", str(tmp_path / "0.tlog-proof"))
    run("verify", str(tmp_path / "0.tlog-proof"), "--key", old, status=1)
    (tmp_path / "trust.json").write_text(run("policy").stdout)
    run("verify", str(tmp_path / "0.tlog-proof"), "--policy", str(tmp_path / "trust.json"))
    assert told("checkpoint")["size"] == told("status")["size"]


def test_a_token_that_is_none_is_told(made: Workspace):
    rotate = ("rotate-key", "--reason", "x", "--pkcs11", "/nowhere.so")
    assert "--pkcs11 needs --token" in refused(*rotate)
    assert "is no PKCS#11 module" in refused(*rotate, "--token", "t", "--pin", "env:PIN")
    assert "give --pkcs11" in refused("rotate-key", "--reason", "x", "--token", "t")


def test_witnesses_are_added_listed_and_removed(made: Workspace):
    key = WITNESS.key.text()
    assert "no address" in refused("witness", "add", "w", "ftp://x/", key)
    assert "a log's, and a witness's is wanted" in refused("witness", "add", "w", "https://w.example/", told("status")["key"])
    run("witness", "add", "w", "https://w.example/prefix/", key)
    assert "already" in refused("witness", "add", "w", "https://w.example/", key)
    assert "has the same key" in refused("witness", "add", "w2", "https://w.example/", key)
    assert told("witness", "list")["asked"] == [{"name": "w", "url": "https://w.example/prefix", "key": key, "trouble": ""}]
    assert told("status")["witnesses"] == [{"name": "w", "size": 0, "at": None, "trouble": ""}]
    run("witness", "remove", "w")
    assert "no witness" in refused("witness", "remove", "w")
    assert "nobody witnesses it" in run("status").output


def test_logs_of_others_are_taken_on(made: Workspace):
    assert "no witness yet" in refused("witness", "key")
    theirs = FileSigner("their.example/ledger/main/1", bytes([3] * 32)).key
    assert "is of their.example" in refused("witness", "for", "other.example/1", theirs.text())
    assert "a log's is wanted" in refused("witness", "for", theirs.name, WITNESS.key.text())
    said = run("witness", "for", theirs.name, theirs.text()).output
    assert run("witness", "key").output.strip() in said
    assert [each["origin"] for each in told("witness", "list")["watched"]] == [theirs.name]
    assert told("witness", "forks") == []
    run("witness", "no-longer-for", theirs.name)
    assert "we are no witness" in refused("witness", "no-longer-for", theirs.name)


def test_authorities_are_added_listed_and_removed(made: Workspace, tmp_path: Path):
    (tmp_path / "roots.pem").write_text("no certificate")
    assert "roots.pem" in refused("stamp", "add", "tsa", "https://tsa.example/", str(tmp_path / "roots.pem"))
    assert told("stamp", "list") == []
    assert told("stamp", "now") == []
    assert "no authority" in refused("stamp", "remove", "tsa")


def test_checkpoints_are_published(made: Workspace, tmp_path: Path):
    done = told("publish", str(tmp_path / "there"))
    assert (done["new"], len(checkpoints.several(Path(done["file"]).read_bytes()))) == (True, 1)
    assert "no Git repository" in refused("publish", str(made.root))


def test_a_records_history_is_told(made: Workspace, tmp_path: Path):
    key_id = told("status")["key"].split("+")[1]
    (tmp_path / "now").write_text(run("checkpoint").output)
    found = told("history", "key", key_id, "--known", str(tmp_path / "now"))
    assert (found["known"], [each["kind"] for each in found["entries"]]) == ({"origin": ORIGIN, "size": 1}, ["key.created"])
    assert told("history", "key", key_id, "--known", "0")["entries"] == []
    assert "1 entries" in run("history", "key", key_id, "--scan").output
    assert "are asked for" in refused("history", "key", key_id, "--known", "99")
    (tmp_path / "lied").write_text((tmp_path / "now").read_text().replace("\n1\n", "\n2\n"))
    assert "does not fit" in refused("history", "key", key_id, "--known", str(tmp_path / "lied"))
    assert "No such file" in refused("history", "key", key_id, "--known", "nowhere")


def test_a_policy_that_is_none_is_told(made: Workspace, tmp_path: Path):
    (tmp_path / "trust.json").write_text("{}")
    assert "does not say that its format is" in refused("verify", "--policy", str(tmp_path / "trust.json"))


def test_what_an_older_key_signed_is_still_taken_for_ours(made: Workspace, tmp_path: Path):
    run("export", str(tmp_path / "before.zip"))
    run("rotate-key", "--reason", "yearly")
    run("export", str(tmp_path / "after.zip"))
    for name in ("before.zip", "after.zip"):
        done = CliRunner().invoke(verify, [str(tmp_path / name)])
        assert done.exit_code == 0, done.output


def test_what_is_in_an_earlier_log_is_taken_out_and_verified_too(made: Workspace, tmp_path: Path):
    first = told("proof", "0")["entry"]["id"]
    run("new-shard", "--reason", "a new year", "--although-well")
    assert told("proof", first)["entry"]["log"] == ORIGIN
    assert told("proof", "0", "--log", ORIGIN)["entry"]["id"] == first
    assert f"goes on from {ORIGIN}" in run("export", str(tmp_path / "now.zip")).output
    assert told("export", str(tmp_path / "before.zip"), "--log", ORIGIN)["origin"] == ORIGIN
    found = told("verify")
    assert (found["holds"], [each["origin"] for each in found["before"]]) == (True, [ORIGIN])
    assert run("verify").output.count("Everything checked holds.") == 2
    (trust := tmp_path / "trust.json").write_text(run("policy").stdout)
    for log, name in ((ORIGIN, "before"), (told("status")["origin"], "now")):
        run("proof", "0", "--log", log, "--output", str(tmp_path / f"{name}.tlog-proof"))
        for path in (f"{tmp_path / name}.zip", f"{tmp_path / name}.tlog-proof"):
            assert told("verify", path)["origin"] == log
            assert told("verify", path, "--policy", str(trust))["origin"] == log
            assert verifier.main([path, "--policy", str(trust)]) == 0
            assert verifier.main([path, "--policy", str(trust), "--origin", log]) == 0
            assert verifier.main([path, "--policy", str(trust), "--origin", "other.example/ledger/main/1"]) == 1
    for odd in ("-1", "0x5", "no-id"):
        assert "neither an index" in refused("proof", "--", odd)
    assert "there is no log" in refused("export", str(tmp_path / "x.zip"), "--log", "nobody.example/ledger/main/1")
    assert "no log here has an entry" in refused("proof", "019abcde-1234-7abc-89ab-0123456789ab")


def test_a_rotation_that_could_not_be_written_down_is_refused_before(made: Workspace, tmp_path: Path):
    before = told("status")["key"]
    assert "nothing was rotated" in refused("rotate-key", "--reason", "yearly", "--output", str(tmp_path / "none" / "statement"))
    assert "says nothing" in refused("rotate-key", "--reason", " ")
    assert "says nothing" in refused("new-shard", "--reason", "", "--although-well")
    assert told("status")["key"] == before


def test_a_witness_that_was_never_asked_is_not_well(made: Workspace):
    run("witness", "add", "w", "http://127.0.0.1:1/", WITNESS.key.text())
    assert "has not answered yet" in run("witness", "list").output
    assert "a log of ours" in refused("witness", "for", ORIGIN, told("status")["key"])


def test_a_file_that_holds_no_checkpoint_is_named(made: Workspace, tmp_path: Path):
    (tmp_path / "note").write_bytes(b"\xff\x00")
    assert f"{tmp_path / 'note'} holds no checkpoint" in refused("verify", "--held", str(tmp_path / "note"))
