"""Rows written aside as they come, and asked by DuckDB once they are all there, in bounded memory."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from upheld.evidence.duck import connect, literal
from upheld.logs.meeting import Met, Seen, came_true
from upheld.logs.parts import of_json
from upheld.logs.reporting import Ask
from upheld.logs.sigma.correlating import COLUMNS, fields
from upheld.logs.sigma.rule import RuleSet

# Values are short (see `meeting` and `reporting`): a line of them is never so long.
_MEMORY, _LONGEST = "1GB", 16 << 20


class Rows:
    """The rows of one relation `name` with columns of `types`."""

    def __init__(self, name: str, types: Mapping[str, str]) -> None:
        """Begin with none."""
        self._name, self._types = name, types
        self._folder = TemporaryDirectory(prefix="upheld-")
        self._file = Path(self._folder.name, "rows.json").open("wb")  # noqa: SIM115  closed once it is asked, and gone with its folder

    def add(self, row: Mapping[str, Any]) -> None:
        """Take one; a column that it lacks is NULL."""
        self._file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    @contextmanager
    def asked(self) -> Iterator[Ask]:
        """Lend what answers queries that read the relation; nothing is kept after that."""
        with self._folder, connect() as connection:  # a DuckDB of its own: limits hold for the whole of one
            self._file.close()
            connection.execute(f"SET memory_limit = {literal(_MEMORY)}; SET temp_directory = {literal(self._folder.name)}")
            connection.execute(f"CREATE TABLE {self._name} AS FROM {of_json(self._file.name, self._types, _LONGEST)}")
            yield lambda query: connection.execute(query).fetchall()


class Gathered:
    """What rules met that correlations of `ruleset` count."""

    def __init__(self, ruleset: RuleSet) -> None:
        """Begin with nothing."""
        self._ruleset = ruleset
        names = (f"f{number}" for number, _ in enumerate(fields(ruleset.correlations)))
        self._rows = Rows("met", {**COLUMNS, **dict.fromkeys(names, "VARCHAR")})

    def add(self, met: Met) -> None:
        """Take one."""
        told = {f"f{number}": value for number, value in enumerate(met.values) if value is not None}
        self._rows.add(dict(zip(COLUMNS, met, strict=False)) | told)

    def told(self) -> list[Seen]:
        """Return each time that a correlation came true, in order of time; nothing is kept after that."""
        with self._rows.asked() as ask:
            return came_true(self._ruleset, ask)
