"""What the ledger's benchmarks share: a scratch workspace, entries to fill it with, and CPU time by the entry."""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ORIGIN = "benchmark.example/ledger/main/1"
STATES = ("upheld", "at risk", "excepted", "unproven", "broken")
_TEXT = (
    "access account backup certificate clock contract control database device directory disposal door drill duty encryption evidence "
    "finding firewall folder grant group incident interval key laptop leaver list log measure network owner password patch permission "
    "person policy printer procedure project record region register release repository request restore review role rule scanner server "
    "session software source storage supplier system table test ticket token training update user vendor visitor workspace"
)
WORDS = _TEXT.split()
TRANSACTION = 50_000  # entries of a bulk, by the transaction


@contextmanager
def workspace(at: Path | None = None) -> Iterator[Path]:
    """Yield a fresh workspace with a ledger (`at`, or one that is deleted afterwards), used by Django in this process."""
    with tempfile.TemporaryDirectory(prefix="upheld-benchmark-") as scratch:
        os.environ["UPHELD_WORKSPACE"] = str(at or Path(scratch) / "workspace")
        os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from upheld import workspace as workspaces
        from upheld.ledger import sequencer

        if not workspaces.current().database.exists():
            workspaces.current().create()
            call_command("migrate", verbosity=0, interactive=False)
            sequencer.init(ORIGIN)
        yield workspaces.current().root


class Facts:
    """Verdicts that changed, no two alike: what the entries of a benchmark tell, some 500 bytes each."""

    def __init__(self, seed: int = 1) -> None:
        """Begin."""
        chance = random.Random(seed)
        self._measures = [f"{chance.choice(WORDS)}/{chance.choice(WORDS)}_{chance.choice(WORDS)}" for _ in range(400)]
        self._notes = [" ".join(chance.choices(WORDS, k=chance.randint(2, 24))) for _ in range(5000)]
        self._chance = chance

    def bodies(self, count: int) -> list[tuple[dict[str, Any], tuple[str, str]]]:
        """Return `count` bodies with their subjects."""
        pick, found = self._chance.random, []
        for _ in range(count):
            measure, note = self._measures[int(pick() * 400)], self._notes[int(pick() * 5000)]
            body = {
                "from": STATES[int(pick() * 5)],
                "to": STATES[int(pick() * 5)],
                "measure": measure,
                "note": note,
                "population": int(pick() * 100_000),
                "failing": int(pick() * 100),
            }
            found.append((body, ("measure", measure)))
        return found


def fill(count: int) -> tuple[float, float]:
    """Append `count` entries in bulk and sign them; return the CPU microseconds an entry to make up what happened, and to log it."""
    from django.db import transaction

    from upheld.ledger.append import Draft, append_all
    from upheld.ledger.sequencer import sequence

    facts, made, logged = Facts(), 0.0, 0.0
    for start in range(0, count, TRANSACTION):
        begin = time.process_time()
        told = facts.bodies(min(TRANSACTION, count - start))
        between = time.process_time()
        with transaction.atomic():
            append_all(Draft("verdict.changed", body, subject) for body, subject in told)
        sequence()
        made, logged = made + between - begin, logged + time.process_time() - between
    return made / count * 1e6, logged / count * 1e6


def cpu(work: Callable[[], object], entries: int) -> float:
    """Return the CPU microseconds of `work` by the entry."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / entries * 1e6


def best(work: Callable[[], object], entries: int, times: int = 5) -> float:
    """Return the least CPU microseconds of `work` by the entry, of several times: what other work takes away never helps."""
    return min(cpu(work, entries) for _ in range(times))


def say(what: str, microseconds: float, target: str) -> None:
    """Print one figure: microseconds, and how many a second of CPU time."""
    print(f"{what:64s} {microseconds:9.2f} us  {1e6 / microseconds:12,.0f} /CPU-s   {target}", flush=True)
