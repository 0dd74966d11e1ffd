"""What history costs: 90 daily collections of 50,000 accounts, 0.35 % of them changed each day, beside 90 full Parquet files.

    .venv/bin/python benchmarks/history.py [--rows 50000] [--days 90] [--times 10]

The data are made up from a seed, and varied as a directory's are: random UUIDs as keys (the worst to compress), names put
together from 60 first and 200 last names, sign-ins and password changes at random seconds, a third without mail, 3 % disabled. Each day
0.35 % of the accounts change: four fifths sign in, some set a password, are disabled, join or leave. (A directory in which
everybody signs in every day changes every row every day; no history of rows is small then.) Seconds are CPU seconds of
this process, all threads, unless it says otherwise. The store is merged when it has more than 8 files.
Of the peer every ninth day is written, and counted nine times.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TypeVar

import duckdb

from upheld.evidence.canonical import json_line, plain
from upheld.evidence.collection import Collecting
from upheld.evidence.duck import connect, load_lines, stored_types
from upheld.evidence.frame import ChangeFile, frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import Value, table

START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CHANGED = 0.0035
MANY_FILES = 8
PEER_EVERY = 9
ASKED = ("id", "user_name", "kind", "enabled", "last_login_at")
Result = TypeVar("Result")
Account = dict[str, Value]


class Directory:
    """A made-up directory of accounts that changes from day to day, always in the same way for one seed."""

    def __init__(self, rows: int) -> None:
        self.random = random.Random(20260101)
        syllables = [
            "an",
            "ber",
            "cor",
            "dal",
            "em",
            "fin",
            "gor",
            "hel",
            "is",
            "jen",
            "kö",
            "lin",
            "mar",
            "nor",
            "os",
            "pe",
            "ro",
            "sø",
            "ta",
            "vil",
        ]
        self.first = [self._word(syllables, 2) for _ in range(60)]
        self.last = [self._word(syllables, 3) for _ in range(200)]
        self.numbers = 0
        self.accounts = [self._account(START) for _ in range(rows)]

    def _word(self, syllables: list[str], count: int) -> str:
        return "".join(self.random.choice(syllables) for _ in range(count)).capitalize()

    def _before(self, now: datetime, days: float) -> datetime:
        return now - timedelta(seconds=self.random.randrange(int(days * 86400)))

    def _account(self, now: datetime) -> Account:
        self.numbers += 1
        first, last = self.random.choice(self.first), self.random.choice(self.last)
        name = f"{first}.{last}{self.numbers % 100:02}".lower()
        created_at = self._before(now, 3000)
        return {
            "id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            "system_id": "directory",
            "user_name": name,
            "identifier": name,
            "uid_number": 10000 + self.numbers,
            "kind": self.random.choices(["person", "service", "admin"], [92, 6, 2])[0],
            "person_ref": str(100000 + self.numbers),
            "display_name": f"{first} {last}",
            "mail": f"{name}@example.org" if self.random.random() < 0.67 else None,
            "enabled": self.random.random() < 0.97,
            "created_at": created_at,
            "changed_at": created_at + timedelta(seconds=self.random.randrange(int((now - created_at).total_seconds()) + 1)),
            "last_login_at": self._before(now, 90),
            "last_login_lag": timedelta(0),
            "password_changed_at": self._before(now, 365),
            "password_must_change": False,
            "password_scheme": self.random.choices(["ssha", "argon2", "pbkdf2"], [5, 90, 5])[0],
            "password_rule_id": "default",
            "has_mfa": self.random.random() < 0.8,
        }

    def pass_a_day(self, now: datetime) -> None:
        """Change 0.35 % of the accounts."""
        for place in self.random.sample(range(len(self.accounts)), round(len(self.accounts) * CHANGED)):
            what = self.random.random()
            account = self.accounts[place]
            if what < 0.8:
                self.accounts[place] = account | {"last_login_at": self._before(now, 1)}
            elif what < 0.9:
                self.accounts[place] = account | {"password_changed_at": self._before(now, 1), "changed_at": self._before(now, 1)}
            elif what < 0.95:
                self.accounts[place] = account | {"enabled": not account["enabled"], "changed_at": self._before(now, 1)}
            else:
                self.accounts[place] = self._account(now)


def timed(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """Return what `work` returns, and the CPU and wall-clock seconds it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def recorded(folder: Path, rows: int, days: int) -> tuple[list[ChangeFile], list[float], list[float], float]:
    """Record `days` days, and return the files that are left, CPU seconds of each day's recording, of its checking, and of merging."""
    directory, files, recording, checking, merging = Directory(rows), [], [], [], 0.0
    for day in range(days):
        now = START + day * DAY
        if day:
            directory.pass_a_day(now)
        into = Collecting("directory", ["accounts"], now)
        checking.append(timed(lambda into=into: into.rows("accounts", directory.accounts))[1])
        told, cpu, _ = timed(lambda into=into, day=day, files=tuple(files): Store(folder, files).record(into, str(day)))
        recording.append(cpu)
        files += told.files
        if len(files) > MANY_FILES:
            merged, cpu, _ = timed(lambda files=tuple(files): Store(folder, files).compact("accounts", "directory"))
            merging += cpu
            old, files = files, [merged]
            Store(folder, files).discard(file.path for file in old)
    return files, recording, checking, merging


def asked(files: list[ChangeFile], days: int, columns: tuple[str, ...] | None) -> tuple[float, float]:
    """Ask every ninth day again, and return the median CPU and wall-clock milliseconds: to load the table, and to count in it."""
    found = []
    for day in range(0, days, 9):
        frame = frame_at(files, [], START + day * DAY)
        with connect() as connection:
            connection.execute("SET threads = 1")  # two are sooner done on an idle machine, and take a third more CPU

            def ask(frame=frame, connection=connection) -> None:
                frame.load(connection, ["accounts"], columns=None if columns is None else {"accounts": columns})
                connection.execute(
                    "SELECT count(*), count(*) FILTER (enabled AND last_login_at < $1 - INTERVAL 45 DAYS) FROM accounts",
                    [frame.as_of.replace(tzinfo=None)],
                ).fetchone()

            found.append(timed(ask)[1:])
    return median(cpu for cpu, _ in found) * 1000, median(wall for _, wall in found) * 1000


def peer(folder: Path, rows: int, days: int) -> tuple[int, float]:
    """Write days in full as Parquet; return what all of them take: bytes, and CPU seconds to write them (not to read the source)."""
    folder.mkdir()
    directory, spent, contract = Directory(rows), 0.0, table("accounts")
    for day in range(days):
        if day:
            directory.pass_a_day(START + day * DAY)
        if day % PEER_EVERY:
            continue
        with connect() as connection:
            load_lines(connection, "a", stored_types(contract), (json_line(plain(contract, row)) for row in directory.accounts))
            copy = f"COPY a TO '{folder}/{day}.parquet' (FORMAT parquet, COMPRESSION zstd)"
            spent += timed(lambda connection=connection, copy=copy: connection.execute(copy))[1]
    return sum(path.stat().st_size for path in folder.iterdir()) * PEER_EVERY, spent * PEER_EVERY


def show(label: str, figure: str, target: str = "") -> None:
    print(f"  {label:<58} {figure:>14}   {target}".rstrip())


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--times", type=int, default=10, help="how many times the rows to compare with; 1 leaves that out")
    chosen = parser.parse_args(argv)
    print(f"DuckDB {duckdb.__version__}, Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _report(folder, chosen.rows, chosen.days)
        if chosen.times > 1:
            _scale(folder, chosen.rows, chosen.times)


def _report(folder: Path, rows: int, days: int) -> None:
    print(f"{days} daily collections of {rows:,} accounts, {CHANGED:.2%} changed a day")
    files, recording, checking, merging = recorded(folder / "ours", rows, days)
    size = sum(file.path.stat().st_size for file in files)
    show("history in all", f"{size / 1e6:.2f} MB", "target 5 MB")
    show("  of which the first day", f"{_first(folder, rows) / 1e6:.2f} MB")
    show("  files", f"{len(files)}")
    show("recording the first day", f"{recording[0]:.2f} s")
    show("recording a later day, median", f"{median(recording[1:]):.2f} s", "target about 1 s")
    show("  beside it, checking rows against the contract", f"{median(checking):.2f} s")
    show(f"merging, in all {days} days", f"{merging:.2f} s")
    for label, columns in ((f"{len(ASKED)} columns", ASKED), ("all columns", None)):
        asked(files, min(days, 9), columns)
        cpu, wall = asked(files, days, columns)
        show(f"a past day asked again, {label}: wall clock", f"{wall:.0f} ms", "")
        show("  CPU", f"{cpu:.0f} ms", "target 50 ms" if columns else "")
    size, spent = peer(folder / "peer", rows, days)
    show(f"plain peer, {days} full Parquet files", f"{size / 1e6:.1f} MB")
    show("  writing one of them", f"{spent / days:.2f} s")


def _first(folder: Path, rows: int) -> int:
    return recorded(folder / "first", rows, 1)[0][0].size_bytes


def _scale(folder: Path, rows: int, times: int) -> None:
    small, large = (recorded(folder / name, count, 4) for name, count in (("small", rows), ("large", rows * times)))
    ratio = median(large[1][1:]) / median(small[1][1:])
    show(f"{times} times the rows: recording a day costs", f"{ratio:.1f} x", f"target {times * 1.2:.0f} x")
    ratio = asked(large[0], 4, ASKED)[0] / asked(small[0], 4, ASKED)[0]
    show("  asking a past day costs (CPU)", f"{ratio:.1f} x", f"target {times * 1.2:.0f} x")


if __name__ == "__main__":
    main(sys.argv[1:])
