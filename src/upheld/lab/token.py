"""A token in the lab: SoftHSM, which keeps keys as a smart card or security module does, behind PKCS#11."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from upheld.lab.service import NotInstalled, find

LABEL = "upheld-lab"
PIN = "lab-only-5512"
_MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")


class SoftToken:
    """A fresh token, made by `with`. A process loads a module once and for all, so that one token serves a whole process."""

    def __init__(self) -> None:
        """Find the module. Raises `NotInstalled`."""
        self.module = next((path for path in _MODULES if Path(path).is_file()), "")
        if not self.module:
            raise NotInstalled("SoftHSM is not installed: run `make lab`")
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """Where the token lies; exists within the block."""
        assert self._folder is not None, "the token has not been made"
        return self._folder

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find the token."""
        return {**os.environ, "SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    @property
    def pin_file(self) -> Path:
        """A file that holds the PIN, which only its owner can read."""
        return self.folder / "pin"

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="upheld-lab-token-"))
        (self.folder / "tokens").mkdir()
        (self.folder / "softhsm2.conf").write_text(
            f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="ascii"
        )
        self.pin_file.touch(mode=0o600)
        self.pin_file.write_text(PIN, encoding="ascii")
        command = [find("softhsm2-util"), "--init-token", "--free", "--label", LABEL, "--so-pin", PIN, "--pin", PIN]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._folder = None
