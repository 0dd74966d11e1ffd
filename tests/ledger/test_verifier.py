"""The verifier as an auditor runs it, and the commands of `upheld ledger`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from tests.ledger.given import ORIGIN, Ledger

import upheld
from upheld.cli.ledger import ledger as command
from upheld.ledger import guards, keys, reading, sequencer, tree
from upheld.ledger.checkpoint import Checkpoint
from upheld.ledger.continuity import file_name, key_directory
from upheld.ledger.keys import FileSigner
from upheld.ledger.proof import Proof
from upheld.ledger.verify import proof as proofs
from upheld.ledger.verify.report import Report


def bare(*arguments: object, isolated: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the verifier on a Python that has the standard library and this package's source, nothing else."""
    source = Path(upheld.__file__).parent.parent
    code = f"import sys, runpy; sys.path.insert(0, {str(source)!r}); runpy.run_module('upheld.ledger.verify', run_name='__main__')"
    return subprocess.run([sys.executable, "-I", "-S", "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False)


def run(*arguments: object) -> Result:
    """Run `upheld ledger` with `arguments`."""
    return CliRunner().invoke(command, list(map(str, arguments)))


def test_a_python_without_packages_verifies_an_export_and_a_proof(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(10)
    path, proof = ledger.export(tmp_path / "log.zip"), tmp_path / "entry.tlog-proof"
    proof.write_bytes(reading.prove(ledger.log, 4).text())
    for shown in (path, proof):
        done = bare(shown, "--key", ledger.key.text())
        assert (done.returncode, done.stderr) == (0, "")
        assert "Everything checked holds." in done.stdout
    assert json.loads(bare(path, "--key", ledger.key.text(), "--json").stdout)["size"] == 11


def proven(data: bytes, carried: bool = True) -> Report:
    """Return what the verifier says of a proof that `data` is the only entry of a log."""
    signer = FileSigner(ORIGIN, bytes(range(32)))
    note = keys.sign(Checkpoint(ORIGIN, 1, tree.leaf_hash(data)), signer).encode()
    return proofs.verify(Proof(0, (), note, data if carried else None).text(), ORIGIN, [signer.key])


def test_a_proof_shows_an_entry_and_the_entry_must_be_one(ledger: Ledger) -> None:
    genuine = ledger.log.entry(0)
    assert proven(genuine).failed == []
    assert "does not carry its entry" in proven(genuine, carried=False).failed[0]
    assert "names the log 'example.com/ledger/mine/1'" in proven(genuine.replace(b"main", b"mine")).failed[0]
    assert "proven to be in the log, and is wrong" in proven(genuine + b" ").failed[0]
    assert "proven to be in the log, and is wrong" in proven(b"{}").failed[0]


def test_a_proof_without_trusted_signature_shows_nothing(ledger: Ledger) -> None:
    stranger = FileSigner(ORIGIN, bytes(32))
    report = proofs.verify(reading.prove(ledger.log, 0).text(), ORIGIN, [stranger.key])
    assert (report.holds, report.failed) == (False, ["the checkpoint is signed by none of the trusted keys"])


def test_what_proves_and_verifies_knows_no_framework() -> None:
    pure = ["canonical", "checkpoint", "commitment", "ed25519", "entry", "identifier", "keys", "mark", "profile", "proof", "tiles", "tree"]
    imports = "import sys, " + ", ".join(f"upheld.ledger.{name}" for name in [*pure, "verify.__main__"])
    subprocess.run([sys.executable, "-c", f"{imports}; assert not any(name.startswith('django') for name in sys.modules)"], check=True)


def test_it_says_what_fails_and_exits_with_1(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger.export(tmp_path / "log")
    bundle = next((path / "tile" / "entries").rglob("*1"))
    bundle.write_bytes(bundle.read_bytes().replace(b"key.created", b"key.cheated"))
    done = bare(path, "--key", ledger.key.text())
    assert done.returncode == 1
    assert "FAILED" in done.stdout
    assert "is not what its entries hash to" in done.stdout
    assert "This does NOT hold." in done.stdout


def test_what_it_leaves_out_it_says_loudly(ledger: Ledger, tmp_path: Path) -> None:
    done = bare(ledger.export(tmp_path / "log"), "--key", ledger.key.text(), "--hashes-only")
    assert done.returncode == 0
    assert "NOT CHECKED" in done.stdout


def test_it_wants_a_key_that_is_one(ledger: Ledger, tmp_path: Path) -> None:
    path = ledger.export(tmp_path / "log")
    assert bare(path).returncode == 2
    assert bare(path, "--key", "not+a+key").returncode == 2
    assert bare(path, "--key", tmp_path / "missing").returncode == 2
    (tmp_path / "key").write_text(ledger.key.text() + "\n")
    assert bare(path, "--key", tmp_path / "key").returncode == 0


def test_what_is_not_there_does_not_hold(ledger: Ledger, tmp_path: Path) -> None:
    for name in ("missing", "missing.tlog-proof"):
        done = bare(tmp_path / name, "--key", ledger.key.text())
        assert (done.returncode, done.stderr) == (1, "")


def test_status_says_how_the_ledger_stands(ledger: Ledger) -> None:
    ledger.append(2)
    found = json.loads(run("status", "--json").stdout)
    assert (found["origin"], found["size"], found["waiting"], found["mark_ok"], found["wrong"]) == (ORIGIN, 1, 2, True, [])
    assert "1 entries, 2 waiting" in run("status").stdout


def test_status_exits_with_1_when_something_is_wrong(ledger: Ledger) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_tile_delete")
    assert run("status").exit_code == 1


def test_checkpoint_places_what_waits_and_prints_the_note(ledger: Ledger) -> None:
    ledger.append(2)
    said = run("checkpoint").stdout
    assert said.startswith(f"{ORIGIN}\n3\n")
    assert json.loads(run("checkpoint", "--json").stdout)["note"] == said


def test_proof_writes_a_file_that_verify_accepts(ledger: Ledger, tmp_path: Path) -> None:
    (entry_id,) = ledger.append()
    assert "waiting to be sequenced" in run("proof", entry_id).output
    sequencer.sequence()
    assert run("proof", entry_id, "--output", tmp_path / "it.tlog-proof").exit_code == 0
    assert run("proof", "1").stdout.encode() == (tmp_path / "it.tlog-proof").read_bytes()
    assert json.loads(run("proof", "1", "--json").stdout)["entry"]["id"] == entry_id
    assert run("verify", tmp_path / "it.tlog-proof").exit_code == 0
    assert run("verify", tmp_path / "it.tlog-proof", "--key", ledger.key.text()).exit_code == 0
    assert run("proof", "9").exit_code == 1


def test_verify_looks_at_the_ledger_in_place(ledger: Ledger) -> None:
    ledger.grow(300)
    ledger.grow(1)
    found = json.loads(run("verify", "--json").stdout)
    assert (found["holds"], found["size"], found["failed"]) == (True, 302, [])
    assert any("earlier checkpoints" in line for line in found["checked"])
    assert "NOT CHECKED" in run("verify", "--hashes-only").stdout


def tamper(*statements: str) -> None:
    """Change rows as the owner of the database could: past the guards, which are put back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.execute(statement)
    guards.create(connection)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE ledger_entry SET data = replace(data, 'n', 'm') WHERE position = 80", "is not what its entries hash to"),
        ("UPDATE ledger_entry SET data = replace(data, 'thing.happened', 'thing.happenea') WHERE position = 301", "the checkpoint says"),
        ("DELETE FROM ledger_entry WHERE position = 17", "has no entry 17"),
        ("UPDATE ledger_tile SET hashes = zeroblob(8192)", "is not what its entries hash to"),
        ("UPDATE ledger_tile SET root = zeroblob(32)", "is not what the tiles below it hash to"),
        ("DELETE FROM ledger_tile", "lacks tile/0/000"),
        ("UPDATE ledger_checkpoint SET note = replace(note, 'main', 'mine') WHERE size = 1", "is of 'example.com/ledger/mine/1'"),
        ("DELETE FROM ledger_checkpoint", "has no checkpoint yet"),
    ],
)
def test_verify_names_what_somebody_changed_in_the_database(ledger: Ledger, statement: str, reason: str) -> None:
    ledger.grow(300)
    ledger.grow(1)
    tamper(statement)
    report = reading.verify(ledger.log, ledger.key)
    assert not report.holds
    assert reason in report.failed[0]


def test_a_rewritten_log_is_noticed_by_the_next_checkpoint(ledger: Ledger) -> None:
    ledger.grow(10)
    tamper("UPDATE ledger_entry SET data = replace(data, 'thing.happened', 'thing.happenea') WHERE position = 5")
    assert run("status").exit_code == 1
    done = run("checkpoint")
    assert done.exit_code == 1
    assert "other entries than those signed at size 11" in done.output


def test_export_never_overwrites(ledger: Ledger, tmp_path: Path) -> None:
    assert run("export", tmp_path / "log.zip").exit_code == 0
    assert run("export", tmp_path / "log.zip").exit_code == 1
    assert json.loads(run("export", tmp_path / "log", "--json").stdout)["size"] == 1


def test_one_export_is_one_sequence_of_bytes(ledger: Ledger, tmp_path: Path) -> None:
    ledger.grow(300)
    assert ledger.export(tmp_path / "a.zip").read_bytes() == ledger.export(tmp_path / "b.zip").read_bytes()


def test_new_shard_goes_on_after_the_key_is_lost(ledger: Ledger) -> None:
    (key_directory() / file_name(ORIGIN, "key")).unlink()
    assert run("verify").exit_code == 1
    ledger.append(1)
    found = json.loads(run("new-shard", "--reason", "key lost", "--json").stdout)
    assert (found["origin"], found["placed"]) == ("example.com/ledger/main/2", 3)
    assert run("verify").exit_code == 0


def test_a_key_that_is_none_is_misuse(ledger: Ledger) -> None:
    assert run("verify", "--key", "nonsense").exit_code == 1
