"""Workspaces of released versions, frozen by `tests/upkeep/freeze.py`, with keys of a company that does not exist."""

import zipfile
from pathlib import Path

from upheld.workspace import Workspace

RELEASED = sorted(Path(__file__).parent.glob("*.zip"))


def unzipped(release: Path, to: Path) -> Workspace:
    """Unpack a frozen workspace, private as it was."""
    with zipfile.ZipFile(release) as archive:
        archive.extractall(to)
    space = Workspace(to / "workspace")
    space.create()
    for path in space.keys.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return space
