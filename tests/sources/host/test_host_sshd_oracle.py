"""Our reading of sshd_config against sshd's own: `sshd -T`."""

import subprocess
from pathlib import Path

import pytest
from tests.labs import require

from upheld.lab.service import find
from upheld.lab.sshd import with_run_sshd
from upheld.sources.host.answers import Answers, Section
from upheld.sources.host.sshd import DEFAULTS, effective

pytestmark = pytest.mark.lab
SAME = {"without-password": "prohibit-password"}
CONFIGURATIONS = [
    "",
    "PermitRootLogin yes\nPermitRootLogin no\n",
    "permitrootlogin=no\nPasswordAuthentication no # ours\nKbdInteractiveAuthentication no\n",
    "ChallengeResponseAuthentication no\nUsePAM yes\nMaxAuthTries 3\n",
    'AuthenticationMethods "publickey,password" publickey,keyboard-interactive\nUsePAM yes\n',
    "PasswordAuthentication no\nMatch User eve\n  PasswordAuthentication yes\nMatch all\n  PermitRootLogin no\n",
    "ClientAliveInterval 300\nClientAliveCountMax 2\nPermitEmptyPasswords yes\n",
]


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_the_files_mean_to_us_what_they_mean_to_sshd(tmp_path: Path, text: str) -> None:
    require("sshd", "ssh-keygen")
    key, config = tmp_path / "key", tmp_path / "sshd_config"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    config.write_text(text)
    asked = [*with_run_sshd(), find("sshd"), "-T", "-f", str(config), "-h", str(key)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    theirs = {name: value for name, _, value in (line.partition(" ") for line in said.splitlines())}
    ours = effective(Answers({"file /etc/ssh/sshd_config": Section(text, 0)}, (), ended=True))
    assert ours is not None
    expected = {name: SAME.get(theirs[name], theirs[name]) for name in DEFAULTS}
    assert {name: SAME.get(value, value).replace('"', "") for name, value in ours.everybody.items() if name in DEFAULTS} == expected
