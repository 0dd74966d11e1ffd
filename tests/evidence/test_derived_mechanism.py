"""Derived tables are computed from what they name as inputs, inputs first, and their rows keep their contract."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from tests.evidence.made import MONDAY, account

from upheld.evidence import derived as mechanism
from upheld.evidence.derived import Derived, bases, derived_tables, needed, read
from upheld.evidence.loading import load_collected, load_derived
from upheld.evidence.rows import rows_frame
from upheld.evidence.table import ContractBroken, Row, parse

CONTRACT = """
title = "Idle"
meaning = "How long each account has been idle."
key = ["account_id"]
version = 3

[inputs]
accounts = ["id", "last_login_at", "last_login_lag", "source"]

[columns]
account_id = { type = "text", null = "never", meaning = "accounts.id" }
idle = { type = "duration", meaning = "since the last sign-in", null = "never signed in" }
seen_by = { type = "text", null = "never", meaning = "which source said so" }
"""
SQL = "SELECT id AS account_id, source AS seen_by, $as_of - (last_login_at + last_login_lag) AS idle FROM accounts;"


def write(folder: Path, name: str = "idle", contract: str = CONTRACT, sql: str | None = SQL) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(contract)
    if sql is not None:
        path.with_suffix(".sql").write_text(sql)
    return path


def python(tables: Mapping[str, Sequence[Row]], as_of: datetime) -> Iterable[Row]:
    for row in tables["accounts"]:
        assert set(row) == {"id", "last_login_at", "last_login_lag", "source"}
        last, lag = row["last_login_at"], row["last_login_lag"]
        idle = as_of - (last + lag) if isinstance(last, datetime) and isinstance(lag, timedelta) else None
        yield {"account_id": row["id"], "seen_by": row["source"], "idle": idle}


@pytest.mark.parametrize("way", ["sql", "python"])
def test_sql_and_python_say_the_same(tmp_path: Path, way: str) -> None:
    found = read(write(tmp_path))
    if way == "python":
        found = Derived(found.table, found.version, found.inputs, found.digest, derive=python)
    rows = [account(1, last_login_at=MONDAY - timedelta(days=3), last_login_lag=timedelta(days=1)), account(2)]
    frame = rows_frame({"accounts": rows}, MONDAY, folder=tmp_path / "history")
    with duckdb.connect() as connection:
        load_collected(connection, "accounts", found.inputs["accounts"][:-1], [file.path for file in frame.files["accounts"]], MONDAY)
        load_derived(connection, found, MONDAY)
        assert connection.execute("SELECT * FROM idle ORDER BY account_id").fetchall() == [
            ("a1", timedelta(days=2), "test"),
            ("a2", None, "test"),
        ]
        types = [str(row[1]) for row in connection.execute("DESCRIBE idle").fetchall()]
        assert types == ["VARCHAR", "INTERVAL", "VARCHAR"]


def test_a_row_that_breaks_the_contract_is_refused(tmp_path: Path) -> None:
    said = read(write(tmp_path))
    wrong = Derived(said.table, 1, {}, "", derive=lambda tables, as_of: [{"account_id": "a1"}])
    with duckdb.connect() as connection, pytest.raises(ContractBroken, match="seen_by is never absent"):
        load_derived(connection, wrong, MONDAY)


def test_a_contract_is_read_with_version_inputs_and_digest(tmp_path: Path) -> None:
    found = read(write(tmp_path))
    assert (found.name, found.version, dict(found.inputs)) == ("idle", 3, {"accounts": ("id", "last_login_at", "last_login_lag", "source")})
    assert found.sql == SQL
    assert found.digest != read(write(tmp_path, sql=SQL + " ")).digest


@pytest.mark.parametrize(
    ("contract", "sql", "said"),
    [
        (CONTRACT.replace("version = 3", ""), SQL, "says no version"),
        (CONTRACT, None, r"needs one of idle.sql and idle.py"),
    ],
)
def test_an_incomplete_derived_table_is_refused(tmp_path: Path, contract: str, sql: str | None, said: str) -> None:
    with pytest.raises(ContractBroken, match=said):
        read(write(tmp_path, contract=contract, sql=sql))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is looked in for derived tables instead of the shipped one."""
    monkeypatch.setattr(mechanism, "HERE", tmp_path)
    derived_tables.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    derived_tables.cache_clear()


def over(inputs: str) -> str:
    return CONTRACT.replace('accounts = ["id", "last_login_at", "last_login_lag", "source"]', inputs)


def test_inputs_come_before_what_is_computed_from_them(folder: Path) -> None:
    write(folder, "idle")
    write(folder, "apex", over('middle = ["idle"]\n"history.grants" = ["id", "ended"]'))
    write(folder, "middle", over('idle = ["account_id"]'))
    assert [each.name for each in needed(["apex", "people"])] == ["idle", "middle", "apex"]
    assert needed(["people"]) == []
    assert bases(["apex", "people", "history.devices"]) == {"accounts", "grants", "people", "devices"}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ('acounts = ["id"]', "there is no table 'acounts'"),
        ('accounts = ["id", "seen_until_at"]', "accounts has no column seen_until_at"),
        ('accounts = ["idd"]', "accounts has no column idd"),
        ('idle = ["account_id"]', "in a circle: idle, idle"),
    ],
)
def test_inputs_that_there_are_not_are_named(folder: Path, inputs: str, said: str) -> None:
    write(folder, contract=over(inputs))
    with pytest.raises(ContractBroken, match=said):
        derived_tables()


def test_a_derived_table_does_not_take_a_collected_ones_name(folder: Path) -> None:
    write(folder, "people")
    with pytest.raises(ContractBroken, match="people is a collected table already"):
        derived_tables()


def test_every_shipped_derived_table_loads_empty(tmp_path: Path) -> None:
    frame = rows_frame({}, MONDAY, folder=tmp_path)
    with duckdb.connect() as connection:
        frame.load(connection, derived_tables())
        for name, each in derived_tables().items():
            found = connection.execute(f"SELECT * FROM {name}")
            assert [said[0] for said in found.description or ()] == list(each.table.columns)


def test_a_contract_for_collected_rows_may_not_use_the_names_that_history_gives(tmp_path: Path) -> None:
    from upheld.evidence.table import collected

    text = 'title = "T"\nmeaning = "M"\nkey = ["id"]\n[columns]\nid = { type = "text", null = "never", meaning = "m" }\n'
    assert parse("t", text).key == ("id",)
    for name in ("source", "ended", "_salt"):
        with pytest.raises(ContractBroken, match=f"{name} is what history says of every row"):
            collected("t", text + f'{name} = {{ type = "text", meaning = "m" }}\n')
