"""A process that restores or upgrades again and again, each time in a child that is killed at one moment: told by lines of JSON.

The moments are counted: whatever Python asks of the file system (sys.addaudithook). Asked for moment 0, a child lives to its end.
Before other moments everything is copied as it lies there, which is what a kill just then would have left on the disk.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import django
from django.db.migrations.loader import MigrationLoader

PREFIXES = ("open", "os.", "shutil.", "sqlite3.connect", "ctypes.")


def counted(kill_at: int, copy_at: list[int], folder: Path, tell: int) -> None:
    """Count moments from now on, copy `folder` beside itself at those in `copy_at`, kill this process at `kill_at`.

    The pipe `tell` is told each number that was reached.
    """
    seen, copying = 0, False

    def hook(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal seen, copying
        if not copying and event.startswith(PREFIXES) and event not in ("os.listdir", "os.scandir"):
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if seen in copy_at:
                copying = True
                shutil.copytree(folder, folder.with_name(f"{folder.name}.at-{seen}"))
                copying = False

    sys.addaudithook(hook)
    at_end.append(lambda: os.write(tell, str(seen).encode()))


at_end: list = []


def act(asked: dict) -> None:
    """Do what is asked."""
    from upheld.upkeep import restoring, upgrading
    from upheld.upkeep.restoring import Source
    from upheld.upkeep.stage import working_on
    from upheld.upkeep.taking import Target
    from upheld.workspace import Workspace

    space = Workspace(Path(asked["root"]))
    with working_on(space):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            counted(asked["kill_at"], asked.get("copy_at", []), space.root.parent, writing)
            if asked["do"] == "restore":
                restoring.restore(space, Source(Path(asked["file"])))
            else:
                upgrading.upgrade(space, Target(Path(asked["file"])))
            at_end[0]()
            os._exit(0)
        os.close(writing)
        if asked.get("after") is not None:
            time.sleep(asked["after"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as pipe:
            moments = pipe.read()
    print(json.dumps({"status": os.waitstatus_to_exitcode(status), "moments": int(moments or 0)}), flush=True)  # noqa: T201


if __name__ == "__main__":
    django.setup()
    MigrationLoader(None)  # loaded here, so that no child counts how a module is compiled, or finds it compiled by another
    for line in sys.stdin:
        act(json.loads(line))
