"""Workspaces whose database is on PostgreSQL: what this does not do for them, said in words."""

from django.db import connection

from upheld.upkeep.errors import Refused


def require_sqlite() -> None:
    """Raise `Refused` on PostgreSQL, which has tools of its own, with the words of what to do."""
    if connection.vendor != "sqlite":
        raise Refused(
            "this workspace's database is on PostgreSQL, which its own tools back up and bring back; files and database belong "
            "together, and docs/how/back-up-and-restore.md tells in which order to take and to bring back both"
        )


def require_backed_up(said: bool) -> None:
    """Raise `Refused` unless somebody said that database and files were backed up: nothing here could bring them back."""
    if not said:
        raise Refused(
            "this workspace's database is on PostgreSQL, so that no backup is taken here first. Take one of database and files as "
            "docs/how/back-up-and-restore.md tells, then run upheld upgrade --backed-up. Nothing was changed"
        )
