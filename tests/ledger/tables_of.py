"""What tables, indexes, constraints and guards a database on SQLite has, so that two ways to make them can be compared."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path


def sqlite(path: Path) -> set[tuple[str, ...]]:
    """Return kind, name and parts of all that the SQLite database at `path` has, whatever the order of its columns."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return {
        (kind, name, *(sorted(re.split(r", (?=\"|CONSTRAINT)", text.rpartition(")")[0].partition("(")[2]))))
        if kind == "table"
        else (kind, name, text)
        for kind, name, text in rows
    }
