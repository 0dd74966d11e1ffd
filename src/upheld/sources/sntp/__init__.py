"""Source kind `sntp`: clocks of hosts, measured from outside."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.sources.sntp.get import Clock, Measured, measure
from upheld.sources.sntp.shape import reading
from upheld.sources.source import Misconfigured, Setting, SourceError

WRITTEN = re.compile(r"^(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\s:=\[\]]+)(?::(?P<port>\d{1,5}))?(?:=(?P<system>[^\s=]+))?$")
AT_ONCE = 16


@dataclass(frozen=True)
class Sntp:
    """The clocks of one workspace that are measured together."""

    clocks: tuple[Clock, ...]
    samples: int
    seconds: float

    def test(self) -> str:
        """Return what the first clock says; raises `SourceError` when it does not answer."""
        found = measure(self.clocks[0], samples=1, seconds=self.seconds)
        if found.best is None:
            raise SourceError(f"{found.clock.name}: {found.why}", permanent=False)
        return f"{found.clock.name} answers at stratum {found.best.stratum}, {found.best.offset * 1000:+.1f} ms from here"

    def collect(self, into: Collecting) -> None:
        """Measure every clock. One that does not answer has no row, and it is said."""
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="sntp") as pool:
            found = list(pool.map(lambda one: measure(one, samples=self.samples, seconds=self.seconds), self.clocks))
        if all(one.best is None for one in found):
            raise SourceError(f"no clock answered; {found[0].clock.name}: {found[0].why}", permanent=False)
        into.rows("clock_readings", [reading(one.clock, one.best, clock.now()) for one in found if one.best is not None])
        self._say(into, found)

    def _say(self, into: Collecting, found: Sequence[Measured]) -> None:
        for one in found:
            if one.best is None:
                into.cut_short("clock_readings", f"{one.clock.name}: {one.why}")


class SntpKind:
    """What `upheld source add ... sntp` needs."""

    name: ClassVar[str] = "sntp"
    title: ClassVar[str] = "Clocks, measured over the network"
    tables: ClassVar[Sequence[str]] = ("clock_readings",)
    settings: ClassVar[Sequence[Setting]] = (
        Setting("hosts", "host[:port][=system], blank between"),
        Setting("samples", "how often each is asked; the answer with the least delay counts", "4"),
        Setting("seconds", "how long to wait for each answer", "2"),
    )
    least_rights: ClassVar[str] = "UDP to port 123 of each host; no account."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Sntp:
        """Return the source; raises `Misconfigured` naming the word that cannot be read."""
        clocks = tuple(parse(word) for word in re.split(r"[\s,]+", settings["hosts"].strip()) if word)
        if not clocks:
            raise Misconfigured("hosts names none: give host or host:port")
        if not settings["samples"].isdecimal() or not 1 <= int(settings["samples"]) <= 8:
            raise Misconfigured("samples is a number from 1 to 8: more would be a nuisance to the server")
        try:
            seconds = float(settings["seconds"])
        except ValueError as error:
            raise Misconfigured(f"seconds {settings['seconds']!r} is not a number") from error
        return Sntp(clocks, int(settings["samples"]), seconds)


def parse(word: str) -> Clock:
    """Return the clock written as host[:port][=system]; raises `Misconfigured`."""
    match = WRITTEN.match(word)
    if match is None or not 0 < int(match["port"] or 123) < 65536:
        raise Misconfigured(f"{word!r} is not host[:port][=system]")
    host = match["host"].strip("[]")
    return Clock(host, int(match["port"] or 123), match["system"] or host)


SNTP = SntpKind()
