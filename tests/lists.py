"""Lists that a company made once reads at a fixed place, and that each test has a copy of its own of."""

import shutil
from pathlib import Path


def lend(made: Path, to: Path) -> None:
    """Copy `made`/lists.made to the folder `to`, and let `made`/lists, where the sources read, lead there.

    A source's settings are entered in the ledger, so that a copy of a workspace cannot just be pointed elsewhere.
    """
    shutil.copytree(made / "lists.made", to)
    (made / "lists").unlink(missing_ok=True)
    (made / "lists").symlink_to(to, target_is_directory=True)
