"""Guards in the database itself: what was logged is not changed, replaced or deleted, whoever asks.

They stop mistakes and stolen application logins. Who owns the database can drop them: that is shown by proofs, not
prevented, and `missing` says when they are gone (also after a migration that makes SQLite rebuild a table).
"""

from dataclasses import dataclass

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Guarded:
    """A table, the columns that name a row of it, and which changes it allows after all, each as an SQL condition."""

    table: str
    key: tuple[str, ...]
    update_if: str = ""
    delete_if: str = ""
    insert_if: str = ""
    unique: tuple[str, ...] = ()


_SEQUENCED = "EXISTS (SELECT 1 FROM ledger_entry WHERE time_id = OLD.time_id AND data = OLD.data)"
_COUNTS_UP = "NEW.n > OLD.n AND NEW.id = OLD.id AND NEW.log = OLD.log AND NEW.name = OLD.name"
_NEXT = "(NEW.position & 1099511627775) = 0 OR EXISTS (SELECT 1 FROM ledger_entry WHERE position = NEW.position - 1)"

FIRST = (
    Guarded("ledger_log", ("number",), unique=("origin",)),
    Guarded("ledger_entry", ("position",), insert_if=_NEXT),
    Guarded("ledger_tile", ("log", "level", "n")),
    Guarded("ledger_checkpoint", ("log", "size")),
    Guarded("ledger_anchor", ("id",)),
    Guarded("ledger_outbox", ("n",), delete_if=_SEQUENCED),
    Guarded("ledger_emitter", ("id",), update_if=_COUNTS_UP, unique=("log", "name")),
    Guarded("ledger_opening", ("entry", "field"), delete_if="1 = 1"),
)
# Since release 0.2 an entry has no column to find it by: the guard looks at the place that the row is said to have got (`ledger_leaving`).
SINCE_SPANS = (Guarded("ledger_span", ("log", "n")),)
SINCE_ROTATION = (Guarded("ledger_signingkey", ("log", "after")), Guarded("ledger_forkfound", ("id",), unique=("digest",)))
TABLES = FIRST + SINCE_ROTATION + SINCE_SPANS


def create(database: BaseDatabaseWrapper, tables: tuple[Guarded, ...] = FIRST) -> None:
    """Put the guards of `tables` in place; each migration names those that it made, the first ones none."""
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[database.vendor]
    with database.cursor() as cursor:
        for table in tables:
            for statement in statements(table):
                cursor.execute(statement)


def replace_leaving(database: BaseDatabaseWrapper) -> None:
    """Let a row leave the outbox once the same bytes stand in the log: on SQLite at the place that it is said to have got,

    on PostgreSQL, for all rows of a statement at once, among the last that were placed.
    """
    with database.cursor() as cursor:
        for statement in {"sqlite": _LEAVING_SQLITE, "postgresql": _LEAVING_POSTGRESQL}[database.vendor]:
            cursor.execute(statement)


def create_all(database: BaseDatabaseWrapper) -> None:
    """Put every guard in place, in tables that are new, as the migrations come to it."""
    create(database, TABLES)
    replace_leaving(database)


def missing() -> list[str]:
    """Return the names of guards that should be in the database and are not."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        found = {name for (name,) in cursor.fetchall()}
    kinds = {"sqlite": ("update", "delete", "insert"), "postgresql": ("update", "delete", "truncate")}[connection.vendor]
    return [name for table in TABLES for kind in kinds if (name := f"{table.table}_{kind}") not in found]


_LOG = "(NEW.position >> 40 << 40)"
_LAST = f"(SELECT max(position) FROM ledger_entry WHERE position >= {_LOG} AND position < {_LOG} + 1099511627776)"  # noqa: S608 - from above
_LEAVING_SQLITE = (
    "DROP TRIGGER ledger_entry_insert",  # it looked twice, for the place and for the one before, where the last place tells both
    f"CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry FOR EACH ROW WHEN NEW.position IS NOT coalesce({_LAST} + 1, {_LOG}) "
    "BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only: insert refused'); END",
    "DROP TRIGGER ledger_outbox_delete",
    "CREATE TABLE ledger_leaving (ahead INTEGER NOT NULL)",
    "INSERT INTO ledger_leaving (ahead) VALUES (0)",
    "CREATE TRIGGER ledger_outbox_delete BEFORE DELETE ON ledger_outbox FOR EACH ROW WHEN NOT EXISTS "
    "(SELECT 1 FROM ledger_entry WHERE position = OLD.n + (SELECT ahead FROM ledger_leaving) AND data = OLD.data) "
    "BEGIN SELECT RAISE(ABORT, 'ledger_outbox is append-only: delete refused'); END",
)
_LEAVING_POSTGRESQL = (
    "DROP TRIGGER ledger_outbox_delete ON ledger_outbox",
    "DROP FUNCTION ledger_outbox_delete()",
    "CREATE FUNCTION ledger_outbox_delete() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $guard$"
    " DECLARE many bigint; final bigint; BEGIN SELECT count(*) INTO many FROM gone;"
    " SELECT max(position) INTO final FROM ledger_entry WHERE position < ((SELECT max(log)::bigint + 1 FROM gone) << 40);"
    " IF (SELECT count(DISTINCT gone.n) FROM gone JOIN ledger_entry AS entry ON entry.data = gone.data"
    " WHERE entry.position > final - many AND entry.position <= final) <> many"
    " THEN RAISE EXCEPTION 'ledger_outbox is append-only: delete refused'; END IF; RETURN NULL; END $guard$",
    "CREATE TRIGGER ledger_outbox_delete AFTER DELETE ON ledger_outbox REFERENCING OLD TABLE AS gone"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_outbox_delete()",
)


def _sqlite(guarded: Guarded) -> list[str]:
    table = guarded.table
    # INSERT OR REPLACE deletes past the DELETE guard unless recursive_triggers is on, which another connection may not have set.
    taken = [_exists(table, guarded.key)] + ([_exists(table, guarded.unique)] if guarded.unique else [])
    insert = " OR ".join(taken) + (f" OR NOT ({guarded.insert_if})" if guarded.insert_if else "")
    conditions = {"update": _unless(guarded.update_if), "delete": _unless(guarded.delete_if), "insert": insert}
    return [
        f"CREATE TRIGGER {table}_{kind} BEFORE {kind.upper()} ON {table} FOR EACH ROW WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{_message(table, kind)}'); END"
        for kind, condition in conditions.items()
    ]


def _postgresql(guarded: Guarded) -> list[str]:
    table, statements = guarded.table, []
    for kind, allowed in (("update", guarded.update_if), ("delete", guarded.delete_if), ("truncate", "")):
        row = "NEW" if kind == "update" else "OLD"
        permit = f"IF {allowed} THEN RETURN {row}; END IF;" if allowed else ""
        each = "STATEMENT" if kind == "truncate" else "ROW"
        body = f"BEGIN {permit} RAISE EXCEPTION '{_message(table, kind)}'; END"
        name = f"{table}_{kind}"
        statements.append(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$")
        statements.append(f"CREATE TRIGGER {name} BEFORE {kind.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()")
    return statements


def _exists(table: str, columns: tuple[str, ...]) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in columns)})"  # noqa: S608 - names from above


def _unless(condition: str) -> str:
    return f"NOT ({condition})" if condition else "1"


def _message(table: str, kind: str) -> str:
    return f"{table} is append-only: {kind} refused"
