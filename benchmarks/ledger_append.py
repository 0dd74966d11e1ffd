"""What the ledger adds to a save, what placing costs, and a bulk: `python -m benchmarks.ledger_append`. CPU time, best of several."""

import argparse
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.ledger_fill import Facts, best, cpu, fill, say, workspace

BATCH = 5000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="how often each is measured; the best counts")
    parser.add_argument("--bulk", type=int, default=100_000, help="entries of a bulk")
    options = parser.parse_args()
    with workspace() as root:
        from upheld.ledger.sequencer import sequence

        told = Facts().bodies(BATCH)
        appended, placed = [], []
        for _ in range(options.times):
            appended.append(cpu(lambda: save(told), BATCH))
            placed.append(cpu(sequence, BATCH))
        say("append, 5,000 a transaction: what a save costs more", min(appended), "aim <= 30 us")
        say("sequence them: recognise, place, recompute, sign", min(placed), "aim >= 50,000/CPU-s")
        say("both", min(appended) + min(placed), "")
        bulk = min(fill(options.bulk)[1] for _ in range(options.times))
        say(f"{options.bulk:,} in bulk: make, place, recompute, sign", bulk, "aim >= 100,000/CPU-s")
        say("append naming a person, with one personal value", best(lambda: save_with_person(told), BATCH, 2), "")
        say("append, a transaction each, with its commit", best(lambda: save_each(told[:1000]), 1000), "")
        sequence()
        say("beside it: bare SQLite, 500 bytes, 5,000 a commit", bare(root), "neither guards nor proofs")


Told = list[tuple[dict[str, Any], tuple[str, str]]]


def save(told: Told) -> None:
    """Append what was `told` in one transaction."""
    from django.db import transaction

    from upheld.ledger.append import append

    with transaction.atomic():
        for body, subject in told:
            append("verdict.changed", body=body, subject=subject)


def save_with_person(told: Told) -> None:
    """Append as many entries that name a person each."""
    from django.db import transaction

    from upheld.ledger.append import append

    with transaction.atomic():
        for number, _ in enumerate(told):
            append("request.received", body={"n": number}, subject=("person", f"psn_{number % 50}"), personal={"email": "a@example.com"})


def save_each(told: Told) -> None:
    """Append each in its own transaction."""
    for one in told:
        save([one])


def bare(root: Path) -> float:
    """Return what inserting 500 bytes costs without any ledger, durably."""
    database = sqlite3.connect(root / "bare.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entry (idx INTEGER PRIMARY KEY, data BLOB)")

    def insert() -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO entry (data) VALUES (?)", [(b"x" * 500,)] * BATCH)
        database.execute("COMMIT")

    work: Callable[[], object] = insert
    return best(work, BATCH)


if __name__ == "__main__":
    main()
