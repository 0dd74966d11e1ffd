"""A workspace: the directory that holds one company's database and history, and the key directory beside it."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


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

    def create(self) -> None:
        """Make the directories, private to this user. Does nothing where they stand."""
        for directory in (self.root, self.history, self.outcomes, self.documents, self.measures, self.keys):
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)


def current() -> Workspace:
    """Return the workspace of `UPHELD_WORKSPACE`, else the one in the user's data directory."""
    chosen = os.environ.get("UPHELD_WORKSPACE")
    root = Path(chosen) if chosen else platformdirs.user_data_path("upheld", appauthor=False) / "workspace"
    return Workspace(root.expanduser().resolve())
