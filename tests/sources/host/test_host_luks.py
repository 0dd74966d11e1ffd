"""What cryptsetup really prints of a header, in the words that a volume shows."""

import subprocess
from pathlib import Path

import pytest
from tests.labs import require
from tests.sources.host.answered import host

from upheld.lab.service import find
from upheld.sources.host.storage import luks

pytestmark = pytest.mark.lab
FAST = ("--pbkdf-force-iterations", "1000")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--type", "luks2", "--pbkdf", "pbkdf2", *FAST), "LUKS2 aes-xts-plain64 pbkdf2"),
        (("--type", "luks1", *FAST), "LUKS1 aes-xts-plain64"),
    ],
)
def test_a_header_tells_version_cipher_and_key_derivation(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    require("cryptsetup")
    image = tmp_path / "image"
    image.write_bytes(bytes(20 * 1024 * 1024))
    cryptsetup = find("cryptsetup")
    subprocess.run([cryptsetup, "luksFormat", "--batch-mode", *words, str(image), "-"], input=b"secret", check=True, capture_output=True)
    kept = f"{cryptsetup} luksDump {image} | grep -iE '^Version|cipher|PBKDF:'"
    dumped = subprocess.run(["sh", "-c", kept], capture_output=True, text=True, check=True).stdout
    assert "Salt" not in dumped
    assert luks(host(luks=f"@/dev/sda2\n{dumped}")) == {"/dev/sda2": said}
