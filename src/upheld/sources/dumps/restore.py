"""Restores an archive into a scratch PostgreSQL, counts and digests what came back, and drops it again."""

import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from upheld.sources.restic.manifest import Compared
from upheld.sources.source import SourceError

# The digest of a table does not depend on the order of its rows: the digests of the rows are sorted first.
COUNTED = """
SELECT count(*), coalesce(md5(string_agg(word, '' ORDER BY word)), md5('')) FROM (SELECT md5(held::text) AS word FROM {} AS held) AS words
"""


@dataclass(frozen=True)
class Scratch:
    """A PostgreSQL server that may be restored into. Its role creates databases and is no superuser, so that a dump runs no programs."""

    dsn: str
    pg_restore: str
    seconds: float

    def prove(self, archive: Path, manifest: Path) -> Compared:
        """Restore `archive` into a fresh database and compare it with `manifest`; raises `SourceError` when the server refuses."""
        name = f"upheld_restore_{secrets.token_hex(6)}"
        try:
            with psycopg.connect(self.dsn, autocommit=True, connect_timeout=10) as server:
                self._refuse_superuser(server)
                server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
                try:
                    return self._restored(archive, manifest, make_conninfo(self.dsn, dbname=name))
                finally:
                    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.Error as error:
            raise SourceError(f"the scratch server refused: {str(error).splitlines()[0]}", permanent=False) from error

    def _refuse_superuser(self, server: "psycopg.Connection[Any]") -> None:
        found = server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if found is None or found[0]:
            raise SourceError(
                "the scratch role is a superuser: what a dump says would run as the server; use a role with CREATEDB alone", permanent=True
            )

    def _restored(self, archive: Path, manifest: Path, target: str) -> Compared:
        given = {key: str(value) for key, value in conninfo_to_dict(target).items()}
        password = given.pop("password", "")
        environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
        argv = [self.pg_restore, "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", make_conninfo(**given), str(archive)]
        try:
            done = subprocess.run(argv, capture_output=True, timeout=self.seconds, env=environment, check=False)
        except FileNotFoundError as error:
            raise SourceError(f"{self.pg_restore} is not installed", permanent=True) from error
        except subprocess.TimeoutExpired:
            return Compared(False, 0, f"the restore took longer than {self.seconds:.0f} s")
        if done.returncode != 0:
            last = done.stderr.decode("utf-8", errors="backslashreplace").strip().splitlines()[-1:] or ["no reason was given"]
            return Compared(False, 0, f"the restore failed: {last[0][:300]}")
        return self._compared(manifest, target)

    def _compared(self, manifest: Path, target: str) -> Compared:
        try:
            expected = json.loads(manifest.read_text(encoding="utf-8"))["tables"]
        except FileNotFoundError:
            return Compared(None, 0, f"it came back, but there is nothing to compare it with: no {manifest.name} beside it")
        except (OSError, ValueError, KeyError, TypeError):
            return Compared(None, 0, f"{manifest.name} is not a list of tables with rows and md5")
        if not isinstance(expected, dict) or not expected:
            return Compared(None, 0, f"{manifest.name} lists no table")
        with psycopg.connect(target, connect_timeout=10) as restored:
            wrong = [table for table, said in sorted(expected.items()) if counted(restored, table) != _said(said)]
        named = f": {', '.join(wrong[:3])} missing or different" if wrong else ": all equal"
        return Compared(not wrong, len(expected), f"{len(expected)} tables compared by rows and digest{named}")


def _said(entry: object) -> tuple[int, str] | None:
    if not isinstance(entry, Mapping):
        return None
    rows, digest = entry.get("rows"), entry.get("md5")
    return (rows, digest) if isinstance(rows, int) and isinstance(digest, str) else None


def counted(connection: "psycopg.Connection[Any]", table: str) -> tuple[int, str] | str:
    """Return (rows, digest) of `table`, written schema.name; a word for why not when it is not there."""
    try:
        with connection.transaction():
            found = connection.execute(sql.SQL(COUNTED).format(sql.Identifier(*table.split(".", 1)))).fetchone()
    except psycopg.Error as error:
        return type(error).__name__
    return (int(found[0]), str(found[1])) if found else "no answer"
