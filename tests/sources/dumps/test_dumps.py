"""Database dumps: read to their end, dated by the older of name and file, and restored into a scratch server."""

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.labs import installed, require
from tests.sources.collected import AT, collect, column, connected, rows

from upheld import clock
from upheld.evidence.collection import Coverage
from upheld.lab.postgres import OWNER, PASSWORD, Postgres
from upheld.lab.service import find
from upheld.sources.dumps import DUMPS
from upheld.sources.dumps.get import Found
from upheld.sources.dumps.restore import counted
from upheld.sources.dumps.shape import system_of, taken_at
from upheld.sources.source import SourceError

PLAIN = b"CREATE TABLE t (n int);\n--\n-- PostgreSQL database dump complete\n--\n\n"


def put(folder: Path, name: str, content: bytes, at: datetime = AT) -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def found(name: str, at: datetime = AT) -> Found:
    return Found(Path(name), name, 1, at)


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("crm-2026-05-04.sql.gz", "crm"),
        ("web_shop_20260504T0200.dump", "web_shop"),
        ("billing.dump", "billing"),
        ("2026-05-04.sql", "2026-05-04"),
    ],
)
def test_the_system_is_what_stands_before_the_date(name: str, system: str) -> None:
    assert system_of(name) == system


def test_the_older_of_name_and_file_counts_so_that_copying_makes_nothing_new() -> None:
    assert taken_at(found("crm-2026-05-01T0230.sql")) == datetime(2026, 5, 1, 2, 30, tzinfo=UTC)
    assert taken_at(found("crm-20260501.sql")) == datetime(2026, 5, 2, tzinfo=UTC)
    assert taken_at(found("crm-2099-01-01.sql")) == AT
    assert taken_at(found("crm-2026-99-99.sql")) == AT


def test_a_plain_dump_is_complete_when_it_ends_as_dumps_end(tmp_path: Path) -> None:
    put(tmp_path, "a-2026-05-04.sql", PLAIN)
    put(tmp_path, "b-2026-05-04.sql.gz", gzip.compress(PLAIN))
    put(tmp_path, "c-2026-05-04.sql", PLAIN[:40])
    put(tmp_path, "d-2026-05-04.sql.gz", gzip.compress(PLAIN * 1000)[:-20])
    put(tmp_path, "e-2026-05-04.sql", b"")
    put(tmp_path, ".hidden.sql", PLAIN)
    put(tmp_path, "a.manifest.json", b"{}")
    into = collect(connected(DUMPS, folder=str(tmp_path)), "backups")
    assert {row["system_id"]: row["complete"] for row in into.seen["backups"].rows.values()} == {
        "a": True, "b": True, "c": False, "d": False, "e": False,
    }  # fmt: skip


def test_a_dump_that_was_read_lately_is_not_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, "a.sql", PLAIN)
    with clock.at(AT):
        source = connected(DUMPS, folder=str(tmp_path))
        first = list(collect(source, "backups").seen["backups"].rows.values())
        path.write_bytes(PLAIN.replace(b"complete", b"COMPLETE"))
        os.utime(path, (AT.timestamp(), AT.timestamp()))
        assert column(collect(source, "backups", known={"backups": first}), "backups", "complete") == [True]
    with clock.at(AT + timedelta(days=8)):
        assert column(collect(source, "backups", known={"backups": first}), "backups", "complete") == [False]


def test_an_archive_that_cannot_be_tried_is_of_unknown_state(tmp_path: Path) -> None:
    put(tmp_path, "a.dump", b"PGDMP" + bytes(100))
    into = collect(connected(DUMPS, folder=str(tmp_path), pg_restore="no-such-program"), "backups")
    assert column(into, "backups", "complete") == [None]
    assert any("not installed" in gap.why for gap in into.gaps)


def test_a_folder_that_may_not_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be listed"):
        connected(DUMPS, folder=str(tmp_path / "none")).test()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    require("postgres", "pg_dump", "pg_restore")
    with installed(), Postgres() as postgres:
        postgres.run("CREATE ROLE scratch LOGIN CREATEDB PASSWORD 'lab-only-5d1e'", "CREATE DATABASE shop")
        with connection(postgres, "shop") as shop:
            shop.execute("CREATE TABLE orders (number int PRIMARY KEY, note text)")
            shop.execute("INSERT INTO orders SELECT n, md5(n::text) FROM generate_series(1, 5000) AS n")
        yield postgres


def connection(postgres: Postgres, database: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(dsn(postgres, OWNER, database), autocommit=True)


def dsn(postgres: Postgres, user: str, database: str = "postgres") -> str:
    return f"host=127.0.0.1 port={postgres.port} user={user} password={PASSWORD} dbname={database} sslmode=require"


def dump(postgres: Postgres, path: Path, *words: str) -> Path:
    argv = [find("pg_dump"), "-d", dsn(postgres, OWNER, "shop"), "-f", str(path), *words]
    subprocess.run(argv, check=True, capture_output=True)
    return path


def list_tables(postgres: Postgres, path: Path) -> None:
    with connection(postgres, "shop") as shop:
        found = counted(shop, "public.orders")
        assert isinstance(found, tuple)
    path.with_name(f"{path.name}.manifest.json").write_text(json.dumps({"tables": {"public.orders": {"rows": found[0], "md5": found[1]}}}))


@pytest.mark.lab
@pytest.mark.parametrize("words", [("-Fc",), ("-Ft",), ("-Fd",), ()])
def test_what_pg_dump_writes_is_complete_and_what_is_truncated_is_not(server: Postgres, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = dump(server, tmp_path / "shop-2026-05-04.dump", *words)
    source = connected(DUMPS, folder=str(tmp_path))
    assert column(collect(source, "backups"), "backups", "complete") == [True]
    part = max(path.glob("*.gz"), key=lambda file: file.stat().st_size) if path.is_dir() else path
    part.write_bytes(part.read_bytes()[: part.stat().st_size * 2 // 3])
    assert column(collect(source, "backups"), "backups", "complete") == [False]


@pytest.mark.lab
def test_an_archive_is_restored_and_every_table_compared(server: Postgres, tmp_path: Path) -> None:
    path = dump(server, tmp_path / "shop.dump", "-Fc")
    list_tables(server, path)
    source = connected(DUMPS, folder=str(tmp_path), scratch=dsn(server, "scratch"))
    found = rows(collect(source, "restore_tests"), "restore_tests")[0]
    assert (found["content_verified"], found["said"]) == (True, "1 tables compared by rows and digest: all equal")
    assert server.run("SELECT count(*) FROM pg_database WHERE datname LIKE 'upheld_restore%'") == [(0,)]


@pytest.mark.lab
def test_a_row_that_is_missing_is_found(server: Postgres, tmp_path: Path) -> None:
    path = dump(server, tmp_path / "shop.dump", "-Fc")
    list_tables(server, path)
    listed = path.with_name("shop.dump.manifest.json")
    listed.write_text(listed.read_text().replace("5000", "5001"))
    source = connected(DUMPS, folder=str(tmp_path), scratch=dsn(server, "scratch"))
    found = rows(collect(source, "restore_tests"), "restore_tests")[0]
    assert (found["content_verified"], str(found["said"]).partition(": ")[2]) == (False, "public.orders missing or different")


@pytest.mark.lab
def test_without_a_list_of_tables_a_restore_proves_nothing(server: Postgres, tmp_path: Path) -> None:
    dump(server, tmp_path / "shop.dump", "-Fc")
    source = connected(DUMPS, folder=str(tmp_path), scratch=dsn(server, "scratch"))
    found = rows(collect(source, "restore_tests"), "restore_tests")[0]
    assert "content_verified" not in found
    assert "nothing to compare it with" in str(found["said"])


@pytest.mark.lab
def test_a_plain_dump_is_not_run_by_psql(server: Postgres, tmp_path: Path) -> None:
    put(tmp_path, "shop.sql", b"\\! touch " + str(tmp_path / "sprung").encode() + b"\n" + PLAIN)
    source = connected(DUMPS, folder=str(tmp_path), scratch=dsn(server, "scratch"))
    found = rows(collect(source, "restore_tests"), "restore_tests")
    assert [row.get("content_verified") for row in found] == [None]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.lab
def test_a_superuser_is_refused_as_scratch(server: Postgres, tmp_path: Path) -> None:
    dump(server, tmp_path / "shop.dump", "-Fc")
    into = collect(connected(DUMPS, folder=str(tmp_path), scratch=dsn(server, OWNER)), "restore_tests")
    assert into.seen["restore_tests"].coverage is Coverage.PARTIAL
    assert "is a superuser" in into.seen["restore_tests"].cut_short[0]


def test_without_a_scratch_server_no_restore_is_claimed(tmp_path: Path) -> None:
    put(tmp_path, "a.sql", PLAIN)
    into = collect(connected(DUMPS, folder=str(tmp_path)), "restore_tests")
    assert into.seen["restore_tests"].rows == {}
    assert into.notes == ["no dump was restored: name a scratch server, and restores are proven"]
