"""Writers that are killed, and what must be true of the ledger that they leave."""

import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from tests.ledger.faulty import WRITER, environment, power_off
from tests.ledger.given import Ledger

from upheld.ledger import checkpoint as checkpoints
from upheld.ledger import keys, mark, reading, sequencer
from upheld.ledger.continuity import file_name, key_directory

_IDS = re.compile(rb',"id":"([0-9a-f-]{36})"').findall


class Told:
    """What a writer said was done: ids that it kept, and checkpoints that it signed."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.kept: list[str] = []
        self.signed: dict[int, str] = {}

    def run_and_kill(self, workspace: Path, after: float, **more: str) -> None:
        """Let a writer run for `after` seconds, kill it, and add what it told."""
        shown = environment(workspace, **more)
        writer = subprocess.Popen([sys.executable, "-c", WRITER], env=shown, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        said = writer.stdout.read().splitlines(keepends=True)
        writer.wait()
        for word, *rest in (line.split() for line in said if line.endswith("\n")):
            if word == "kept":
                self.kept += rest
            else:
                self.signed[int(rest[0])] = rest[1]

    def checkpoints_ahead(self, ledger: Ledger) -> list[int]:
        """Return the sizes of what was signed, or marked as about to be, that the ledger does not hold."""
        size = ledger.log.size()
        found = dict(self.signed)
        marked = mark.read(key_directory() / file_name(ledger.log.origin, "mark"))
        last = ledger.log.checkpoint()
        if marked is not None:
            found[marked.size] = marked.root.hex()
        if last is not None:
            stored = checkpoints.verify(last[1].encode(), ledger.log.origin, [ledger.key], keys.verify_signature)
            found[stored.size] = stored.root.hex()
        return [at for at, root in found.items() if at > size or ledger.log.root(at).hex() != root]

    def lost(self, ledger: Ledger) -> int:
        """Return how many of the entries that it kept are neither in the log nor waiting."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM ledger_outbox UNION ALL SELECT data FROM ledger_entry")
            there = {found for (data,) in cursor.fetchall() for found in _IDS(bytes(data))}
        return len(set(self.kept) - {found.decode() for found in there})

    def require_whole(self, ledger: Ledger) -> None:
        """Fail unless all that was told is in the log, each entry once, and the whole log verifies."""
        sequencer.sequence()
        places = [ledger.log.index_of(entry_id) for entry_id in self.kept]
        assert len(set(places)) == len(self.kept)
        assert reading.verify(ledger.log, ledger.key).failed == []
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)


@dataclass(frozen=True)
class Trial:
    """What a power failure took back: changes of files, acknowledged entries, and checkpoints that it left ahead of their entries."""

    gone: int
    lost: int
    ahead: int


def fail_power(ledger: Ledger, library: Path, seed: int, synchronous: str, told: Told) -> Trial:
    """Let a writer run over `faults.c`, and power fail; what is left must be whole unless something was lost."""
    connection.close()
    root, chance = ledger.workspace.root, chances(seed)
    journal = root.parent / "journal"
    # The keys lie beside the workspace under a name that begins with its own, so that both are below; the journal is not.
    more = {"LD_PRELOAD": str(library), "FAULTS_BELOW": str(root), "FAULTS_JOURNAL": str(journal), "SYNCHRONOUS": synchronous}
    told.run_and_kill(root, chance.uniform(0.1, 0.4), **more)
    gone = power_off(root, journal, chance)
    found = Trial(gone, told.lost(ledger), len(told.checkpoints_ahead(ledger)))
    if not found.lost and not found.ahead:
        told.require_whole(ledger)
    return found


def chances(seed: int) -> random.Random:
    """Return chances that are the same for the same seed."""
    return random.Random(seed)
