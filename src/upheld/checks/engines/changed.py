"""Rows that changed between two judgements, as two tables: as they were, and as they are."""

from datetime import UTC

import duckdb

from upheld.checks.engines.job import Change
from upheld.evidence.duck import quoted
from upheld.evidence.table import table

SEPARATOR = 31  # the unit separator, which stands in no key


def key(name: str, of: str) -> str:
    """Return the SQL of the key of a row of the table `name`, one text, where the row is called `of`."""
    parts = ", ".join(f"CAST({quoted(of)}.{quoted(part)} AS VARCHAR)" for part in ("source", *table(name).key))
    return f"concat_ws(chr({SEPARATOR}), {parts})"


def make(connection: duckdb.DuckDBPyConnection, change: Change) -> None:
    """Make the tables of `change` from its table through time, which is loaded; both have all of its columns."""
    sources = [source for source, _ in change.since]
    instants = [at.astimezone(UTC).replace(tzinfo=None) for _, at in change.since]
    connection.execute("CREATE OR REPLACE TEMP TABLE since AS SELECT unnest($1) AS source, unnest($2) AS at", [sources, instants])
    connection.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT unnest(CAST($1 AS VARCHAR[])) AS row_key", [list(change.keys)])
    rows = f"history.{quoted(change.table)} AS row JOIN since ON since.source = row.source"
    row_key = key(change.table, "row")
    connection.execute(
        f"INSERT INTO touched SELECT {row_key} FROM {rows} "  # noqa: S608  names from contracts, quoted
        "WHERE row.seen_from_at > since.at OR row.seen_until_at > since.at"
    )
    was = "row.seen_from_at <= since.at AND (row.seen_until_at IS NULL OR row.seen_until_at > since.at)"
    for name, there in ((change.before, was), (change.after, "row.seen_until_at IS NULL")):
        connection.execute(
            f"CREATE TABLE {quoted(name)} AS SELECT row.* FROM {rows} "  # noqa: S608  as above
            f"WHERE {there} AND {row_key} IN (SELECT row_key FROM touched)"
        )
