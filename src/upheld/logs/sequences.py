"""Numbers that senders give their messages (RFC 5424, meta sequenceId): which of them did not come. Pure."""

from collections.abc import Iterator, Mapping

FIELD = "sequence"
# So many numbers may be late (of datagrams the order is not kept); a step back by more is a sender that began anew.
LATE, MOST_HOSTS, _MOST = 1_000, 500, 100
_HIGHEST = 2_147_483_647  # then it begins at 1 again


class Sequences:
    """Follows the numbers of each host from where the last reading left them."""

    def __init__(self, last: Mapping[str, int]) -> None:
        """Go on from `last`, the highest number of each host."""
        self.last = dict(last)
        self._missing: dict[str, list[tuple[int, int]]] = {}

    def add(self, host: str, said: str) -> None:
        """Take the number of the next message of `host`."""
        if not said.isdigit() or len(said) > 10:
            return
        number, last = int(said), self.last.get(host)
        if last is None:
            if len(self.last) < MOST_HOSTS:
                self.last[host] = number
        elif number > last:
            if number > last + 1:
                self._missing.setdefault(host, []).append((last + 1, number - 1))
            self.last[host] = number
        elif last - number >= LATE or number == 1:
            if number > 1 and last < _HIGHEST - LATE:
                self._missing.setdefault(host, []).append((1, number - 1))
            self.last[host] = number
        else:
            self._came_late(host, number)

    def _came_late(self, host: str, number: int) -> None:
        """A number that was missed came after all."""
        found = self._missing.get(host, [])
        for place, (first, until) in enumerate(found):
            if first <= number <= until:
                found[place : place + 1] = [each for each in ((first, number - 1), (number + 1, until)) if each[0] <= each[1]]
                return

    def missing(self) -> Iterator[tuple[str, int, int]]:
        """Yield what is missing, as host, first and last number; at most a hundred such spans."""
        every = [(host, first, last) for host, spans in sorted(self._missing.items()) for first, last in spans]
        yield from every[:_MOST]
