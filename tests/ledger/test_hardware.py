"""The signing key in a real token (SoftHSM): made there, signing there, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.labs import installed
from tests.ledger.given import Ledger

from upheld.lab.token import LABEL, PIN, SoftToken

pytestmark = pytest.mark.lab

# In a process of its own, since a PKCS#11 module reads its configuration once a process.
SCENARIO = """
import sys
import django
django.setup()
from dataclasses import replace
from pathlib import Path
from upheld.ledger import hardware, keys, reading, rotating, sequencer, signers
from upheld.ledger.checkpoint import verify
from upheld.ledger.continuity import key_directory
from upheld.ledger.hardware import Token, TokenFailed

module, label, pin_file = sys.argv[1:]
token = Token(module, label, "ledger", f"file:{pin_file}")
first = sequencer.verification_key(sequencer.current())
done = rotating.rotate("into a token", token=token)
log = sequencer.current()
assert sequencer.verification_key(log) == done.new != first
verify(done.sequenced.note.encode(), log.origin, [done.new], keys.verify_signature)
assert not list(key_directory().glob("*main_1*.key")), "no private key in a file"
assert reading.verify(log, signers.policy(log)).failed == []
assert sequencer.status().wrong == ()
again = hardware.open_key(token, log.origin)
assert again.key == done.new, "a label that is there already is used, not doubled"

def refused(why, **change):
    try:
        hardware.open_key(replace(token, **change), log.origin)
    except TokenFailed as error:
        assert why in str(error), error
        assert "lab-only" not in str(error), "a PIN was shown"
    else:
        raise AssertionError(why)

refused("did not serve", token="another")
refused("did not serve", pin="env:NOWHERE")
refused("no PKCS#11 module", module="libsofthsm2.so")
Path(pin_file).write_text("wrong")
refused("did not serve")
try:
    from upheld.ledger.append import append
    from django.db import transaction
    with transaction.atomic():
        append("thing.happened", body={})
    sequencer.sequence()
except TokenFailed:
    pass
else:
    raise AssertionError("signed without a PIN")
assert log.waiting() == 0 and log.checkpoint()[0] < log.size(), "placed and not signed: an entry never waits for a token"
Path(pin_file).write_text("%s")
assert sequencer.sequence().size == log.size() == log.checkpoint()[0]

# A token that signs with another key than the one it was asked for is found out.
stranger = hardware.TokenSigner(token, first)
try:
    stranger.sign(b"x")
except TokenFailed as error:
    assert "another key" in str(error)
else:
    raise AssertionError("another key's signature was taken")
back = rotating.rotate("out of the token")
assert (key_directory() / f"example.com_ledger_main_1.{back.new.id.hex()}.key").exists()
assert reading.verify(log, signers.policy(log)).failed == []
print("all held")
"""


def test_a_ledger_signed_by_a_token(ledger: Ledger):
    ledger.grow(3)
    with installed(), SoftToken() as token:
        pytest.importorskip("pkcs11") if os.environ.get("UPHELD_REQUIRE_LAB") != "1" else None
        command = [sys.executable, "-c", SCENARIO % PIN, token.module, LABEL, str(token.pin_file)]
        environment = {**token.environment, "DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(ledger.workspace.root)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr[-2000:]) == (0, "all held\n", "")
    assert not [path for path in Path(ledger.workspace.keys).rglob("*") if path.is_file() and PIN.encode() in path.read_bytes()]
