"""What past judgements left that names somebody: populations, and what was kept for the next one, which then judges everything anew."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from upheld import workspace
from upheld.evidence.duck import lent, put_in
from upheld.registers.compliance.bundles import folder
from upheld.sources.frames import set_aside

# Values of a row between marks, so that a number is found only where it is all of a value.
_NAMING = """
SELECT count(*) FROM (SELECT lower(concat_ws(chr(31), '', *COLUMNS(*), '')) AS said FROM read_parquet($file))
WHERE list_bool_or(list_transform($needles, lambda needle: contains(said, needle)))
"""


def naming(needles: Sequence[str], numbers: Sequence[str]) -> list[Path]:
    """Return the files in which one of `needles` occurs, or one of `numbers` as all of a value; and any that cannot be read.

    Looked through are populations, and change files that were set aside, which nothing rests on.
    """
    wanted = [needle.lower() for needle in needles] + [f"\x1f{number.lower()}\x1f" for number in numbers]
    aside = [file.path for file in set_aside()]
    with lent() as connection:
        return [file for file in [*everyone(), *aside] if wanted and file.suffix == ".parquet" and _names(connection, file, wanted)]


def everyone() -> list[Path]:
    """Return all files that judgements left."""
    return sorted(file for file in workspace.current().outcomes.rglob("*") if file.is_file())


def prepared() -> list[Path]:
    """Return the bundles that were made for auditors and wait to be fetched: whoever wants one asks again."""
    return sorted(folder().glob("*"))


def measure_of(file: Path) -> str:
    """Return the measure whose population `file` is."""
    return f"{file.parent.name}/{file.stem}"


def kept() -> list[Path]:
    """Return what was kept for the next judgement: it lists subjects, and would be taken over though rows were masked since."""
    return [file for file in everyone() if file.suffix != ".parquet"]


def discard(files: Sequence[Path]) -> int:
    """Delete `files`; return how many."""
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _names(connection: duckdb.DuckDBPyConnection, file: Path, wanted: list[str]) -> bool:
    try:
        found = connection.execute(put_in(_NAMING, file=str(file), needles=wanted)).fetchone()
    except duckdb.Error:
        return True
    return found is None or found[0] > 0
