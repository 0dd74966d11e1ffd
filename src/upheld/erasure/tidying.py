"""What a database keeps of rows that were deleted or changed: overwritten, and its files written anew."""

from django.db import connection, transaction


def begin() -> None:
    """Have SQLite overwrite what is deleted from now on, on this connection."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def tidy() -> str:
    """Leave nothing of deleted rows in the database's files, as far as that is in our hands; return what is not, "" if all is.

    SQLite: the file is written anew and its write-ahead log emptied. PostgreSQL: tables are written anew (VACUUM FULL); its
    write-ahead log and its archives keep older bytes as long as their own settings say.
    """
    assert not transaction.get_connection().in_atomic_block, "a database is tidied outside a transaction"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in _tables():
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")
            return "PostgreSQL keeps older bytes in its write-ahead log and its archive, as long as their settings say"
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return "another process was reading: the database's write-ahead log is emptied once it is done" if busy else ""


def _tables() -> list[str]:
    """Return the tables that may hold what was erased: all but the append-only ones of the ledger."""
    names = [name for name in connection.introspection.table_names() if not name.startswith("ledger_")]
    return [*names, "ledger_opening"]
