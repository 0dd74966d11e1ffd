"""Asks a restic repository by the restic program. The password goes to it by its environment, never among its arguments."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from upheld.sources.source import SourceError

DAMAGE = (
    "repository contains errors",
    "ciphertext verification failed",
    "does not match id",
    "pack ID does not match",
    "invalid data returned",
)


@dataclass(frozen=True)
class Done:
    """How a command ended: `status` is None if it was stopped because it took too long."""

    status: int | None
    printed: str
    complaint: str

    @property
    def last_words(self) -> str:
        """The last line of its complaint, shortened."""
        lines = [line for line in (self.complaint.strip() or self.printed.strip()).splitlines() if line.strip()]
        return lines[-1][:300] if lines else f"status {self.status}"

    @property
    def damaged(self) -> bool:
        """Whether it complained about damage in the repository, not about the way there."""
        said = self.printed + self.complaint
        return any(words in said for words in DAMAGE)


@dataclass(frozen=True)
class Restic:
    """A repository, and how long a command may take."""

    repository: str
    password: str
    patience: float
    program: str = "restic"

    def run(self, *words: str) -> Done:
        """Run restic without taking a lock, so that reading rights suffice; raises `SourceError` when it is not installed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RESTIC_")}
        environment |= {"RESTIC_REPOSITORY": self.repository, "RESTIC_PASSWORD": self.password, "LC_ALL": "C.UTF-8"}
        environment.setdefault("HOME", "/nonexistent")
        argv = [self.program, "--no-lock", "--quiet", *words]
        try:
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.patience, env=environment, check=False)
        except OSError as error:
            raise SourceError(f"{self.program} could not be started: {error.strerror}: install restic", permanent=True) from error
        except subprocess.TimeoutExpired:
            return Done(None, "", f"it took longer than {self.patience:.0f} s")
        return Done(done.returncode, _text(done.stdout), _text(done.stderr))

    def snapshots(self) -> str:
        """Return all snapshots as JSON; raises `SourceError`: the repository is not there, the password is wrong."""
        done = self.run("snapshots", "--json")
        if done.status != 0:
            wrong = "wrong password" in done.complaint or "no key found" in done.complaint
            hint = ": name a secret that opens it" if wrong else ""
            raise SourceError(f"{self.repository}: {done.last_words}{hint}", permanent=wrong)
        return done.printed

    def size(self, snapshot: str) -> str:
        """Return the statistics of `snapshot` as JSON; empty when they could not be had."""
        done = self.run("stats", "--json", "--mode", "restore-size", snapshot)
        return done.printed if done.status == 0 else ""

    def check(self, subset: str) -> Done:
        """Check the repository's structure, and `subset` of its data (5%, 1/10, 100%) unless that is empty."""
        return self.run("check", *([f"--read-data-subset={subset}"] if subset else []))

    def restore(self, snapshot: str, target: Path, only: Sequence[str] = ()) -> Done:
        """Restore `snapshot` into the empty folder `target`."""
        return self.run("restore", snapshot, "--target", str(target), *(word for path in only for word in ("--include", path)))


def _text(printed: bytes) -> str:
    return printed.decode("utf-8", errors="backslashreplace")
