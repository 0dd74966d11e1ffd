"""Which column of a file tells which field: by its header, or as somebody said and maybe saved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upheld.actions.errors import Ill
from upheld.registers.exchange.leaving import NUMBER
from upheld.registers.exchange.ways import Way

WRONG = "what is wrong"  # the column in which wrong lines are given back; it is not read again


@dataclass(frozen=True)
class Columns:
    """Where each field stands: the place of its column. `unread` are the headers of columns that tell nothing."""

    places: Mapping[str, int]
    unread: tuple[str, ...]

    @property
    def number(self) -> int | None:
        """The place of the record's number, None where the file has no such column."""
        return self.places.get(NUMBER)


def columns(header: Sequence[str], way: Way, said: Mapping[str, str]) -> Columns:
    """Return where `header` tells what: `said` is {field: header}; other fields are found by their name or what forms call them.

    Raises `Ill` for a field or header that is not there, for one header twice, and where a field that is needed has no column.
    """
    known = {NUMBER: "Number"} | {name: each.label for name, each in way.parameters.items()}
    wrong = [f"There is no field {name!r}; there are {', '.join(known)}." for name in said if name not in known]
    wrong += [f"The file has no column {head!r}; it has {', '.join(header)}." for head in said.values() if head not in header]
    wrong += [f"The file has two columns {head!r}." for head in sorted({head for head in header if head and header.count(head) > 1})]
    if wrong:
        raise Ill({"": wrong})
    places = {name: header.index(head) for name, head in said.items()}
    for place, head in enumerate(header):
        for name, label in known.items():
            if name not in places and place not in places.values() and _same(head) in (_same(name), _same(label)):
                places[name] = place
    _refuse_missing(places, way)
    return Columns(places, tuple(head for place, head in enumerate(header) if place not in places.values() and head and head != WRONG))


def _refuse_missing(places: Mapping[str, int], way: Way) -> None:
    if NUMBER in places or (way.key and way.key in places and way.make is None):
        return
    needed = [each.name for each in way.make.parameters if each.required] if way.make is not None else [NUMBER]
    missing = [name for name in needed if name not in places]
    if missing:
        raise Ill({"": (f"The file has no column for {', '.join(missing)}; name the columns so, or say which they are.",)})


def _same(words: str) -> str:
    return re.sub(r"[\W_]+", "", words).casefold()
