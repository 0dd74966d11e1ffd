"""What the ledger's benchmarks share: a scratch workspace, entries to fill it with, and CPU time by the entry."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ORIGIN = "benchmark.example/ledger/main/1"
BODY = {"from": "upheld", "measure": "authorization/leavers_removed", "note": "x" * 200, "population": 600, "to": "broken"}


@contextmanager
def workspace() -> Iterator[Path]:
    """Yield a fresh workspace with a ledger, used by Django in this process; it is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="upheld-benchmark-") as scratch:
        os.environ["UPHELD_WORKSPACE"] = str(Path(scratch) / "workspace")
        os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from upheld import workspace as workspaces
        from upheld.ledger import sequencer

        workspaces.current().create()
        call_command("migrate", verbosity=0, interactive=False)
        sequencer.init(ORIGIN)
        yield workspaces.current().root


def fill(count: int) -> None:
    """Sequence `count` entries, written to the outbox in bulk: the quickest way to a log of that size."""
    from django.db import connection, transaction

    from upheld import clock
    from upheld.ledger import canonical, identifier, sequencer, store
    from upheld.ledger.entry import Entry, Party

    log = store.current()
    assert log is not None
    number, system = log.size() + 1, Party("system", id="upheld")
    emitter = "benchmark"
    for start in range(0, count, 20_000):
        rows = []
        for at in range(start, min(start + 20_000, count)):
            now = clock.now()
            name = identifier.new(now)
            entry = Entry(log.origin, name, now, "verdict.changed", system, "worker", emitter, at + 1, {**BODY, "n": number + at})
            rows.append((log.number, identifier.time_id(name), canonical.encode(entry.fields())))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany("INSERT INTO ledger_outbox (log, time_id, data) VALUES (%s, %s, %s)", rows)
        sequencer.sequence()


def cpu(work: Callable[[], object], entries: int) -> float:
    """Return the CPU microseconds of `work` by the entry."""
    start = time.process_time()
    work()
    return (time.process_time() - start) / entries * 1e6


def say(what: str, microseconds: float, target: str) -> None:
    """Print one figure: microseconds, and how many a second of CPU time."""
    print(f"{what:58s} {microseconds:9.2f} us  {1e6 / microseconds:12,.0f} /CPU-s   target {target}")
