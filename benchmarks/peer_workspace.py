"""The workspace that `peer_rows` measures: so many people, assets, projects and contacts, judged, with an account and a token.

python -m benchmarks.peer_workspace FOLDER COUNT   (prints what it made, as JSON)
"""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LEAD, MAIL = "1005", "lea@example.org"


@dataclass(frozen=True)
class Made:
    """A workspace with `count` of each, the port that it may be served on, and how to get in."""

    root: Path
    count: int
    port: int
    token: str
    figures: dict[str, float]
    person: str = LEAD
    mail: str = MAIL

    @classmethod
    def fresh(cls, folder: Path, count: int) -> "Made":
        """Make one below `folder`, in a process of its own: Django knows one workspace."""
        folder.mkdir(parents=True)
        root = folder / "workspace"
        command = [sys.executable, "-m", "benchmarks.peer_workspace", str(root), str(count)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        return cls(root, count, told["port"], told["token"], told["figures"])

    @property
    def environment(self) -> dict[str, str]:
        """The environment of commands that work in it."""
        return {**os.environ, "UPHELD_WORKSPACE": str(self.root), "DJANGO_SETTINGS_MODULE": "upheld.settings"}

    def assets(self) -> int:
        """Return how many assets there are, as the file of the database says."""
        with sqlite3.connect(self.root / "upheld.sqlite3") as connection:
            return int(connection.execute("SELECT count(*) FROM registers_asset").fetchone()[0])


def main(root: Path, count: int) -> None:
    """Make it, and print what peer_rows needs."""
    os.environ["UPHELD_WORKSPACE"], os.environ["DJANGO_SETTINGS_MODULE"] = str(root), "upheld.settings"
    import django

    django.setup()
    from benchmarks import peer_filling

    print(json.dumps(peer_filling.fill(count, LEAD, MAIL)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
