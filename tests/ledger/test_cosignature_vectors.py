"""Cosignatures made by Go's note package are read here, and ours are read there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.ledger.others import LOG_OF_NINE, a_witness, cosigned

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import cosignature, keys
from upheld.ledger.checkpoint import COSIGNATURE, UntrustedCheckpoint, parse_key

VECTORS = Path(__file__).parent.parent / "vectors"
MODULE = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/note")


@pytest.mark.parametrize(
    "vector", json.loads((VECTORS / "cosignatures.json").read_text(encoding="utf-8")), ids=lambda each: str(each["size"])
)
def test_what_go_cosigned_is_accepted_and_nothing_changed_is(vector):
    note, log = vector["note"].encode(), parse_key(vector["log"])
    witnesses = [parse_key(text, COSIGNATURE) for text in vector["witnesses"]]
    assert checkpoints.verify(note, log.name, [log]).size == vector["size"]
    for verify_signature in (keys.verify_signature, cosignature.ed25519.verify):
        found = cosignature.verify(note, witnesses, max(vector["at"]), verify_signature)
        assert found == dict(zip(witnesses, vector["at"], strict=True))
    assert [key.text() for key in witnesses] == vector["witnesses"]
    with pytest.raises(UntrustedCheckpoint):
        cosignature.verify(note.replace(f"\n{vector['size']}\n".encode(), b"\n99\n"), witnesses, max(vector["at"]))


def test_what_we_cosign_go_accepts():
    if shutil.which("go") is None or not MODULE.is_dir():
        pytest.skip("Go and golang.org/x/mod are not installed: apt-get install golang-go golang-golang-x-mod-dev")
    witness = a_witness(1)
    note = cosigned(LOG_OF_NINE.note(9), witness, 1_700_000_000)
    command = ["go", "run", str(VECTORS / "cosignatures.go"), "check", LOG_OF_NINE.signer.key.text(), witness.key.text()]
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
    done = subprocess.run(command, input=note, env=environment, capture_output=True, check=False)
    said = [LOG_OF_NINE.signer.key.name, witness.key.name, "1700000000"]
    assert (done.returncode, done.stdout.decode().split()) == (0, said), done.stderr
    spoilt = subprocess.run(command, input=note.replace(b"\n9\n", b"\n8\n"), env=environment, capture_output=True, check=False)
    assert spoilt.returncode != 0
