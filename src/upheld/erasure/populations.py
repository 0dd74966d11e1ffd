"""Populations of past judgements that name somebody: the file goes, and the next judgement writes it anew from the history."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from upheld import workspace
from upheld.evidence.duck import connect

# Values of a row between marks, so that a number is found only where it is all of a value.
_NAMING = """
SELECT count(*) FROM (SELECT lower(concat_ws(chr(31), '', *COLUMNS(*), '')) AS said FROM read_parquet($file))
WHERE list_bool_or(list_transform($needles, lambda needle: contains(said, needle)))
"""


def naming(needles: Sequence[str], numbers: Sequence[str]) -> list[Path]:
    """Return the files of populations in which one of `needles` occurs, or one of `numbers` as all of a value; and any unreadable one."""
    wanted = [needle.lower() for needle in needles] + [f"\x1f{number.lower()}\x1f" for number in numbers]
    with connect() as connection:
        return [file for file in everyone() if wanted and _names(connection, file, wanted)]


def everyone() -> list[Path]:
    """Return the files of all populations, and of what is kept of judgements, which is there for speed alone and is no Parquet."""
    outcomes = workspace.current().outcomes
    return sorted([*outcomes.rglob("*.parquet"), *outcomes.rglob("kept.json")])


def discard(files: Sequence[Path]) -> int:
    """Delete `files`; return how many."""
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _names(connection: duckdb.DuckDBPyConnection, file: Path, wanted: list[str]) -> bool:
    try:
        found = connection.execute(_NAMING, {"file": str(file), "needles": wanted}).fetchone()
    except duckdb.Error:
        return True
    return found is None or found[0] > 0
