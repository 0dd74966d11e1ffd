"""What correlations count, written aside as it comes; at the end DuckDB tells what came of it, in bounded memory."""

from tempfile import NamedTemporaryFile, TemporaryDirectory

import orjson

from upheld.evidence.duck import connect, literal
from upheld.logs.meeting import Met, Seen, came_true
from upheld.logs.parts import of_json
from upheld.logs.sigma.correlating import COLUMNS, fields
from upheld.logs.sigma.rule import RuleSet

# Values of fields are short (see `meeting`): a line of them has no such length.
_MEMORY, _LONGEST = "1GB", 16 << 20


class Gathered:
    """What rules met that correlations of `ruleset` count."""

    def __init__(self, ruleset: RuleSet) -> None:
        """Begin with nothing."""
        self._ruleset, self._names = ruleset, fields(ruleset.correlations)
        self._folder = TemporaryDirectory(prefix="upheld-")
        self._file = NamedTemporaryFile(dir=self._folder.name, suffix=".json")  # noqa: SIM115  gone with its folder
        self._empty = True

    def add(self, met: Met) -> None:
        """Take one."""
        self._empty = False
        told = dict(zip(COLUMNS, met, strict=False)) | {f"f{number}": value for number, value in enumerate(met.values) if value is not None}
        self._file.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))

    def told(self) -> list[Seen]:
        """Return each time that a correlation came true, in order of time; nothing is kept after that."""
        with self._folder, self._file:
            if self._empty:
                return []
            self._file.flush()
            types = dict(COLUMNS) | {f"f{number}": "VARCHAR" for number in range(len(self._names))}
            with connect() as connection:
                connection.execute(f"SET memory_limit = {literal(_MEMORY)}; SET temp_directory = {literal(self._folder.name)}")
                connection.execute(f"CREATE TABLE met AS FROM {of_json(self._file.name, types, _LONGEST)}")
                return came_true(self._ruleset, lambda query: connection.execute(query).fetchall())
