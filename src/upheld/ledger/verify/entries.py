"""What must hold of entries beyond their hashes: canonical, well-formed, of this log, each once, none left out."""

import re

from upheld.ledger import entry, envelope
from upheld.ledger.envelope import Glimpse
from upheld.ledger.profile import NotCanonical
from upheld.ledger.verify import strict

_SHARD = re.compile(r".*/([1-9][0-9]*)")
_MOST_TOLD = 20


class EntryChecks:
    """Takes the entries of the log `origin` in order, and collects in sentences what is wrong with them."""

    def __init__(self, origin: str) -> None:
        """Begin before entry 0."""
        self.wrong: list[str] = []
        self._origin = origin
        self._index = 0
        self._ids: set[str] = set()
        self._counts: dict[str, int] = {}

    def look(self, data: bytes) -> None:
        """Take the next entry."""
        seen = envelope.glance(data)
        if seen is not None and strict.is_canonical(seen.body, depth=1):
            self._look(seen, None)
        else:
            self._look_closely(data)
        self._index += 1

    def _look_closely(self, data: bytes) -> None:
        """Take an entry that is not of the common form, or is none."""
        try:
            found = entry.read(strict.read(data))
        except (NotCanonical, entry.MalformedEntry) as error:
            self._say(f"is {error}" if isinstance(error, NotCanonical) else str(error))
        else:
            self._look(Glimpse(found.id, found.kind, found.log, found.emitter, found.number, b""), found.corrects)

    def _look(self, seen: Glimpse, corrects: str | None) -> None:
        name = seen.id
        if seen.log != self._origin:
            self._say(f"names the log {seen.log[:80]!r}")
        if name in self._ids:
            self._say(f"has the id {name}, which an earlier one has")
        if corrects is not None and corrects not in self._ids and not self._goes_on():
            self._say(f"corrects {corrects}, which is no earlier entry")
        self._ids.add(name)
        self._count(seen.emitter, seen.number)
        if self._index == 0:
            self._first(seen.kind)

    def _count(self, emitter: str, number: int) -> None:
        due = self._counts.get(emitter, 0) + 1
        if number != due:
            self._say(f"is number {number} of {emitter}, where {due} is due: an entry was left out, repeated or reordered")
        self._counts[emitter] = number

    def _first(self, kind: str) -> None:
        due = "shard.opened" if self._goes_on() else "key.created"
        if kind != due:
            self._say(f"begins the log with {kind}, where {due} is due")

    def _goes_on(self) -> bool:
        """Whether this log goes on from an earlier shard."""
        found = _SHARD.fullmatch(self._origin)
        return found is not None and found[1] != "1"

    def _say(self, what: str) -> None:
        if len(self.wrong) < _MOST_TOLD:
            self.wrong.append(f"entry {self._index} {what}")
        elif len(self.wrong) == _MOST_TOLD:
            self.wrong.append("more entries are wrong; only the first are named")
