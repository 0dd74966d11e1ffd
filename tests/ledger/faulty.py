"""Disks that fail and power that goes: programs run over `faults.c`, and what a power failure takes back of what they wrote."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")

# Appends in batches, telling each commit; sequences now and then, telling each checkpoint. $SYNCHRONOUS is for the control.
WRITER = """
import os, sys, django
django.setup()
from django.db import connection, transaction
from upheld.ledger import sequencer
from upheld.ledger.append import Draft, append, append_all
synchronous = os.environ.get("SYNCHRONOUS", "FULL")
with connection.cursor() as cursor:
    cursor.execute("PRAGMA synchronous = " + synchronous)
if synchronous != "FULL":
    sequencer._require_durable = lambda: None
say = lambda *words: (sys.stdout.write(" ".join(map(str, words)) + "\\n"), sys.stdout.flush())
say("ready")
for turn in range(10**6):
    with transaction.atomic():
        ids = [append("thing.happened", body={"turn": turn, "n": n}) for n in range(1 + turn % 7)]
        if turn % 5 == 4:
            ids += append_all(Draft("thing.happened", {"turn": turn, "n": n}) for n in range(300))
    say("kept", *ids)
    if turn % 3 == 0:
        done = sequencer.sequence()
        say("signed", done.size, done.root.hex())
"""

SEQUENCE = """
import django
django.setup()
from upheld.ledger.sequencer import sequence
done = sequence()
print(done.placed, done.size)
"""


def compiled(to: Path) -> Path | None:
    """Return `faults.c` as a library in the directory `to`, or None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = to / "faults.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def environment(workspace: Path, **more: str) -> dict[str, str]:
    """Return the environment of a program that uses that workspace."""
    return {"DJANGO_SETTINGS_MODULE": "upheld.settings", "UPHELD_WORKSPACE": str(workspace), "PATH": os.environ["PATH"], **more}


def faulty(library: Path, workspace: Path, rule: str, code: str = SEQUENCE) -> subprocess.CompletedProcess[str]:
    """Run `code` in the workspace on a disk with the fault of `rule` (see `faults.c`)."""
    below = str(workspace.parent)
    shown = environment(workspace, LD_PRELOAD=str(library), FAULTS_BELOW=below, FAULTS_RULE=rule)
    return subprocess.run([sys.executable, "-c", code], env=shown, capture_output=True, text=True, check=False, timeout=60)


@dataclass(frozen=True)
class Change:
    """One change of a file, with what undoes it."""

    path: Path
    size: int
    offset: int
    length: int
    old: bytes | None  # None: there was no such file

    def undo(self, later: list["Change"]) -> None:
        """Take it back, where the changes `later` stay."""
        if self.length < 0:  # a renaming
            self.path.unlink(missing_ok=True) if self.old is None else self.path.write_bytes(self.old)
            return
        assert self.old is not None
        with self.path.open("r+b") as file:
            file.seek(self.offset)
            file.write(self.old + bytes(self.length - len(self.old)))
            file.truncate(max([self.size, *(each.offset + each.length for each in later if each.path == self.path)]))


def unsynced(journal: Path) -> list[Change]:
    """Return the changes that no sync has put on the disk, oldest first."""
    found: list[Change] = []
    for kind, path, change in _records(journal.read_bytes()):
        if kind == "S":
            found = [each for each in found if each.path != path and not (each.length < 0 and each.path.parent == path)]
        elif change is not None:
            found.append(change)
    return found


def power_off(workspace: Path, journal: Path, chance: random.Random) -> int:
    """Take back what a power failure might of what was not synced, and return how many changes that were."""
    changes = unsynced(journal)
    odds = chance.choice([0.0, 0.5, 0.9, 1.0])  # of staying: disks write in any order
    stay = [chance.random() < odds for _ in changes]
    for at in reversed(range(len(changes))):
        if not stay[at]:
            changes[at].undo([change for change, stays in zip(changes[at + 1 :], stay[at + 1 :], strict=True) if stays])
    (workspace / "upheld.sqlite3-shm").unlink(missing_ok=True)
    journal.unlink()
    return stay.count(False)


def _records(data: bytes) -> Iterator[tuple[str, Path, Change | None]]:
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        kind, *words = data[at:end].decode().split(" ")
        at = end + 1
        if kind == "S":
            yield kind, Path(" ".join(words)), None
            continue
        size, offset, length, had = (0, 0, -1, int(words[0])) if kind == "R" else map(int, words[:4])
        path = Path(" ".join(words[1 if kind == "R" else 4 :]))
        old = None if had < 0 else data[at : at + had]
        at += max(had, 0)
        yield kind, path, Change(path, size, offset, length, old)
