"""Judging at scale: the shipped measures under varied parameters, 100 judgements on many accounts, in full and after 1 % of them changed.

"change" alters when accounts were last used and whether they have a second factor, as most days do; "wide" alters who they are
of, whether they are enabled and their passwords, and some are new and some gone. Each is judged in a fresh process, and "change"
also in one that judged before.

    python benchmarks/judging.py [--accounts 200000]

Prints CPU seconds of all processes (the judging process from its start, loading included) and peak memory, and beside them
what DuckDB needs to run each of the same queries in full, without population, digests or verdicts.
"""

import argparse
import os
import pickle
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count, islice
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import duckdb

from upheld.checks import library
from upheld.checks.engines import duckdb as engine
from upheld.checks.engines.needs import needs
from upheld.checks.engines.tally import Limits
from upheld.checks.floor import Kind
from upheld.checks.judge import Prepared, prepare
from upheld.checks.keeping import Round
from upheld.checks.parameters import Parameters
from upheld.checks.planning import Way
from upheld.checks.rejudge import Rejudging
from upheld.evidence.collection import Collecting
from upheld.evidence.frame import Frame, frame_at
from upheld.evidence.store import Store

Row = dict[str, Any]
JUDGEMENTS = 100
AIMS = "10 CPU-s in full, 1 CPU-s after a change, 400 MB; what is not met, and why, is in docs/design/verdicts.md"
STEPS = ("full", "change", "living", "wide", "both", "alone")
AS_OF = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIMITS = Limits(seconds=120.0, memory_bytes=320 << 20)


def rows(accounts: int, seed: int = 7) -> dict[str, list[Row]]:
    """A company with that many accounts: 3 a person, 40 systems, 1 grant an account, each column varied and some unknown."""
    chance = random.Random(seed)
    people = [_person(number, chance) for number in range(accounts // 3)]
    systems = [_system(number) for number in range(40)]
    groups = [_group(system["id"], number, chance) for system in systems for number in range(10)]
    held = [_account(number, people, systems, chance) for number in range(accounts)]
    grants = [_grant(account, chance) for account in held]
    return {"people": people, "systems": systems, "accounts": held, "groups": groups, "grants": grants}


def _person(number: int, chance: random.Random) -> Row:
    return {
        "id": f"p{number}",
        "name": f"Person {number}",
        "mail": f"p{number}@sample.example",
        "user_name": f"user{number}",
        "kind": chance.choice(["employee", "contractor"]),
        "role": chance.choice(["engineer", "clerk", "lead"]),
        "started_on": date(2020, 1, 1) + timedelta(days=chance.randrange(2000)),
        "ended_on": date(2026, 1, 1) + timedelta(days=chance.randrange(100)) if chance.random() < 0.002 else None,
        "confidentiality_signed_on": date(2020, 1, 1),
    }


def _system(number: int) -> Row:
    return {"id": f"s{number}", "name": f"System {number}", "in_operation": True, "mfa_required": number % 2 == 0, "owner_id": "p1"}


def _group(system: str, number: int, chance: random.Random) -> Row:
    return {
        "id": f"{system}-g{number}",
        "system_id": system,
        "name": f"group {number}",
        "entitlement": f"group:{number}",
        "privileged": number == 0,
    }


def _account(number: int, people: list[Row], systems: list[Row], chance: random.Random) -> Row:
    person = people[number % len(people)]
    system = systems[number % len(systems)]["id"]
    name = f"{person['user_name']}-{number}"
    ago = timedelta(days=chance.randrange(1, 368 if chance.random() < 0.9 else 180), seconds=chance.randrange(86_400))
    return {
        "id": f"{system}-{number}",
        "system_id": system,
        "user_name": name,
        "identifier": name,
        "kind": chance.choices(["person", "admin", "service"], [95, 1, 4])[0],
        "person_ref": person["id"] if chance.random() < 0.98 else None,
        "owner_ref": person["id"],
        "display_name": person["name"],
        "mail": person["mail"],
        "enabled": chance.random() < 0.9,
        "locked": False,
        "can_sign_in": chance.random() < 0.95,
        "privileged": chance.random() < 0.002,
        "created_at": AS_OF - timedelta(days=500),
        "last_login_at": AS_OF - ago / (4 if chance.random() < 0.98 else 3),
        "password_changed_at": AS_OF - ago,
        "password_must_change": False,
        "password_scheme": chance.choices(["yescrypt", "sha512-crypt", "md5", None], [80, 19, 0.5, 0.5])[0],
        "has_mfa": chance.choices([True, False, None], [98, 1, 1])[0],
    }


def _grant(account: Row, chance: random.Random) -> Row:
    group = chance.randrange(10)
    return {
        "id": f"{account['id']}/{group}",
        "system_id": account["system_id"],
        "holder_kind": "account",
        "holder_id": account["id"],
        "entitlement": f"group:{group}",
        "group_id": f"{account['system_id']}-g{group}",
        "privileged": False,
        "can_grant": False,
        "granted_at": AS_OF - timedelta(days=300),
    }


def frames(accounts: int, folder: Path) -> tuple[Frame, Frame, Frame]:
    """The frame after a first collection, and two of an hour later, in which 1 % of the accounts were changed, in a little and in much."""
    brought = rows(accounts)
    first = _collect(brought, AS_OF, Store(folder, []), "first")
    files = [file for named in first.files.values() for file in named]
    later = AS_OF + timedelta(hours=1)
    return first, *(_collect(change(brought), later, Store(folder, files), change.__name__) for change in (_little, _much))


def _little(brought: dict[str, list[Row]]) -> dict[str, list[Row]]:
    altered = [{**row, "last_login_at": AS_OF, "has_mfa": not row["has_mfa"]} if not at % 100 else row for at, row in _counted(brought)]
    return brought | {"accounts": altered}


def _much(brought: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Of 1,000 accounts 2 are gone and 2 are new, and 6 have another owner and a new password, and are switched on or off."""
    people = brought["people"]
    altered = [
        {**row, "enabled": not row["enabled"], "password_changed_at": AS_OF, "person_ref": people[at % len(people)]["id"]}
        if at % 1000 in range(4, 10)
        else row
        for at, row in _counted(brought)
        if at % 1000 > 1
    ]
    new = [
        {**row, "id": f"{row['id']}-new", "identifier": f"{row['identifier']}-new"} for at, row in _counted(brought) if at % 1000 in (2, 3)
    ]
    return brought | {"accounts": altered + new}


def _counted(brought: dict[str, list[Row]]) -> Iterator[tuple[int, Row]]:
    return enumerate(brought["accounts"])


def _collect(brought: dict[str, list[Row]], seen_at: datetime, store: Store, name: str) -> Frame:
    into = Collecting("directory", list(brought), seen_at)
    for table, each in brought.items():
        into.rows(table, each)
    told = store.record(into, name)
    return frame_at([*store.files, *told.files], [each.filled(None) for each in told.tables.values()], seen_at)


def prepared(frame: Frame, *, allowed: bool = False) -> list[Prepared]:
    """100 judgements: every shipped measure that this evidence lets run, in turn, each turn with other parameters.

    Queries that were judged before are `allowed`, as `rejudge` finds from what was kept of them.
    """
    return list(islice(_prepared(frame, library.parameters_in_force(), allowed), JUDGEMENTS))


def _prepared(frame: Frame, declared: Parameters, allowed: bool) -> Iterator[Prepared]:
    able = [each for each in library.shipped().values() if prepare(each, frame, declared, {}, allowed=allowed).job]
    for turn in count():
        varied = _varied(declared, turn)
        for measure in able:
            each = prepare(measure, frame, varied, {}, allowed=allowed)
            if each.job and (turn == 0 or measure.parameters):
                yield replace(each, job=replace(each.job, measure=f"{measure.id} {turn}"))


def _varied(declared: Parameters, turn: int) -> Parameters:
    """Every parameter a little stricter or wider in each turn."""
    overrides: dict[str, dict[str, Any]] = {}
    for (chapter, name), parameter in declared.declared.items():
        if parameter.kind is Kind.DURATION:
            hours = parameter.value.about / timedelta(hours=1) if turn else 0  # type: ignore[union-attr]
            overrides.setdefault(chapter, {})[name] = f"{max(1, int(hours) - turn)} hours" if turn else str(parameter.value)
        elif parameter.kind is Kind.INTEGER:
            overrides.setdefault(chapter, {})[name] = parameter.value + turn % 3  # type: ignore[operator]
    return declared.overridden(overrides)


def judged(frame: Frame, kept: Round | None, which: str, folder: Path) -> Round:
    """Judge, print what it cost, and return what is kept for the next time."""
    started = _seconds()
    with Peak() as peak:
        ready = prepared(frame, allowed=kept is not None)
        done = Rejudging(frame, LIMITS, engine.run, folder).run(ready, kept)
    ways = list(done.ways.values())
    counts = ", ".join(f"{ways.count(way)} {way.value}" for way in Way)
    cost = f"{_seconds() - started:.2f} CPU-s, {peak.megabytes} MB at the peak of both processes"
    print(f"{len(done.verdicts)} judgements {which} ({counts}): {cost}")
    errors = [verdict.reason for verdict in done.verdicts if "could not be judged: " in verdict.reason]
    failed = f"; failed: {errors[0]}" if errors else ""
    print(f"  {sum(verdict.population for verdict in done.verdicts):,} outcomes{failed}")
    return done.kept


def alone(frame: Frame) -> None:
    """Print what DuckDB needs to count the outcomes of the same queries, on tables that are loaded already."""
    ready = prepared(frame)
    connection = duckdb.connect(config={"threads": 1})
    load = needs([each.measure for each in ready])
    started = time.process_time()
    frame.load(connection, load.tables, load.history, load.columns)
    loaded = time.process_time()
    for each in ready:
        assert each.job is not None
        connection.execute(f"SELECT count(*), count(*) FILTER (ok), count(*) FILTER (NOT ok) FROM ({each.job.query})").fetchall()
    print(f"DuckDB alone: {loaded - started:.1f} CPU-s to load, {time.process_time() - loaded:.1f} CPU-s to run the queries and count")


def _seconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


class Peak:
    """The most memory that this process and those that it starts have together, looked at twenty times a second.

    Of what files are mapped, programs and libraries, which both share, the more counts. `getrusage` would not do: what it says of a
    child is never less than its parent had when it was started.
    """

    def __init__(self) -> None:
        self.megabytes = 0
        self._over = Event()
        self._watching = Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        started = Path(f"/proc/self/task/{os.getpid()}/children")
        while not self._over.wait(0.05):
            processes = ["self", *started.read_text(encoding="ascii").split()]
            own, mapped = zip(*map(_kilobytes, processes), strict=True)
            self.megabytes = max(self.megabytes, sum(own) + max(mapped) >> 10)


def _kilobytes(process: str) -> tuple[int, int]:
    """The memory that is a process's own, and what it has of files."""
    try:
        said = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0, 0  # it ended
    sizes = dict(re.findall(r"^(RssAnon|RssFile):\s+(\d+) kB$", said, re.MULTILINE))
    return int(sizes.get("RssAnon", 0)), int(sizes.get("RssFile", 0))


def main() -> None:
    """Make the company, then measure each step in a process of its own, so that no step's memory counts for another."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--accounts", type=int, default=200_000)
    asked.add_argument("--folder", type=Path, help="keep the company's history here, and use what is there")
    asked.add_argument("--step", choices=["make", *STEPS], help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.step:
        _step(said.step, said.accounts, said.folder)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = said.folder or Path(scratch)
        steps = STEPS if (folder / "frames").exists() else ("make", *STEPS)
        print(f"aimed at with 200,000 accounts: {AIMS}", flush=True)
        for step in steps:
            command = [sys.executable, __file__, "--step", step, "--accounts", str(said.accounts), "--folder", str(folder)]
            subprocess.run(command, check=True)


def _step(step: str, accounts: int, folder: Path) -> None:
    if step == "make":
        print(f"{accounts:,} accounts, {JUDGEMENTS} judgements")
        (folder / "frames").write_bytes(pickle.dumps(frames(accounts, folder)))
        return
    first, little, much = pickle.loads((folder / "frames").read_bytes())
    rounds = folder / "rounds"
    if step == "full":
        (folder / "kept").write_bytes(pickle.dumps(judged(first, None, "in full", rounds / step)))
        return
    kept = pickle.loads((folder / "kept").read_bytes())
    if step == "change":
        judged(little, kept, "after 1 % changed a little", rounds / step)
    elif step == "living":
        with redirect_stdout(StringIO()):
            judged(little, kept, "", rounds / "before")
        judged(little, kept, "after 1 % changed a little, in a process that judged before", rounds / step)
    elif step == "wide":
        judged(much, kept, "after 1 % changed in much", rounds / step)
    elif step == "both":
        with redirect_stdout(StringIO()):
            judged(little, kept, "", rounds / "before")
        judged(much, kept, "after 1 % changed in much, in a process that judged before", rounds / step)
    else:
        alone(first)


if __name__ == "__main__":
    main()
