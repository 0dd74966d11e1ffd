"""Source kind `reach`: which ports of other environments can be reached from inside one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.sources.host import HOST
from upheld.sources.host.get import Way
from upheld.sources.reach.get import Target, ask
from upheld.sources.reach.shape import probe_rows
from upheld.sources.source import Misconfigured, Setting

WRITTEN = re.compile(r"^(?P<host>[A-Za-z0-9][A-Za-z0-9.:-]*):(?P<port>\d{1,5})=(?P<system>[a-z0-9][a-z0-9-]*)$")
OF_THE_WAY = ("address", "port", "identity_file", "known_hosts", "program")


@dataclass(frozen=True)
class Reach:
    """One place from which ports are tried; `control` is one that must be reached from there."""

    way: Way
    system: str
    targets: tuple[Target, ...]
    control: Target

    def test(self) -> str:
        """Try the control alone; raises `SourceError` where nobody answers there."""
        reached = ask(self.way, [self.control])[self.control]
        said = "is reached" if reached else "is not reached, so that what follows would show nothing"
        return f"{self.control.host}:{self.control.port} {said}; {len(self.targets)} ports to try"

    def collect(self, into: Collecting) -> None:
        """Try everything. Where the control is not reached, nothing is shown."""
        told = ask(self.way, [self.control, *self.targets])
        shows = bool(told[self.control])
        if not shows:
            into.denied("reachability_probes", "reached", f"the control {self.control.host}:{self.control.port} was not reached either")
        wanted = {target: told[target] for target in self.targets}
        into.rows("reachability_probes", probe_rows(wanted, self.system, clock.now(), shows=shows))


class ReachKind:
    """What `upheld source add ... reach` needs."""

    name: ClassVar[str] = "reach"
    title: ClassVar[str] = "Ports of other environments, tried from inside one"
    tables: ClassVar[Sequence[str]] = ("reachability_probes",)
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "systems.id of the machine that it is tried from"),
        Setting("targets", "host:port=system of what should not be reached, and of the doors; blank between"),
        Setting("control", "host:port=system that must be reached from there: where it is not, nothing is shown"),
        *(each for each in HOST.settings if each.name in OF_THE_WAY),
        Setting("patience", "seconds after which it is given up", "300"),
    )
    least_rights: ClassVar[str] = "An account with a shell on the machine; nc, bash or python3 there."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Reach:
        """Return the source; raises `Misconfigured` naming the word that cannot be read."""
        targets = tuple(parse(word) for word in settings["targets"].split())
        if not targets or not settings["patience"].isdecimal():
            raise Misconfigured("targets names none: give host:port=system" if not targets else "patience is a number of seconds")
        reached_by = {name: settings[name] for name in OF_THE_WAY}
        way = Way(**reached_by, patience=float(settings["patience"]))
        return Reach(way, settings["system"], targets, parse(settings["control"]))


def parse(word: str) -> Target:
    """Return the port written as host:port=system; raises `Misconfigured`.

    >>> parse("db.example.org:5432=crm")
    Target(host='db.example.org', port=5432, system='crm')
    """
    told = WRITTEN.match(word)
    if told is None or not 0 < int(told["port"]) < 65536:
        raise Misconfigured(f"{word!r} is not host:port=system")
    return Target(told["host"], int(told["port"]), told["system"])


REACH = ReachKind()
