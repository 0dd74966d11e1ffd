"""Two installations, each a server of its own, that witness one another over HTTP; and a copy of one that goes its own way."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from tests.conftest import point_at

from upheld import outgoing
from upheld.erasure import owing
from upheld.erasure.plan import Refused
from upheld.lab.service import free_port
from upheld.ledger import forgetting, models, policy_file, proving, rotating, sequencer, standing, store
from upheld.ledger.anchors import Vouching
from upheld.ledger.append import append
from upheld.ledger.checkpoint import COSIGNATURE, VerificationKey
from upheld.ledger.export import export
from upheld.ledger.keys import FileSigner
from upheld.ledger.verify import __main__ as verifier
from upheld.ledger.witness import asking, watching
from upheld.vault.keys import here
from upheld.workspace import Workspace


@dataclass
class Instance:
    """An installation: its workspace, its log's origin, and the port that it serves on."""

    root: Path
    origin: str
    port: int

    @contextmanager
    def here(self) -> Iterator[None]:
        """Work in it within the block, beside the server."""
        before = os.environ.get("UPHELD_WORKSPACE", "")
        os.environ["UPHELD_WORKSPACE"] = str(self.root)
        point_at(self.root / "upheld.sqlite3")
        try:
            yield
        finally:
            os.environ["UPHELD_WORKSPACE"] = before

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve within the block, as a process of its own."""
        command = [sys.executable, "-m", "upheld", "serve", "--port", str(self.port), "--no-work"]
        environment = {**os.environ, "UPHELD_WORKSPACE": str(self.root)}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(300):
                try:
                    self.get("/health")
                    break
                except OSError:
                    assert process.poll() is None
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(20)

    def get(self, path: str) -> bytes:
        """Return what it answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def push(self) -> Vouching:
        """Ask the witness, and return what came of it."""
        with self.here():
            [done] = asking.push(sequencer.current())
        return done


@pytest.fixture
def pair(tmp_path: Path, migrated: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Instance, Instance]]:
    """Give two installations that know one another as witness and log, and serve."""
    monkeypatch.setenv(outgoing.ALLOWED, "127.0.0.0/8")
    both = [Instance(tmp_path / name, f"{name}.example/ledger/main/1", free_port()) for name in ("ours", "theirs")]
    keys = []
    for each in both:
        Workspace(each.root).create()
        shutil.copyfile(migrated, each.root / "upheld.sqlite3")
        with each.here():
            sequencer.init(each.origin)
            keys.append(sequencer.verification_key(sequencer.current()))
    for log, witness, key in ((both[0], both[1], keys[0]), (both[1], both[0], keys[1])):
        with witness.here():
            mine = watching.watch(key)
        with log.here():
            asking.add("partner", f"http://127.0.0.1:{witness.port}/witness", mine)
            sequencer.sequence()
    with ExitStack() as stack:
        for each in both:
            stack.enter_context(each.served())
        yield both[0], both[1]


def test_two_installations_witness_one_another_and_neither_can_turn_back(pair: tuple[Instance, Instance], tmp_path: Path):
    ours, theirs = pair
    for each in pair:
        done = each.push()
        with each.here():
            assert (done.trouble, done.size) == ("", sequencer.current().size())
    assert b"theirs.example/witness/main" in ours.get("/ledger/checkpoint")

    # Whoever asks for the partner's cosignature gets it; a policy of somebody else's log does not hold.
    with ours.here():
        export(sequencer.current(), tmp_path / "log.zip")
        trusted = policy_file.read(policy_file.write(proving.policy(store.all_logs()), 1))
        proof = proving.prove(sequencer.current(), 0)
    assert verifier.verify(tmp_path / "log.zip", ours.origin, trusted).holds
    (tmp_path / "0.tlog-proof").write_bytes(proof.text())
    assert verifier.verify(tmp_path / "0.tlog-proof", ours.origin, trusted).holds
    with theirs.here():
        assert not verifier.verify(tmp_path / "log.zip", ours.origin, proving.policy(store.all_logs())).holds

    # Somebody who wants two histories copies everything. Each goes on for itself, and only one is cosigned.
    fork = Instance(tmp_path / "fork", ours.origin, 0)
    for suffix in ("", ".keys"):
        shutil.copytree(f"{ours.root}{suffix}", f"{fork.root}{suffix}")
    old = Instance(tmp_path / "old", ours.origin, 0)
    for suffix in ("", ".keys"):
        shutil.copytree(f"{ours.root}{suffix}", f"{old.root}{suffix}")
    for each, kind in ((ours, "one.thing"), (fork, "another.thing")):
        with each.here():
            with transaction.atomic():
                append(kind, body={})
            sequencer.sequence()
    assert ours.push().trouble == ""

    # A machine that is put back whole knows nothing of what came since; the witness does, and is asked before anything is served.
    with old.here():
        forgetting.require_remembered()  # asked lately, in the life that it had
        models.Witness.objects.update(tried_at=None)
        with pytest.raises(forgetting.Forgotten, match=r"partner remembers more.* has seen \d entries of this log, which has \d"):
            forgetting.require_remembered()
        with pytest.raises(Refused, match="--none-erased"):
            owing.go_on("put back", here())
        owing.go_on("put back", here(), none_erased=True)
        forgetting.require_remembered()
    with ours.here():
        models.Witness.objects.update(tried_at=None)
        forgetting.require_remembered()

    assert "has seen another tree" in fork.push().trouble
    with fork.here():
        assert any("has seen another tree" in each for each in standing.standing(sequencer.current()).wrong)
        with transaction.atomic():
            append("another.thing", body={})
        sequencer.sequence()
    assert "does not go on" in fork.push().trouble or "another tree" in fork.push().trouble

    # Who was lied to holds a proof of it, which anyone verifies with the log's key and nothing else.
    with theirs.here():
        [found] = models.ForkFound.objects.all()
        keys = watching.watching()[0].keys
    (tmp_path / "found.fork.json").write_bytes(bytes(found.proof))
    words = [str(tmp_path / "found.fork.json"), "--key"]
    assert verifier.main([*words, keys[0].text()]) == 0
    with theirs.here():
        assert verifier.main([*words, sequencer.verification_key(sequencer.current()).text()]) == 1

    # A key that was rotated is not known to the witness until its operator takes it on.
    with ours.here():
        new = rotating.rotate("yearly").new
    assert "status 403" in ours.push().trouble
    with theirs.here():
        watching.watch(new)
    assert ours.push().trouble == ""


def test_what_is_published_is_the_tree_and_not_the_entries(pair: tuple[Instance, Instance]):
    ours, _ = pair
    with ours.here():
        size = sequencer.current().size()
        log = store.current()
        assert log is not None
        assert ours.get(f"/ledger/tile/0/000.p/{size}") == b"".join(log.nodes(size)(0, index) for index in range(size))
    for path in (
        f"/ledger/tile/entries/000.p/{size}",
        f"/ledger/tile/0/000.p/{size + 1}",
        "/ledger/tile/0/../0/000",
        "/ledger/tile/0/x001/000",
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ours.get(path)
        assert refused.value.code == 404
    assert ours.get("/ledger/rotations") == b""


def test_a_witness_that_is_away_or_not_allowed_holds_nothing_up(workspace: Workspace, monkeypatch: pytest.MonkeyPatch):
    sequencer.init("alone.example/ledger/main/1")
    log = sequencer.current()
    with pytest.raises(watching.NotWatched, match="a log of ours"):
        watching.watch(sequencer.verification_key(log))
    mine = watching.watch(FileSigner("others.example/ledger/main/1", bytes(32)).key)
    for ours in (mine, VerificationKey("w.example/witness", sequencer.verification_key(log).public, COSIGNATURE)):
        with pytest.raises(asking.NoWitness, match="a key of ours"):
            asking.add("myself", "http://127.0.0.1:1/", ours)
    key = FileSigner("w.example/witness", bytes(32), COSIGNATURE).key
    asking.add("away", f"http://127.0.0.1:{free_port()}/", key)
    with pytest.raises(asking.NoWitness, match="count twice"):
        asking.add("again", "http://127.0.0.1:1/", key)
    sequencer.sequence()
    for allowed, why in (("", "no public address"), ("127.0.0.0/8", "could not be reached")):
        monkeypatch.setenv(outgoing.ALLOWED, allowed)
        [done] = asking.push(log)
        assert (why in done.trouble, done.size, done.at) == (True, 0, None)
    found = standing.standing(log)
    assert ([each.name for each in found.witnesses], found.wrong) == (["away"], ())
    asking.remove("away")
    with pytest.raises(asking.NoWitness):
        asking.remove("away")
    assert asking.push(log) == []
