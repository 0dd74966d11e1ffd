"""Parts: what came of a log, as Parquet: the fields that rules and reports read are columns, beside the line as it came.

Columns: `at` (UTC, NULL where the line does not say), `file` and `place` (from which byte of it), `line`, `odd` (its bytes are no
UTF-8; each stands as the character of its number), `salt` and `leaf` (see `leaf_of`), and a column a field. Written aside and renamed:
whole, or not there.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import orjson

from upheld.evidence.canonical import leaf
from upheld.evidence.duck import LONGEST_LINE_BYTES, PARTIAL, lent, literal
from upheld.evidence.merkle import root
from upheld.logs.sigma.values import said

OWN = {"at": "TIMESTAMP", "file": "VARCHAR", "place": "BIGINT", "line": "VARCHAR", "odd": "BOOLEAN", "salt": "VARCHAR", "leaf": "VARCHAR"}
# Of a value in a column so many characters are kept, and so many columns; the whole of it stands in the line.
VALUE_KEPT, MOST_COLUMNS = 2_000, 500
# A part is ended when it has so many lines, or bytes.
LINES, BYTES = 250_000, 128 << 20
_TWIN = "~"
_ENDS = re.compile(r"[\s\"',;]")
_PARQUET = "(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd)"


@dataclass(frozen=True)
class Written:
    """A part that was written: `fields` are the names of its columns, `sha256` is of the file's bytes."""

    path: Path
    rows: int
    size_bytes: int
    sha256: str
    first_at: datetime | None
    last_at: datetime | None
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A line to be kept, with the salt of its leaf; of one that was masked the leaf alone (`salt` is empty)."""

    file: str
    place: int
    line: bytes
    salt: bytes = b""
    leaf: bytes = b""

    def sealed(self) -> dict[str, str]:
        """What is kept of it beside the line."""
        return {"salt": self.salt.hex()} if self.salt else {"leaf": self.leaf.hex()} if self.leaf else {}


@dataclass(frozen=True)
class Kept:
    """A line as it was kept: from which byte of which file it came, and when it says that it happened."""

    file: str
    place: int
    at: datetime | None
    line: bytes


def leaf_of(salt: bytes, place: int, line: bytes) -> bytes:
    """Return the leaf of a line in the digest of its segment: salted, so that once line and salt are gone nobody can guess it."""
    return leaf(salt, b"%d:%b" % (place, line))


def root_of(rows: Iterable["Row"]) -> str:
    """Return the digest, in hex, of a segment with `rows`; of masked ones the leaves are known."""
    return root(row.leaf or leaf_of(row.salt, row.place, row.line) for row in rows).hex()


class Writer:
    """Takes lines, with their fields if they have any, and writes those fields that are `wanted` as columns."""

    def __init__(self, folder: Path, wanted: frozenset[str]) -> None:
        """Begin a part in `folder`; nothing is written there before `close`."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder, self._wanted = folder, wanted
        self._columns: dict[str, str] = {}
        self._lines = NamedTemporaryFile(dir=folder, prefix=".", suffix=f".json{PARTIAL}")  # noqa: SIM115  closed by `close`
        self.rows = self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether another part should be begun."""
        return self.rows >= LINES or self._bytes >= BYTES

    def add(self, row: Row, at: datetime | None, fields: Mapping[str, Any]) -> None:
        """Take one line."""
        told: dict[str, Any] = {"file": row.file, "place": row.place} | row.sealed()
        told["line"], told["odd"] = decoded(row.line)
        if at is not None:
            told["at"] = at.replace(tzinfo=None)
        for name, value in fields.items():
            if name in self._wanted and value is not None:
                column = self._columns.get(name) or self._column(name)
                if column:
                    told[column] = _text(value)
        self._bytes += self._lines.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
        self.rows += 1

    def _column(self, name: str) -> str:
        """The column of the field `name`: DuckDB minds no capitals in names, so that a second such name gets another."""
        if len(self._columns) >= MOST_COLUMNS or not name.isprintable() or len(name) > 200:
            return ""
        taken, column = {each.lower() for each in (*self._columns.values(), *OWN)}, name
        while column.lower() in taken:
            column += _TWIN
        self._columns[name] = column
        return column

    def close(self) -> Written | None:
        """Write what was taken, and return it; None for nothing."""
        with self._lines:
            self._lines.flush()
            if not self.rows:
                return None
            types = OWN | dict.fromkeys(self._columns.values(), "VARCHAR")
            return write(of_json(self._lines.name, types), self._folder)

    def forget(self) -> None:
        """Write nothing."""
        self._lines.close()


def merged(parts: Iterable[Path], folder: Path) -> Written:
    """Write one part in `folder` with all that `parts` have, and return it."""
    return write(reading(parts), folder)


def reading(parts: Iterable[Path]) -> str:
    """Return the SQL of a relation with all rows of `parts`, each with the columns of any."""
    return f"read_parquet([{', '.join(literal(str(each)) for each in parts)}], union_by_name = true)"


def columns_of(field: str, columns: Iterable[str]) -> list[str]:
    """Return those of `columns` that the field `field` may lie in; capitals do not matter."""
    return [each for each in columns if each.rstrip(_TWIN).lower() == field.lower()]


def lines(part: Path) -> Iterator[Kept]:
    """Yield the lines of `part` in order of time."""
    with lent() as connection:
        rows = connection.execute(f'SELECT file, place, "at", line, odd FROM {reading([part])} ORDER BY "at", file, place')  # noqa: S608
        while some := rows.fetchmany(5_000):
            yield from (Kept(file, place, _aware(at), line.encode("latin-1" if odd else "utf-8")) for file, place, at, line, odd in some)


def in_order(parts: Iterable[Path]) -> Iterator[Row]:
    """Yield what `parts` have, file by file, in the order of its lines there; a masked line with its leaf."""
    with lent() as connection:
        there = {str(each[0]) for each in connection.execute(f"DESCRIBE FROM {reading(parts)}").fetchall()}
        sealed = ", ".join(each if each in there else f"NULL AS {each}" for each in ("salt", "leaf"))  # parts of before have none
        rows = connection.execute(f"SELECT file, place, line, odd, {sealed} FROM {reading(parts)} ORDER BY file, place")  # noqa: S608
        while some := rows.fetchmany(5_000):
            for file, place, line, odd, salt, its_leaf in some:
                yield Row(file, place, line.encode("latin-1" if odd else "utf-8"), bytes.fromhex(salt or ""), bytes.fromhex(its_leaf or ""))


def decoded(line: bytes) -> tuple[str, bool]:
    """Return `line` as text, and whether its bytes are no UTF-8, so that each is the character of its number."""
    try:
        return line.decode(), False
    except UnicodeDecodeError:
        return line.decode("latin-1"), True


def of_json(path: str, types: Mapping[str, str], longest: int = LONGEST_LINE_BYTES) -> str:
    """Return the SQL of a relation with the lines of JSON in the file `path` as columns of `types`; none is `longest` bytes or more.

    DuckDB takes twice as much memory as the longest may have, whatever there is.
    """
    wire = ", ".join(f"{literal(name)}: '{kind}'" for name, kind in types.items())
    return f"read_json({literal(path)}, format = 'newline_delimited', columns = {{{wire}}}, maximum_object_size = {longest})"


def write(source: str, folder: Path) -> Written:
    """Write one part in `folder` with what the relation `source` has."""
    path = folder / f"{secrets.token_hex(12)}.parquet"
    aside = folder / f".{path.name}{PARTIAL}"
    try:
        with lent() as connection:
            connection.execute(f'COPY (FROM {source} ORDER BY "at", file, place) TO {literal(str(aside))} {_PARQUET}')
            told = connection.execute(f'SELECT count(*), min("at"), max("at") FROM {reading([aside])}').fetchone()  # noqa: S608  our own path
            names = [str(row[0]) for row in connection.execute(f"DESCRIBE FROM {reading([aside])}").fetchall()]
        assert told is not None, "counting says how many"
        with aside.open("rb+") as file:
            os.fsync(file.fileno())
            digest, size = file_digest(file, "sha256").hexdigest(), file.seek(0, os.SEEK_END)
        aside.rename(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    rows, first, last = told
    return Written(path, rows, size, digest, _aware(first), _aware(last), tuple(each for each in names if each not in OWN))


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None else None


def _text(value: object) -> str:
    text = orjson.dumps(value, default=str).decode() if isinstance(value, list | tuple) else said(value)
    return clipped(text, VALUE_KEPT)


def clipped(text: str, most: int) -> str:
    """Return the beginning of `text`, at most `most` characters, with no half of a word at its end where one can be told."""
    if len(text) <= most:
        return text
    end = next(_ENDS.finditer(text[most : most - 300 : -1]), None)
    return text[: most - end.start()] if end else text[:most]
