"""Members of JSON objects read one by one, so that what is missing or of another type is told in words."""

import json
from collections.abc import Iterator, Sequence, Set
from datetime import datetime

from upheld.ledger import entry
from upheld.ledger.profile import Json, NotCanonical
from upheld.ledger.verify import strict
from upheld.ledger.verify.report import Rejected

MAX_DOCUMENT_BYTES = 256 << 20


class Fields:
    """The members of one object. `place` says where it stands, for errors."""

    def __init__(self, said: object, place: str) -> None:
        """Take `said`; raises `Rejected` unless it is an object."""
        if not isinstance(said, dict):
            raise Rejected(f"{place} is no object")
        self.said: dict[str, Json] = said
        self.place = place

    def only(self, names: Set[str]) -> None:
        """Raise `Rejected` if it has a member that is none of `names`: nothing in it may go unread."""
        if odd := sorted(self.said.keys() - names):
            raise Rejected(f"{self.place} says {ascii(odd[0])[:60]}, which none does")

    def text(self, name: str) -> str:
        """Return the text `name`."""
        value = self.said.get(name)
        if not isinstance(value, str):
            raise Rejected(f"{self.place}: {name} is no text")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Return the text `name`, None where it is absent or null."""
        return None if self.said.get(name) is None else self.text(name)

    def number(self, name: str) -> int:
        """Return the integer `name`, at least 0."""
        value = self.said.get(name)
        if type(value) is not int or value < 0:
            raise Rejected(f"{self.place}: {name} is no count")
        return value

    def flag(self, name: str) -> bool:
        """Return whether `name`."""
        value = self.said.get(name)
        if not isinstance(value, bool):
            raise Rejected(f"{self.place}: {name} is neither true nor false")
        return value

    def instant(self, name: str) -> datetime:
        """Return the instant `name`."""
        try:
            return entry.instant(self.text(name))
        except entry.MalformedEntry as error:
            raise Rejected(f"{self.place}: {name}: {error}") from error

    def instant_or_none(self, name: str) -> datetime | None:
        """Return the instant `name`, None where it is absent or null."""
        return None if self.said.get(name) is None else self.instant(name)

    def within(self, name: str) -> "Fields":
        """Return the object `name`."""
        return Fields(self.said.get(name), f"{self.place}: {name}")

    def each(self, name: str) -> "Iterator[Fields]":
        """Yield the objects of the list `name`."""
        for number, item in enumerate(self._list(name)):
            yield Fields(item, f"{self.place}: {name} {number}")

    def texts(self, name: str) -> list[str]:
        """Return the texts of the list `name`."""
        found = self._list(name)
        if not all(isinstance(item, str) for item in found):
            raise Rejected(f"{self.place}: {name} is no list of texts")
        return [str(item) for item in found]

    def _list(self, name: str) -> Sequence[object]:
        found = self.said.get(name)
        if not isinstance(found, list):
            raise Rejected(f"{self.place}: {name} is no list")
        return found


def document(data: bytes, place: str) -> Fields:
    """Return the canonical JSON object in `data`. Raises `Rejected`."""
    try:
        return Fields(strict.read(data, MAX_DOCUMENT_BYTES), place)
    except NotCanonical as error:
        raise Rejected(f"{place}: {error}") from error


def lines(data: bytes, place: str) -> Iterator[Fields]:
    """Yield the canonical JSON objects in `data`, one a line. Raises `Rejected`."""
    if data and not data.endswith(b"\n"):
        raise Rejected(f"{place} does not end in a newline")
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        yield document(line, f"{place}, line {number}")


def published(data: bytes, place: str) -> Fields:
    """Return the JSON object in `data`, a document that people publish; its numbers may be no integers. Raises `Rejected`."""
    try:
        return Fields(json.loads(data.decode("utf-8"), object_pairs_hook=_each_once), place)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"{place} is no JSON: {str(error)[:200]}") from error


def _each_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a member twice")
    return found
