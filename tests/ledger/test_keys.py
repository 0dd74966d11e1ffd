"""Key files: made once, private, read as strictly as they are written."""

import base64
import os
from pathlib import Path

import pytest

from upheld.ledger import ed25519, keys
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.keys import KeyExposed

NAME = "example.com/ledger/main/1"


def test_a_new_key_is_private_and_signs(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "key", NAME)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    loaded = keys.load(tmp_path / "key")
    assert loaded.key == made.key
    assert ed25519.verify(made.key.public, loaded.sign(b"message"), b"message")


def test_its_file_is_the_one_that_gos_note_package_reads(tmp_path: Path) -> None:
    signer = keys.create(tmp_path / "key", NAME)
    prefix, word, name, key_id, seed = (tmp_path / "key").read_text().strip().split("+", 4)
    assert (prefix, word, name, key_id) == ("PRIVATE", "KEY", NAME, signer.key.id.hex())
    assert base64.b64decode(seed)[0] == 1
    assert len(base64.b64decode(seed)) == 33


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    keys.create(tmp_path / "key", NAME)
    with pytest.raises(FileExistsError):
        keys.create(tmp_path / "key", NAME)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    keys.create(tmp_path / "key", NAME)
    os.chmod(tmp_path / "key", mode)  # noqa: PTH101
    with pytest.raises(KeyExposed, match="chmod 600"):
        keys.load(tmp_path / "key")


@pytest.mark.parametrize(
    "text", ["", "PRIVATE+KEY+a+00000000+AAAA", "PRIVATE+KEY+a+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode()]
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").touch(0o600)
    (tmp_path / "key").write_text(text)
    with pytest.raises(MalformedKey):
        keys.load(tmp_path / "key")


def test_the_fast_verification_refuses_what_is_no_key() -> None:
    assert not keys.verify_signature(b"short", bytes(64), b"message")
