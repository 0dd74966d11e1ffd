"""Both chapters on who may reach what, judged on a large company: in full, and after 1 % of accounts and rights changed.

    python -m benchmarks.identity [--people 10000] [--memory 4096]

Ten accounts and 200 rights a person, on 40 systems; every column is varied and some values are unknown. The change files are written
by DuckDB, not by collecting; what collecting costs, `benchmarks.ldap` and `benchmarks.history` say. Prints CPU seconds of all
processes and peak memory, and the slowest measures.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.judging import Peak, _seconds

from upheld.checks import library
from upheld.checks.engines import duckdb as engine
from upheld.checks.engines.tally import Limits, fitting
from upheld.checks.judge import prepare, rows_of
from upheld.checks.keeping import Round
from upheld.checks.planning import Way
from upheld.checks.rejudge import Rejudging
from upheld.evidence.change import write_file, writing
from upheld.evidence.collection import Coverage
from upheld.evidence.duck import connect, quoted, stored_types
from upheld.evidence.frame import ChangeFile, Filled, Frame, frame_at
from upheld.evidence.querying import ABOUT
from upheld.evidence.table import table

AIMS = "120 CPU-s in full, 10 CPU-s after 1 % changed, 4,096 MB, with 100,000 people, 1,000,000 accounts and 20,000,000 rights"
AS_OF = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = AS_OF + timedelta(hours=1)
SYSTEMS, GROUPS, ACCOUNTS, RIGHTS = 40, 200, 10, 20  # accounts of a person, rights of an account
CHAPTERS = ("access", "authorization")
SOURCE = "directory"
WHEN = "TIMESTAMP '2026-05-04 12:00:00'"

# One SELECT a table; {people}, {accounts} and {rights} are how many there are, `i` numbers the rows.
MADE: Mapping[str, str] = {
    "people": """
        SELECT 'p' || i AS id, 'Person ' || i AS name, 'p' || i || '@sample.example' AS mail, 'user' || i AS user_name,
               ['engineer', 'clerk', 'lead'][1 + i % 3] AS role, 'p' || (i // 12) AS manager_id,
               DATE '2020-01-01' + CAST(hash(i) % 2000 AS INTEGER) AS started_on,
               CASE WHEN hash(i, 1) % 500 = 0 THEN DATE '2026-01-01' + CAST(hash(i) % 100 AS INTEGER) END AS ended_on,
               DATE '2020-01-01' AS confidentiality_signed_on
        FROM range({people}) AS made(i)""",
    "systems": f"""
        SELECT 's' || i AS id, 'System ' || i AS name, true AS in_operation, i % 2 = 0 AS mfa_required, 'p' || i AS owner_id
        FROM range({SYSTEMS}) AS made(i)""",
    "groups": f"""
        SELECT 's' || (i // {GROUPS}) || '-g' || (i % {GROUPS}) AS id, 's' || (i // {GROUPS}) AS system_id,
               'group ' || (i % {GROUPS}) AS name, 'group:' || (i % {GROUPS}) AS entitlement, i % {GROUPS} = 0 AS privileged
        FROM range({SYSTEMS * GROUPS}) AS made(i)""",
    "accounts": f"""
        SELECT 's' || (i % {SYSTEMS}) || '-' || i AS id, 's' || (i % {SYSTEMS}) AS system_id,
               'user' || (i % {{people}}) || '-' || i AS user_name,
               'user' || (i % {{people}}) || '-' || i AS identifier,
               CASE WHEN hash(i, 2) % 100 = 0 THEN 'admin' WHEN hash(i, 2) % 25 = 1 THEN 'service' ELSE 'person' END AS kind,
               CASE WHEN hash(i, 3) % 50 > 0 THEN 'p' || (i % {{people}}) END AS person_ref, 'p' || (i % {{people}}) AS owner_ref,
               'p' || (i % {{people}}) || '@sample.example' AS mail, hash(i, 4) % 10 > 0 AS enabled, false AS locked,
               hash(i, 5) % 20 > 0 AS can_sign_in, hash(i, 6) % 500 = 0 AS privileged, {WHEN} - INTERVAL 500 DAY AS created_at,
               {WHEN} - CAST(hash(i, 7) % 100 AS INTEGER) * INTERVAL 1 DAY AS last_login_at,
               {WHEN} - CAST(hash(i, 8) % 360 AS INTEGER) * INTERVAL 1 DAY AS password_changed_at, false AS password_must_change,
               CASE WHEN hash(i, 9) % 200 = 0 THEN 'md5' ELSE 'yescrypt' END AS password_scheme, hash(i, 10) % 50 > 0 AS has_mfa
        FROM range({{accounts}}) AS made(i)""",
    # An account's rights are of its own system, each another; the first group of each system gives administrative rights.
    "grants": f"""
        SELECT 's' || (account % {SYSTEMS}) || '-' || account || '>' || nth AS id, 's' || (account % {SYSTEMS}) AS system_id,
               'account' AS holder_kind, 's' || (account % {SYSTEMS}) || '-' || account AS holder_id,
               'group:' || number AS entitlement, 's' || (account % {SYSTEMS}) || '-g' || number AS group_id, false AS privileged,
               false AS can_grant, {WHEN} - CAST(hash(account, nth) % 700 AS INTEGER) * INTERVAL 1 DAY AS granted_at,
               CASE WHEN hash(account, nth, 1) % 3 > 0
                    THEN {WHEN} - CAST(hash(account, nth, 2) % 300 AS INTEGER) * INTERVAL 1 DAY END AS last_used_at
        FROM (SELECT i // {RIGHTS} AS account, i % {RIGHTS} AS nth,
                     (hash(i // {RIGHTS}) % 9 + i % {RIGHTS} * 9 + 1) % {GROUPS} AS number
              FROM range({{rights}}) AS made(i)) AS held""",
    "role_entitlements": f"""
        SELECT role, 's' || (i // {GROUPS}) AS system_id, 'group:' || (i % {GROUPS}) AS entitlement, 'p1' AS owner_id
        FROM range({SYSTEMS * GROUPS}) AS made(i), (VALUES ('engineer'), ('clerk'), ('lead')) AS roles(role)
        WHERE i % {GROUPS} > 0 AND hash(i, role) % 100 > 1""",
    "granted_requests": """
        SELECT 'r' || i AS id, 'p' || (hash(i) % {people}) AS person_id, 's' || (hash(i, 1) % 40) AS system_id,
               'group:' || (hash(i, 2) % 200) AS entitlement, 'p1' AS approved_by, DATE '2026-12-01' AS until_on
        FROM range({people}) AS made(i)""",
    "conflict_rules": """
        SELECT 'c' || i AS id, 'one could pay themself' AS why, 's' || i AS left_system_id, 'group:5' AS left_entitlement,
               's' || i AS right_system_id, 'group:7' AS right_entitlement
        FROM range(20) AS made(i)""",
    "grantors": f"""
        SELECT 's' || i || '-' || i || ':admin' AS id, 's' || i AS system_id, 's' || i || '-' || i AS account_id, 'admin' AS way
        FROM range({SYSTEMS}) AS made(i)""",
    "approved_grantors": f"""
        SELECT 'p' || i AS person_id, 's' || i AS system_id, 'p1' AS approved_by FROM range({SYSTEMS}) AS made(i)""",
}
# What is other an hour later: 1 % of the accounts signed in, and 1 % of the rights were used.
ALTERED = {
    "accounts": ("hash(id, 77) % 100 = 0", f"last_login_at = {WHEN}, has_mfa = NOT has_mfa"),
    "grants": ("hash(id, 77) % 100 = 0", f"last_used_at = {WHEN}"),
}


def company(people: int, folder: Path) -> tuple[Frame, Frame]:
    """Write the company's change files, and those of an hour later; return both frames."""
    sizes = {"people": people, "accounts": people * ACCOUNTS, "rights": people * ACCOUNTS * RIGHTS}
    first, later = [], []
    for name, made in MADE.items():
        print(f"  {name}", end="", flush=True)
        first.append(_written(folder, name, made.format(**sizes), AS_OF))
        if name in ALTERED:
            where, change = ALTERED[name]
            columns = {each.partition(" = ")[0].strip(): each.partition(" = ")[2] for each in change.split(", ")}
            replaced = ", ".join(f"{value} AS {column}" for column, value in columns.items())
            later.append(_written(folder, name, f"SELECT * REPLACE ({replaced}) FROM ({made.format(**sizes)}) WHERE {where}", LATER))
    print()
    rows = {file.table: file.rows for file in first}
    return _frame(first, rows, AS_OF), _frame([*first, *later], rows, LATER)


def _written(folder: Path, name: str, select: str, seen_at: datetime) -> ChangeFile:
    contract = table(name)
    types = ABOUT | stored_types(contract)
    with writing(folder / name), connect() as connection:
        connection.execute(f"CREATE TABLE changes ({', '.join(f'{quoted(column)} {kind}' for column, kind in types.items())})")
        about = f"SELECT 'opened' AS _change, '{SOURCE}' AS _source, TIMESTAMP '{seen_at:%Y-%m-%d %H:%M:%S}' AS _seen_at"
        connection.execute(f"INSERT INTO changes BY NAME {about}, made.* FROM ({select}) AS made")
        like = ChangeFile(name, SOURCE, f"c{seen_at:%H}", seen_at, folder, 0, 0)
        return write_file(connection, "changes", folder, like)


def _frame(files: Sequence[ChangeFile], rows: Mapping[str, int], as_of: datetime) -> Frame:
    filled = [
        Filled(name, SOURCE, f"c{as_of:%H}", as_of, as_of, as_of + table(name).fresh_for, Coverage.COMPLETE, count, f"{as_of:%H}")
        for name, count in rows.items()
    ]
    return frame_at(files, filled, as_of)


def judged(frame: Frame, kept: Round | None, which: str, folder: Path, limits: Limits | None) -> Round:
    """Judge both chapters on `frame`, print what it cost, and return what is kept for the next time."""
    started, clock = _seconds(), time.monotonic()
    with Peak() as peak:
        measures = [each for each in library.shipped().values() if each.id.partition("/")[0] in CHAPTERS]
        declared = library.parameters_in_force()
        # Populations are written, as a check does.
        ready = [prepare(each, frame, declared, {}, folder, allowed=kept is not None) for each in measures]
        able = [each for each in ready if each.job]
        limits = limits or fitting(rows_of(able, frame))
        done = Rejudging(frame, limits, engine.run, folder).run(able, kept)
    cost = f"{_seconds() - started:.1f} CPU-s, {peak.megabytes:,} MB at the peak, {time.monotonic() - clock:.0f} s by the clock"
    print(f"{len(able)} of {len(measures)} measures {which}: {cost}")
    print(f"  {sum(verdict.population for verdict in done.verdicts):,} outcomes; {_told(done.ways.values())}")
    for verdict in done.verdicts:
        if "could not be judged: " in verdict.reason:
            print(f"  {verdict.measure}: {verdict.reason[:200]}")
    return done.kept


def _told(ways: Iterable[Way]) -> str:
    return ", ".join(f"{count} {way.value}" for way, count in Counter(ways).most_common())


def main() -> None:
    """Make the company, and judge it twice."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--memory", type=int, help="what the judging process may have, in MB, where that is not what a check gives it")
    asked.add_argument("--folder", type=Path, help="where the company is written; it is removed in the end")
    said = asked.parse_args()
    rows = said.people * ACCOUNTS * (RIGHTS + 1)
    limits: Limits | None = replace(fitting(rows), memory_bytes=said.memory << 20) if said.memory else None
    print(f"aimed at: {AIMS}; here {said.people:,} people, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(dir=said.folder) as scratch:
        folder = Path(scratch)
        started = time.process_time()
        first, later = company(said.people, folder)
        print(f"made in {time.process_time() - started:.0f} CPU-s", flush=True)
        kept = judged(first, None, "in full", folder / "rounds" / "1", limits)
        judged(later, kept, "after 1 % changed", folder / "rounds" / "2", limits)


if __name__ == "__main__":
    main()
