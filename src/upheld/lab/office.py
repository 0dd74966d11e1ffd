"""An office in the lab: a workspace of its own whose registers people keep, in a process of its own, and a way into its database."""

import atexit
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from io import BufferedRWPair
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from upheld.evidence.collection import Collecting
from upheld.evidence.table import Kind, table

LEAD = "security-lead"


@cache
def _program() -> Path:
    """Return where the program that opens offices listens: started once, it gives each office a process that has loaded everything."""
    folder = Path(tempfile.mkdtemp(prefix="upheld-lab-offices-"))
    words = [sys.executable, "-m", "upheld.lab.office_program", str(folder)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    if process.stdout.readline() != b"ready\n":
        raise OfficeRefused("the program that opens offices ended before it could open one")
    atexit.register(_end, process, folder)
    return folder / "offices"


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.communicate(timeout=20)  # closes what it listens to, by which it ends
    shutil.rmtree(folder, ignore_errors=True)


class OfficeRefused(Exception):
    """The office did not do what it was asked; the message says why."""


class Office:
    """Registers in a folder of the lab, kept by the product itself. Also a source of them."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lines: BufferedRWPair | None = None
        self._moved = ("", "", "")

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="upheld-lab-office-")
        inside = Path(self._folder.name) / "space"
        inside.mkdir()
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(_program()))
            self._lines = asking.makefile("rwb")
        self._ask({"folder": str(inside)})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._lines is not None and self._folder is not None
        self._lines.close()
        self._folder.cleanup()

    def act(
        self, action: str, number: int | None = None, *, by: str = "1", role: str = LEAD, at: datetime | None = None, **given: Any
    ) -> int:
        """Do `action` as the person `by` in `role`, at the instant `at` (now); return the number of what came of it.

        An action of the chapter governance need not name its chapter.
        """
        name = action if "." in action else f"governance.{action}"
        said = {"do": "act", "action": name, "number": number, "by": by, "roles": [role], "given": given}
        return int(str(self._ask(said | {"at": at.isoformat() if at else None})).rpartition("/")[2])

    def log(self, *lines: str, at: datetime | None = None) -> int:
        """Let `lines` come into the office's auth.log, and the product look at it at the instant `at` (now).

        Returns how many detections came into the queue.
        """
        return int(self._ask({"do": "log", "lines": list(lines), "at": at.isoformat() if at else None}))

    def rewrite_log(self, old: str, new: str) -> None:
        """Put `new` in the place of `old` in the office's auth.log, behind the product's back, and let the product look again."""
        self._ask({"do": "log", "lines": [], "replace": [old, new]})

    def sql(self, statement: str, *values: Any) -> None:
        """Run `statement` in the office's own database, behind the product's back; it must change one row at least."""
        if not self._ask({"do": "sql", "statement": statement, "values": list(values)}):
            raise OfficeRefused(f"{statement} changed nothing")

    def settle(self) -> int:
        """Let waiting entries of the office's ledger have their place, and a checkpoint be signed; return how many entries there are."""
        return int(self._ask({"do": "settle"}))

    def tamper(self, table: str, statement: str, *values: Any) -> None:
        """Run `statement`, which must change something, with what guards `table` in the database out of the way, and back after it."""
        if not self._ask({"do": "sql", "statement": statement, "values": list(values), "past": table}):
            raise OfficeRefused(f"{statement} changed nothing")

    def move(self, table: str, column: str, to: datetime | date | str | None, where: str = "1 = 1") -> None:
        """Put `to`, an instant most often, into `column` of `table`, behind the product's back; `put_back` undoes it."""
        self._moved = (table, column, where)
        aside = f"CREATE TABLE aside AS SELECT id, {column} AS was FROM {table}"  # noqa: S608  fixed names, in the lab
        for statement in ("DROP TABLE IF EXISTS aside", aside):
            self._ask({"do": "sql", "statement": statement, "values": []})
        self.sql(f"UPDATE {table} SET {column} = %s WHERE {where}", _stored(to))  # noqa: S608  as above

    def put_back(self) -> None:
        """Put what was moved back, to the microsecond."""
        table, column, where = self._moved
        was = f"(SELECT was FROM aside WHERE aside.id = {table}.id)"  # noqa: S608  as above
        self.sql(f"UPDATE {table} SET {column} = {was} WHERE {where}")  # noqa: S608  as above

    def read(self, name: str, kind: str, settings: Mapping[str, str]) -> None:
        """Let the office read a source of its own, called `name`; secrets in `settings` are given as themselves."""
        coverage = self._ask({"do": "read", "name": name, "kind": kind, "settings": dict(settings)})
        if coverage == "failed":
            raise OfficeRefused(f"the office could not read {name}")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows that the office's registers tell of `table`."""
        found: list[dict[str, Any]] = self._ask({"do": "collect", "tables": [table]})[table]["rows"]
        return found

    def test(self) -> str:
        """Return what it is."""
        return "registers in the lab"

    def collect(self, into: Collecting) -> None:
        """Bring what the source of kind `registers` brings there."""
        for name, seen in self._ask({"do": "collect", "tables": list(into.seen)}).items():
            into.rows(name, [{column: _typed(name, column, value) for column, value in row.items()} for row in seen["rows"]])
            for why in seen["cut_short"]:
                into.cut_short(name, why)

    def _ask(self, said: dict[str, Any]) -> Any:
        assert self._lines is not None, "the office is not open"
        self._lines.write(orjson.dumps(said) + b"\n")
        self._lines.flush()
        answer: dict[str, Any] = orjson.loads(self._lines.readline() or b'{"refused": "the office ended"}')
        if "refused" in answer:
            raise OfficeRefused(answer["refused"])
        return answer.get("told")


def _stored(value: datetime | date | str | None) -> str | None:
    """Return `value` as the database holds it."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value) if value is not None else None


def _typed(name: str, column: str, value: Any) -> Any:
    kind = table(name).columns[column].kind
    if kind is Kind.TIMESTAMP:
        return datetime.fromisoformat(value)
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    return timedelta(microseconds=value) if kind is Kind.DURATION else value
