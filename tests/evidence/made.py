"""What the tests of history need again and again: an account, a collection of some, and the days it happens on."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from upheld.evidence.collection import Collecting
from upheld.evidence.frame import ChangeFile, frame_at
from upheld.evidence.recording import Recorded
from upheld.evidence.store import Store
from upheld.evidence.table import Row, Value

MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def account(number: int | str, **values: Value) -> Row:
    return {"id": f"a{number}", "system_id": "crm", "user_name": f"user{number}", "identifier": f"user{number}"} | values


def accounts(count: int, **values: Value) -> list[Row]:
    return [account(number, **values) for number in range(count)]


def seen(rows: Iterable[Row], at: datetime = MONDAY, *, source: str = "ldap", cut_short: str = "", table: str = "accounts") -> Collecting:
    into = Collecting(source, [table], at)
    into.rows(table, rows)
    if cut_short:
        into.cut_short(table, cut_short)
    return into


class Archive:
    """A store and its manifest, kept in a list as the product keeps it in its database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[ChangeFile] = []

    @property
    def store(self) -> Store:
        return Store(self.folder, self.files)

    def record(self, collecting: Collecting, **options: object) -> Recorded:
        told = self.store.record(collecting, f"{collecting.source}-{collecting.seen_at:%m%d%H}", **options)
        self.files += told.files
        return told

    def replace(self, old: Sequence[ChangeFile], new: Sequence[ChangeFile]) -> None:
        self.files = [file for file in self.files if file not in old] + list(new)
        self.store.discard(file.path for file in old)

    def loaded(self, as_of: datetime, *, tables: Sequence[str] = ("accounts",), **options: object) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        frame_at(self.files, [], as_of).load(connection, tables, **options)
        return connection

    def ids(self, as_of: datetime) -> set[str]:
        return {id for (id,) in self.loaded(as_of).execute("SELECT id FROM accounts").fetchall()}
