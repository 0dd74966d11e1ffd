"""Which column of a list is which column of a table: as the saved mapping says, else guessed from the headers."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from upheld.evidence.table import Table
from upheld.sources.people.regular import content
from upheld.sources.source import Misconfigured, SourceError

SYNONYMS = Path(__file__).with_name("synonyms.toml")
# Columns that a list may lack, because another one tells them: {(table, column): the other column}.
DERIVED = {("accounts", "identifier"): "user_name"}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Mapped:
    """For each table column that the list has, its place in a line (from 0); `guessed` when no mapping said so."""

    places: Mapping[str, int]
    unused: tuple[str, ...]
    guessed: bool


def saved(setting: str, beside: Path) -> dict[str, str]:
    """Return the mapping {column of the table: header of the list} that `setting` holds, empty when none is saved.

    `setting` is JSON, or the path of a TOML file with a section [columns]; when empty, the file called as the list with
    `.mapping.toml` behind it is read where there is one. Raises `Misconfigured`.
    """
    if setting.lstrip().startswith("{"):
        try:
            return _texts(json.loads(setting), "the setting mapping")
        except json.JSONDecodeError as error:
            raise Misconfigured(f"the setting mapping is not JSON: {error}") from error
    path = Path(setting).expanduser() if setting else beside.with_name(beside.name + ".mapping.toml")
    if not setting and not path.is_file():
        return {}
    try:
        return _texts(tomllib.loads(content(path).raw.decode()).get("columns"), f"{path}, section [columns],")
    except (OSError, SourceError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"mapping file {path}: {error}") from error


def _texts(said: object, where: str) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(header, str) for header in said.values()):
        raise Misconfigured(f'{where} must give a header of the list for each column of the table, such as id = "Personalnummer"')
    return {str(column): str(header) for column, header in said.items()}


def mapped(header: Sequence[str], table: Table, saying: Mapping[str, str]) -> Mapped:
    """Return where the list with `header` keeps each column of `table`.

    Raises `SourceError` for a header that stands twice, two headers that mean one column, a header that `saying` names and the list
    does not have, and a column that is never absent and that nothing was found for: no line could be read.
    """
    _refuse_twice(header)
    places = _told(header, table, saying) if saying else _guessed(header, table)
    if missing := _missing(table, places):
        raise SourceError(
            f"no column of the list is {' nor '.join(missing)}; its headers are {', '.join(map(repr, header))}: "
            "name the right one in the setting mapping, or add it to the list",
            permanent=True,
        )
    unused = tuple(name for place, name in enumerate(header) if place not in places.values() and name)
    return Mapped(places, unused, not saying)


def _missing(table: Table, places: Mapping[str, int]) -> list[str]:
    return [
        f"{table.name}.{name} ({column.meaning})"
        for name, column in table.columns.items()
        if column.null == "never" and name not in places and DERIVED.get((table.name, name)) not in places
    ]


def _refuse_twice(header: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in header:
        folded = name.casefold()
        if name and folded in seen:
            raise SourceError(f"the column {name!r} stands twice in the header: remove or rename one", permanent=True)
        seen[folded] = name


def _told(header: Sequence[str], table: Table, saying: Mapping[str, str]) -> dict[str, int]:
    places = {name.casefold(): place for place, name in enumerate(header)}
    for column, name in saying.items():
        if column not in table.columns:
            raise Misconfigured(f"the mapping names {column!r}, but {table.name} has the columns {', '.join(table.columns)}")
        if name.strip().casefold() not in places:
            raise SourceError(
                f"the mapping reads {column} from {name!r}, but the list has only {', '.join(map(repr, header))}", permanent=True
            )
    return {column: places[name.strip().casefold()] for column, name in saying.items()}


def _guessed(header: Sequence[str], table: Table) -> dict[str, int]:
    plain = [_plain(name) for name in header]
    places: dict[str, int] = {}
    for column in table.columns:
        exact = [place for place, name in enumerate(plain) if name == _plain(column)]
        words = _words(table.name, column)
        found = exact or [place for place, name in enumerate(plain) if name in words and place not in places.values()]
        if len(found) > 1:
            both = " and ".join(repr(header[place]) for place in found)
            raise SourceError(f"{both} could both be {table.name}.{column}: say which in the setting mapping", permanent=True)
        if found and found[0] not in places.values():
            places[column] = found[0]
    return places


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().translate(UMLAUTS)
    return re.sub(r"[\W_]+", "", folded)


@cache
def _words(table: str, column: str) -> frozenset[str]:
    known = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    own = known.get(table, {})
    return frozenset(_plain(word) for word in own.get(column, known["any"].get(column, [])))
