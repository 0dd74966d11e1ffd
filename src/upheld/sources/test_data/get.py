"""Samples tables of a test database, and tells which of the rows are in production, by fingerprints under a key that nobody keeps."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from upheld.sources.postgresql.connection import BrokenOffError, Connected, RefusedError

TABLES = """
SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema' AND NOT c.relispartition
GROUP BY 1, 2 ORDER BY 1, 2
"""
AT_ONCE = 5_000
Texts = tuple[str | None, ...]


@dataclass(frozen=True)
class Place:
    """A table with its columns, in order of their names."""

    schema: str
    name: str
    columns: tuple[str, ...]

    @property
    def said(self) -> str:
        """schema.table."""
        return f"{self.schema}.{self.name}"


def places(connected: Connected) -> list[Place]:
    """Return every table; raises `RefusedError` or `BrokenOffError`."""
    return [Place(schema, name, tuple(columns)) for schema, name, columns in connected.rows(TABLES)]


def sample(connected: Connected, place: Place, most: int) -> list[Texts]:
    """Return up to `most` rows of `place` as text, in an order that is another each time."""
    return list(_rows(connected, place, place.columns, sql.SQL(" ORDER BY random() LIMIT {}").format(most)))


def fingerprints(rows: Iterator[Texts] | Sequence[Texts], key: bytes) -> Iterator[bytes]:
    """Yield HMAC-SHA-256 of each row under `key`: equal rows give equal ones, and nobody without the key learns anything from them."""
    for row in rows:
        said = b"".join(b"\0" if value is None else b"\1" + len(value).to_bytes(8) + value.encode() for value in row)
        yield hmac.digest(key, said, "sha256")


def in_common(test: Place, production: Place) -> tuple[str, ...]:
    """Return the columns that both have."""
    return tuple(column for column in test.columns if column in production.columns)


def all_rows(connected: Connected, place: Place, columns: Sequence[str], most: int) -> Iterator[Texts]:
    """Yield up to `most` rows of `place`, some thousand at once."""
    yield from _rows(connected, place, columns, sql.SQL(" LIMIT {}").format(most))


def _rows(connected: Connected, place: Place, columns: Sequence[str], rest: sql.Composable) -> Iterator[Texts]:
    wanted = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    query = sql.SQL("SELECT {} FROM {}").format(wanted, sql.Identifier(place.schema, place.name)) + rest
    try:
        with connected.undone("sampling") as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from rows
    except psycopg.errors.InsufficientPrivilege as error:
        raise RefusedError(error.diag.message_primary or "insufficient privilege") from error
    except psycopg.Error as error:
        raise BrokenOffError(f"reading {place.said} broke off ({type(error).__name__})") from error
