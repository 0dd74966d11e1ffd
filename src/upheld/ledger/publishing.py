"""Publishing checkpoints in a Git repository: one file a log that only grows, so that others hold what we cannot change."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from upheld.ledger import anchors
from upheld.ledger import checkpoint as checkpoints
from upheld.ledger.checkpoint import MalformedCheckpoint
from upheld.ledger.continuity import LedgerForked, file_name
from upheld.ledger.store import StoredLog

_SECONDS = 60


class NotPublished(RuntimeError):
    """A repository that is none, or that was changed by somebody else, or could not be pushed; the message says which."""


@dataclass(frozen=True)
class Published:
    """What was done: the file, the size published last, whether that is new, and the commit it is in."""

    file: Path
    size: int
    new: bool
    commit: str


def publish(log: StoredLog, repository: Path, remote: str = "") -> Published:
    """Append the last checkpoint of `log`, with its cosignatures, to its file in `repository`, commit, and push to `remote` if given.

    A folder that does not exist becomes a repository. What is there must be the beginning of this log, or nothing is
    written. Raises `LedgerForked` or `NotPublished`.
    """
    signed = log.checkpoint()
    if signed is None:
        raise NotPublished(f"{log.origin} has no checkpoint yet: run `upheld ledger checkpoint`")
    if not repository.exists():
        repository.mkdir(parents=True)
        _git(repository, "init", "--quiet")
    name = file_name(log.origin, "checkpoints")
    path = repository / name
    before = path.read_bytes() if path.exists() else b""
    _require_committed(repository, name, before)
    new = _last_size(log, before) < signed[0]
    if new:
        text = before + (b"\n" if before else b"") + anchors.note(log, *signed).encode()
        path.write_bytes(text)
        _git(repository, "add", "--", name)
        _git(repository, "commit", "--quiet", "--no-verify", "--message", f"{log.origin}: {signed[0]} entries", "--", name)
    if remote:
        _git(repository, "push", "--quiet", "--no-verify", remote, "HEAD")
    return Published(path, signed[0], new, _git(repository, "rev-parse", "HEAD").strip())


def _last_size(log: StoredLog, before: bytes) -> int:
    """Return the size published last, 0 for nothing. Raises `LedgerForked` if that is not the beginning of `log`."""
    notes = checkpoints.several(before)
    if not notes:
        return 0
    try:
        last = checkpoints.parse(notes[-1])[0]
    except MalformedCheckpoint as error:
        raise NotPublished(f"what was published of {log.origin} is damaged: {error}") from error
    if last.origin != log.origin or last.size > log.size() or log.root(last.size) != last.root:
        raise LedgerForked(
            f"{last.size:,} entries of {last.origin} were published, and this log does not begin with them: it was restored or replaced"
        )
    return last.size


def _require_committed(repository: Path, name: str, content: bytes) -> None:
    """Raise `NotPublished` unless `content` is what the repository's last commit has under `name`."""
    if not (repository / ".git").exists():
        raise NotPublished(f"{repository} is no Git repository: name one, or a folder that does not exist yet")
    try:
        committed = _git(repository, "show", f"HEAD:{name}").encode()
    except NotPublished:
        committed = b""
    if committed != content:
        raise NotPublished(f"{repository / name} is not what was committed: put it back by git restore, then publish again")


def _git(repository: Path, *words: str) -> str:
    """Run git on `repository` without its hooks, as nobody in particular, and return what it prints. Raises `NotPublished`."""
    settings = (
        "core.hooksPath=/dev/null",
        "user.name=Upheld",
        "user.email=ledger@upheld.invalid",
        "commit.gpgSign=false",
        "core.autocrlf=false",
    )
    command = ["git", *(word for setting in settings for word in ("-c", setting)), *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {"GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotPublished(f"git {words[0]} in {repository} did not run: {error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NotPublished(f"git {words[0]} in {repository} failed: {said[-1] if said else f'status {done.returncode}'}")
    return done.stdout.decode("utf-8", "replace")
