"""Hostile names, full disks, killed runs and damaged files: nothing is lost in silence, nothing half-written counts."""

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evidence.made import DAY, MONDAY, Archive, account, accounts, seen

from upheld.evidence.change import Unwritable
from upheld.evidence.frame import ChangeFile
from upheld.evidence.history import rows_at
from upheld.evidence.loading import Damaged
from upheld.evidence.store import Store
from upheld.evidence.table import ContractBroken, Kind, Row, Table, Value, tables

NAMES = [
    "",
    " ",
    "'; DROP TABLE accounts; --",
    '"quoted"',
    "\x00\x01\x1b[31m\x7f",
    "line\nbreak\ttab\r",
    "\u202egnp.exe",
    "\u2028\ufeff\ufffe",
    "ﬁ Å Å 🏴‍☠️ 漢字",
    "x" * 1_000_000,
    "\\u0000",
    "NULL",
    "{}",
]


def test_any_name_comes_back_as_it_was(archive: Archive) -> None:
    archive.record(seen([account(number, display_name=name) for number, name in enumerate(NAMES)]))
    rows = rows_at(archive.files, "accounts", MONDAY)
    assert {row["id"]: row["display_name"] for row in rows} == {f"a{number}": name for number, name in enumerate(NAMES)}
    found = archive.loaded(MONDAY).execute("SELECT display_name FROM accounts").fetchall()
    assert {name for (name,) in found} == set(NAMES)


def test_any_name_can_be_a_key_and_a_source(archive: Archive) -> None:
    source = 'it\'s "quoted" ../;'
    archive.record(seen([account(name) for name in NAMES], source=source))
    archive.record(seen([account(name, enabled=True) for name in NAMES], MONDAY + DAY, source=source))
    assert archive.ids(MONDAY + DAY) == {f"a{name}" for name in NAMES}


def test_lone_surrogates_are_replaced_and_the_collection_says_so(archive: Archive) -> None:
    into = seen([account("\udcff", user_name="x", identifier="x", display_name="J\udce9r\ud800\udc00me")])
    assert into.notes == [
        "accounts.id held text that is not Unicode in 1 of its rows; what could not be read shows as \ufffd",
        "accounts.display_name held text that is not Unicode in 1 of its rows; what could not be read shows as \ufffd",
    ]
    archive.record(into)
    rows = list(rows_at(archive.files, "accounts", MONDAY))
    assert [(row["id"], row["display_name"]) for row in rows] == [("a\ufffd", "J\ufffdr\U00010000me")]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("uid_number", 2**63, "holds 64 bits"),
        ("last_login_lag", timedelta(days=100_000_001), "holds up to 100000000 days"),
        ("created_at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "outside the years 1 to 9999"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_column(column: str, value: Value, said: str) -> None:
    with pytest.raises(ContractBroken, match=f"accounts.{column}.*{said}"):
        seen([account(1, **{column: value})])


VALUES = {
    Kind.TEXT: st.text(),
    Kind.INTEGER: st.integers(-(2**63) + 1, 2**63 - 1),
    Kind.REAL: st.floats(allow_nan=False),
    Kind.BOOLEAN: st.booleans(),
    Kind.TIMESTAMP: st.datetimes(datetime(1, 1, 2), datetime(2026, 5, 3), timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7))])),
    Kind.DATE: st.dates(date(1, 1, 1), date(2026, 5, 3)),  # days to come are believed only as far as a column says
    Kind.DURATION: st.timedeltas(timedelta(days=-100_000_000), timedelta(days=100_000_000)),
    Kind.LIST: st.lists(st.text(), max_size=3),
}


@st.composite
def any_row(draw: st.DrawFn) -> tuple[Table, Row]:
    table = draw(st.sampled_from([*tables().values()]))
    row = {name: draw(VALUES[column.kind] if name in table.key or column.null == "never" else st.none() | VALUES[column.kind])
           for name, column in table.columns.items()}  # fmt: skip
    return table, row


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(any_row())
def test_any_row_of_any_table_comes_back_and_has_the_digest_it_had(tmp_path: Path, made: tuple[Table, Row]) -> None:
    table, row = made
    archive = Archive(tmp_path)
    told = archive.record(seen([row], table=table.name)).tables[table.name]
    assert list(rows_at(archive.files, table.name, MONDAY)) == [table.check(row)]
    archive.store.verify(table.name, "ldap", MONDAY, told.digest)
    again = archive.record(seen([row], MONDAY + DAY, table=table.name)).tables[table.name]
    assert again.file is None


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), -0.0, 5e-324, 0.1 + 0.2])
def test_any_real_number_comes_back(archive: Archive, number: float) -> None:
    name, column = next((t.name, c.name) for t in tables().values() for c in t.columns.values() if c.kind is Kind.REAL)
    needed = {c.name: _least(c.kind) for c in tables()[name].columns.values() if c.null == "never"}
    archive.record(seen([needed | {column: number}], table=name))
    (row,) = rows_at(archive.files, name, MONDAY)
    assert repr(row[column]) == repr(number)
    assert archive.record(seen([needed | {column: number}], MONDAY + DAY, table=name)).files == []


def _least(kind: Kind) -> Value:
    return {Kind.TEXT: "x", Kind.INTEGER: 0, Kind.REAL: 0.0, Kind.BOOLEAN: False, Kind.TIMESTAMP: MONDAY}.get(kind, "x")


def test_a_cut_off_file_is_named(archive: Archive) -> None:
    archive.record(seen(accounts(100)))
    archive.record(seen(accounts(101), MONDAY + DAY))
    path = archive.files[1].path
    os.truncate(path, archive.files[1].size_bytes // 2)
    for ask in (lambda: archive.ids(MONDAY + DAY), lambda: archive.record(seen(accounts(3), MONDAY + 2 * DAY))):
        with pytest.raises(Damaged, match=f"{path.name} cannot be read; restore it from a backup"):
            ask()
    assert [path.name in said for said in archive.store.altered().values()] == [True]


def test_a_missing_file_is_named(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    archive.files[0].path.unlink()
    with pytest.raises(Damaged, match=archive.files[0].path.name):
        archive.ids(MONDAY)
    assert list(archive.store.altered().values()) == [f"change file {archive.files[0].path} cannot be read: No such file or directory"]


def test_a_file_written_over_with_other_rows_is_found_by_its_digest_and_by_the_root(archive: Archive) -> None:
    told = archive.record(seen(accounts(3))).tables["accounts"]
    other = Archive(archive.folder.with_name("other"))
    other.record(seen([*accounts(2), account(2, enabled=True)]))
    other.files[0].path.replace(archive.files[0].path)
    assert [archive.files[0].path.name in said for said in archive.store.altered().values()] == [True]
    with pytest.raises(Damaged, match=r"history of accounts from ldap is not what was recorded at 2026-05-04T08:00:00"):
        archive.store.verify("accounts", "ldap", MONDAY, told.digest)


def test_a_file_that_no_manifest_names_is_ignored_and_reported(archive: Archive) -> None:
    archive.record(seen(accounts(3)))
    never_committed = archive.store.record(seen(accounts(9), MONDAY + DAY), "stopped")
    half = archive.folder / "accounts" / ".half.parquet.part"
    half.write_bytes(b"PAR1")
    assert archive.ids(MONDAY + DAY) == {"a0", "a1", "a2"}
    assert set(archive.store.orphans()) == {half, never_committed.files[0].path}
    hour_ago, soon = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(hours=1)
    assert (archive.store.orphans(before=hour_ago), len(archive.store.orphans(before=soon))) == ([], 2)
    archive.store.discard(archive.store.orphans())
    assert archive.store.orphans() == []


def test_two_writers_of_two_sources_do_not_disturb_each_other(archive: Archive) -> None:
    def collect(source: str) -> list[ChangeFile]:
        files: list[ChangeFile] = []
        for day in range(5):
            files += (
                Store(archive.folder, files)
                .record(seen(accounts(20 + day, uid_number=day), MONDAY + day * DAY, source=source), f"{source}{day}")
                .files
            )
        return files

    with ThreadPoolExecutor(2) as pool:
        archive.files = [file for files in pool.map(collect, ["ldap", "crm"]) for file in files]
    found = (
        archive.loaded(MONDAY + 4 * DAY).execute("SELECT source, count(*), min(uid_number) FROM accounts GROUP BY 1 ORDER BY 1").fetchall()
    )
    assert found == [("crm", 24, 4), ("ldap", 24, 4)]
    assert archive.store.orphans() == []


WRITER = """
    import json, sys
    from pathlib import Path
    from tests.evidence.made import DAY, MONDAY, Archive, accounts, seen
    archive = Archive(Path(sys.argv[1]))
    for day in range(1000):
        told = archive.record(seen(accounts(400, uid_number=day), MONDAY + day * DAY))
        file = told.files[0]
        print(json.dumps([day, str(file.path), file.rows, file.size_bytes, file.digest, told.tables["accounts"].digest]), flush=True)
"""


@pytest.mark.parametrize("moment", range(4))
def test_a_run_that_is_killed_leaves_the_history_as_its_last_manifest_says(tmp_path: Path, moment: int) -> None:
    writer = subprocess.Popen([sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(1 + moment)]
    time.sleep(0.011 * moment)
    writer.send_signal(signal.SIGKILL)
    lines += writer.stdout.readlines()
    writer.wait()
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    archive = Archive(tmp_path)
    for day, path, rows, size, digest, _ in whole:
        archive.files.append(ChangeFile("accounts", "ldap", str(day), MONDAY + day * DAY, Path(path), rows, size, digest=digest))
    assert archive.store.altered() == {}
    for day, *_, root in whole:
        archive.store.verify("accounts", "ldap", MONDAY + day * DAY, root)
    assert len(archive.store.orphans()) <= 2  # a file that was whole but not yet told of, or one still aside with its rows
    archive.store.discard(archive.store.orphans())
    archive.record(seen(accounts(400, uid_number=-1), MONDAY + len(whole) * DAY))
    assert len(archive.ids(MONDAY + len(whole) * DAY)) == 400


FULL = """
    import resource, signal, sys
    from pathlib import Path
    from tests.evidence.made import DAY, MONDAY, Archive, accounts, account, seen
    from upheld.evidence.change import Unwritable
    archive = Archive(Path(sys.argv[1]))
    told = archive.record(seen(accounts(3)))
    large = seen([*accounts(3), *(account(n, display_name=hex(hash(str(n))) * 99) for n in range(9, 2000))], MONDAY + DAY)
    if sys.argv[3] == "merge":
        archive.record(large)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        archive.store.compact("accounts", "ldap") if sys.argv[3] == "merge" else archive.record(large)
    except Unwritable as error:
        print(error)
    print(len(archive.files), sorted(archive.ids(MONDAY)), archive.store.orphans())
"""


def test_nothing_is_written_when_the_disk_is_full(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path), "20000", "record"]
    answer = subprocess.run(argv, capture_output=True, text=True, check=True)
    said, standing = answer.stdout.splitlines()
    assert said.startswith(f"history in {tmp_path / 'accounts'} could not be written; nothing of it counts")
    assert standing == "1 ['a0', 'a1', 'a2'] []"


def test_merging_on_a_full_disk_says_so_and_leaves_the_files_as_they_are(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path), "20000", "merge"]
    answer = subprocess.run(argv, capture_output=True, text=True, check=True)
    said, standing = answer.stdout.splitlines()
    assert said.startswith(f"history in {tmp_path / 'accounts'} could not be written")
    assert standing == "2 ['a0', 'a1', 'a2'] []"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "history").write_text("a file where the folder should be")
    with pytest.raises(Unwritable, match="could not be written"):
        Archive(tmp_path / "history").record(seen(accounts(1)))
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 20_000
