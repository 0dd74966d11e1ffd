"""A restic repository in a folder: taking backups of a tree, and damaging what was stored."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from upheld.lab.service import find

PASSWORD = "lab-password"  # noqa: S105  opens nothing but a throwaway repository


class ResticRepository:
    """Made by `with` in a folder of its own, with a `tree` to back up; removed at the end."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._damaged: dict[Path, bytes] = {}

    @property
    def folder(self) -> Path:
        """Its own folder; exists while it is used."""
        assert self._folder is not None, "the repository has not been made"
        return self._folder

    @property
    def repository(self) -> Path:
        """The repository."""
        return self.folder / "repository"

    @property
    def tree(self) -> Path:
        """What is backed up."""
        return self.folder / "tree"

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="upheld-lab-restic-"))
        self.tree.mkdir()
        self._run("init")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._folder = None

    def _run(self, *words: str) -> str:
        environment = {
            **os.environ,
            "RESTIC_REPOSITORY": str(self.repository),
            "RESTIC_PASSWORD": PASSWORD,
            "RESTIC_CACHE_DIR": str(self.folder / "cache"),
        }
        done = subprocess.run([find("restic"), *words], env=environment, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"restic {words[0]}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def write(self, name: str, content: bytes) -> None:
        """Put a file into the tree."""
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def list_digests(self) -> None:
        """Write the manifest of the tree, as `sha256sum` would."""
        files = sorted(path for path in self.tree.rglob("*") if path.is_file() and path.name != ".upheld-manifest")
        lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(self.tree)}\n" for path in files]
        (self.tree / ".upheld-manifest").write_text("".join(lines), encoding="utf-8")

    def back_up(self, *folders: str, host: str = "crm", at: datetime | None = None, tag: str = "") -> None:
        """Take a backup of the tree, or of `folders` in it, as `host`, dated `at` (now, unless given), with `tag` if any."""
        moment = (at or datetime.now(UTC)).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        places = [str(self.tree / folder) for folder in folders] or [str(self.tree)]
        self._run("backup", *places, "--host", host, "--time", moment, *(("--tag", tag) if tag else ()))

    def forget_all(self) -> None:
        """Forget every snapshot."""
        for path in (self.repository / "snapshots").iterdir():
            path.unlink()

    def damage(self) -> str:
        """Overwrite some bytes in the middle of every pack of data, and return the name of one."""
        for pack in self._packs():
            content = pack.read_bytes()
            self._damaged.setdefault(pack, content)
            middle = len(content) // 2
            _write(pack, content[:middle] + bytes(byte ^ 0xFF for byte in content[middle : middle + 4]) + content[middle + 4 :])
        return self._packs()[0].name

    def mend(self) -> None:
        """Put back what `damage` overwrote."""
        for pack, content in self._damaged.items():
            _write(pack, content)
        self._damaged.clear()

    def _packs(self) -> list[Path]:
        return sorted((path for path in (self.repository / "data").rglob("*") if path.is_file()), key=lambda path: -path.stat().st_size)


def _write(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(0o400)
