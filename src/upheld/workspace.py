"""A workspace: the directory that holds one company's database and history, and the key directory beside it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

STAGE = ".upheld-stage-"  # begins the name of a folder in which a copy is made ready to be archived, or to take a workspace's place


class InUse(RuntimeError):
    """A workspace cannot be had as asked: others are at work in it, or somebody has it alone."""


@dataclass(frozen=True)
class Workspace:
    """Where everything of one company lies. `keys` is outside `root`, so that a backup of one never carries the other."""

    root: Path

    @property
    def keys(self) -> Path:
        """Signing keys (0600), row salts' keys and the ledger's high-water mark; 0700."""
        return self.root.with_name(self.root.name + ".keys")

    @property
    def database(self) -> Path:
        """The SQLite database of registers, ledger and jobs."""
        return self.root / "upheld.sqlite3"

    @property
    def history(self) -> Path:
        """Parquet change files, a folder a table."""
        return self.root / "history"

    @property
    def outcomes(self) -> Path:
        """Populations of past judgements, a Parquet file each."""
        return self.root / "outcomes"

    @property
    def documents(self) -> Path:
        """The company's own documents, beside the shipped ones."""
        return self.root / "documents"

    @property
    def measures(self) -> Path:
        """The company's own measures, beside the shipped ones."""
        return self.root / "measures"

    @property
    def parameters(self) -> Path:
        """The company's own values for shipped parameters."""
        return self.root / "parameters.toml"

    @property
    def exists(self) -> bool:
        """Whether `create` has been run here."""
        return self.database.parent.is_dir() and self.keys.is_dir()

    @property
    def has_lost_its_keys(self) -> bool:
        """Whether a database lies here, which was made together with a key directory, and that directory is gone."""
        return not self.keys.is_dir() and self.database.is_file() and bool(self.database.stat().st_size)

    @property
    def is_stage(self) -> bool:
        """Whether this is a copy that is being made ready: it shares the keys of the real one, and must not sign."""
        return self.root.parent.name.startswith(STAGE)

    @property
    def has_lost_its_database(self) -> bool:
        """Whether something was signed here, so that there was a database, and there is none now (PostgreSQL's is elsewhere)."""
        if os.environ.get("UPHELD_DATABASE") or (self.database.is_file() and self.database.stat().st_size):
            return False
        return any((self.keys / "ledger").glob("*.mark"))

    def create(self) -> None:
        """Make the directories, private to this user. Does nothing where they stand."""
        for directory in (self.root, self.history, self.outcomes, self.documents, self.measures, self.keys):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)


def current() -> Workspace:
    """Return the workspace of `UPHELD_WORKSPACE`, else the one in the user's data directory."""
    chosen = os.environ.get("UPHELD_WORKSPACE")
    root = Path(chosen) if chosen else platformdirs.user_data_path("upheld", appauthor=False) / "workspace"
    return Workspace(root.expanduser().resolve())


_held: dict[Path, int] = {}


def use(space: Workspace) -> None:
    """Say for the life of this process that it is at work in `space`, so that nobody puts another state in its place meanwhile.

    Raises `InUse` while somebody has it alone. Where nothing can be written beside the workspace, nothing is said.
    """
    path = space.keys / "use.lock"
    if path in _held:
        return
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise InUse(f"{space.root} is being restored or upgraded: run this again when that has ended") from error
    while _held:
        os.close(_held.popitem()[1])
    _held[path] = descriptor


@contextmanager
def alone(space: Workspace) -> Iterator[None]:
    """Have `space` for this process alone. Raises `InUse` naming who is at work in it. The kernel lets go when the process dies."""
    space.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = space.keys / "use.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(
                f"{space.root} is in use by {_users(descriptor)}: end that first, such as upheld serve; nothing was changed"
            ) from error
        yield
    finally:
        os.close(descriptor)


def _users(descriptor: int) -> str:
    """Name the processes that hold a lock on the file, as the kernel lists them (proc_locks(5)); "another process" where it does not."""
    inode = str(os.fstat(descriptor).st_ino)
    try:
        lines = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    except OSError:
        lines = []
    found = sorted({int(words[4]) for words in lines if len(words) > 5 and words[5].rpartition(":")[2] == inode and words[4].isdigit()})
    return " and ".join(f"process {number}" for number in found if number) or "another process"
