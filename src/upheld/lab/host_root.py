"""A tree of files that a Linux host could have: accounts, sudoers, keys, setuid programs and one real package, installed by dpkg itself."""

import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from upheld.lab.service import find

PACKAGE = "upheld-lab"
OS_RELEASE = 'PRETTY_NAME="Upheld lab 1"\nID=lab\n'
CONTROL = """Package: {name}
Version: 1.0
Architecture: all
Maintainer: Upheld lab <lab@upheld.invalid>
Description: a package to install and to tamper with
"""


class HostRoot:
    """Made by `with` in a folder of its own, and removed at the end. Nothing outside that folder is touched."""

    def __init__(self, *, users: tuple[str, ...] = ("root:0", "alice:1000", "bob:1001")) -> None:
        self.users = users
        self._folder: Path | None = None

    @property
    def root(self) -> Path:
        """The tree."""
        assert self._folder is not None, "the tree has not been made"
        return self._folder / "root"

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="upheld-lab-root-"))
        for name in ("etc/sudoers.d", "etc/ssh", "etc/pam.d", "usr/bin", "home", "root", "var/lib/dpkg/info", "var/lib/dpkg/updates"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.write("etc/os-release", OS_RELEASE)
        self.write("etc/hostname", "lab\n")
        self._write_accounts()
        self.write("etc/sudoers", "root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n")
        self.write("etc/login.defs", "UID_MIN 1000\nPASS_MAX_DAYS 99999\nENCRYPT_METHOD YESCRYPT\n")
        self.write("etc/pam.d/other", "auth required pam_unix.so\npassword required pam_unix.so yescrypt minlen=12\n")
        for name in ("status", "available"):
            self.write(f"var/lib/dpkg/{name}", "")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = None

    def write(self, name: str, text: str, *, mode: int = 0o644) -> Path:
        """Write a file of the tree."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return path

    def path(self, name: str) -> Path:
        """Return where `name` lies; raises `ValueError` for anything outside the tree."""
        path = self.root / name.lstrip("/")
        if not path.parent.resolve().is_relative_to(self.root.resolve()):
            raise ValueError(f"{name} lies outside the tree")
        return path

    def _write_accounts(self) -> None:
        passwd, shadow = [], []
        for entry in self.users:
            name, _, uid = entry.partition(":")
            home = "/root" if name == "root" else f"/home/{name}"
            passwd.append(f"{name}:x:{uid}:{uid}:{name.title()},,,,:{home}:/bin/sh")
            shadow.append(f"{name}:*:19700:0:99999:7:::")
            self.path(home).mkdir(exist_ok=True)
        self.write("etc/passwd", "\n".join(passwd) + "\n")
        self.write("etc/shadow", "\n".join(shadow) + "\n", mode=0o600)
        self.write("etc/group", "".join(f"{entry.partition(':')[0]}:x:{entry.partition(':')[2]}:\n" for entry in self.users))

    def install_package(self, name: str = PACKAGE, *, asked_by: str = "") -> Path:
        """Build a small package, install it into the tree by dpkg, and return its program's path.

        `asked_by`: apt's history says that this user (of the id 1000) asked for it; "" for nothing there, as where dpkg is called by hand.
        """
        source = self.root.parent / name
        (source / "DEBIAN").mkdir(parents=True)
        (source / "DEBIAN" / "control").write_text(CONTROL.format(name=name), encoding="utf-8")
        for inside, text in ((f"usr/bin/{name}", "#!/bin/sh\necho as shipped\n"), (f"usr/share/{name}/list", "one\n")):
            path = source / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
        (source / "DEBIAN" / "md5sums").write_text(self._md5sums(source), encoding="utf-8")
        archive = self.root.parent / f"{name}.deb"
        self._run(find("dpkg-deb"), "--build", "--root-owner-group", str(source), str(archive))
        log, began = self.path("var/log/dpkg.log"), datetime.now(UTC)
        log.parent.mkdir(exist_ok=True)
        self._run(find("dpkg"), f"--root={self.root}", "--force-not-root", "--force-bad-path", f"--log={log}", "--install", str(archive))
        if asked_by:
            self._note(name, asked_by, began)
        return self.root / f"usr/bin/{name}"

    def _note(self, name: str, asked_by: str, began: datetime) -> None:
        """Write down what apt would have, had it called dpkg."""
        history, ended = self.path("var/log/apt/history.log"), datetime.now(UTC)
        before = history.read_text(encoding="utf-8") if history.exists() else ""
        said = f"Commandline: apt-get install {name}\nRequested-By: {asked_by} (1000)\nInstall: {name}:all (1.0)\n"
        dates = f"\nStart-Date: {began:%Y-%m-%d  %H:%M:%S}\n{said}End-Date: {ended:%Y-%m-%d  %H:%M:%S}\n"
        self.write("var/log/apt/history.log", before + dates)

    def _md5sums(self, source: Path) -> str:
        files = sorted(str(path.relative_to(source)) for path in source.rglob("*") if path.is_file() and "DEBIAN" not in path.parts)
        return self._run(find("md5sum"), *files, folder=source)

    def _run(self, *argv: str, folder: Path | None = None) -> str:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False, cwd=folder, env={**os.environ, "TZ": "UTC"})
        if done.returncode != 0:
            raise RuntimeError(f"{Path(argv[0]).name}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def copy_shell(self, name: str = "usr/bin/lab-shell") -> Path:
        """Put a setuid copy of the shell into the tree."""
        path = self.path(name)
        shutil.copyfile("/bin/sh", path)
        os.chmod(path, 0o4755)  # noqa: PTH101, S103  the fault itself, inside a private tree
        return path

    def authorize(self, user: str, public_line: str) -> Path:
        """Let the SSH key `public_line` sign in to `user`."""
        return self.write(f"home/{user}/.ssh/authorized_keys", public_line + "\n", mode=0o600)
