"""A Git repository with a place to push to, for whoever plays its engineers."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from upheld.lab.service import find


class GitRepository:
    """A bare repository `shared` and a clone `work`, made by `with` in a folder of their own and removed at the end."""

    def __init__(self, branch: str = "main") -> None:
        self.branch = branch
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """Their own folder; exists while they are used."""
        assert self._folder is not None, "the repository has not been made"
        return self._folder

    @property
    def shared(self) -> Path:
        """The bare repository."""
        return self.folder / "shared.git"

    @property
    def work(self) -> Path:
        """The clone that is worked in."""
        return self.folder / "work"

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="upheld-lab-git-"))
        self.git("init", "--quiet", "--bare", f"--initial-branch={self.branch}", str(self.shared), at=self.folder)
        self.git("init", "--quiet", f"--initial-branch={self.branch}", str(self.work), at=self.folder)
        self.git("remote", "add", "origin", str(self.shared))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._folder = None

    def git(self, *words: str, by: str = "alice", at: Path | None = None, dated: str = "", may_fail: bool = False) -> str:
        """Run git as the engineer `by`; `dated` forges both dates. Return what it prints; raises `RuntimeError` with its complaint."""
        mail = f"{by}@example.org"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        environment |= {"GIT_AUTHOR_NAME": by, "GIT_AUTHOR_EMAIL": mail, "GIT_COMMITTER_NAME": by, "GIT_COMMITTER_EMAIL": mail}
        if dated:
            environment |= {"GIT_AUTHOR_DATE": dated, "GIT_COMMITTER_DATE": dated}
        done = subprocess.run(
            [find("git"), *words], cwd=at or self.work, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode != 0 and not may_fail:
            raise RuntimeError(f"git {words[0]}: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

    def commit(self, name: str, text: str, *trailers: str, by: str = "alice", dated: str = "") -> str:
        """Change the file `name`, commit it with `trailers` (Reviewed-by: ...), and return the commit's id."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "--", name)
        message = f"Change {name}" + ("\n\n" + "\n".join(trailers) if trailers else "")
        self.git("commit", "--quiet", "--no-verify", "-m", message, by=by, dated=dated)
        return self.head

    @property
    def head(self) -> str:
        """The id of the newest commit in `work`."""
        return self.git("rev-parse", "HEAD")

    def push(self, *, force: bool = False) -> None:
        """Push the branch to `shared`."""
        self.git("push", "--quiet", *(["--force"] if force else []), "origin", f"HEAD:refs/heads/{self.branch}")
