"""A host's answers -> rows of every table that is wanted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from upheld.sources.host.accounts import accounts
from upheld.sources.host.answers import Answers, Part
from upheld.sources.host.doors import logon_settings, password_rules
from upheld.sources.host.endpoint import devices
from upheld.sources.host.installs import software_installs
from upheld.sources.host.keys import keys
from upheld.sources.host.machine import capacity_readings, clock_readings, hosts
from upheld.sources.host.network import flows, network_sightings
from upheld.sources.host.rights import grantors, grants, group_rows, standing, sudo_rules
from upheld.sources.host.sessions import sessions
from upheld.sources.host.software import endpoint_software, package_deviations, packages, privileged_files
from upheld.sources.host.storage import volumes
from upheld.sources.host.stores import restores, store_readers

# Of the running machine, not of a tree of files.
OF_THE_MACHINE = frozenset(
    {"volumes", "clock_readings", "capacity_readings", "devices", "sessions", "network_sightings", "flows", "endpoint_software"}
)


@dataclass(frozen=True)
class Seen:
    """What is shaped: the answers, and what was asked."""

    answers: Answers
    system: str
    host: str
    at: datetime
    root: str = ""
    kind: str = ""
    certificates: Iterable[str] = field(default=())
    stores: Sequence[str] = field(default=())
    networks: Mapping[str, str] = field(default_factory=dict)
    monitored: bool = False


def parts(seen: Seen, wanted: Iterable[str]) -> list[Part]:
    """Return a part for each table of `wanted` that can be told; a tree tells nothing of the machine, a server no device."""
    found: list[Part] = []
    asked = {
        "devices": bool(seen.kind),
        "endpoint_software": bool(seen.kind),
        "network_sightings": bool(seen.networks),
        "flows": seen.monitored,
        "store_readers": bool(seen.stores),
    }
    for name in wanted:
        if seen.root and name in OF_THE_MACHINE:
            continue
        if not asked.get(name, True):
            found.append(Part(name))  # the machine is nobody's endpoint, or watches no network: there is none
            continue
        found.append(_SHAPERS[name](seen))
        if not seen.answers.ended:
            # Whatever a shaper makes of sections that never came: no table is whole, and no row of it ends.
            found[-1].cut_short.append("the host's answer broke off before its end")
    return found


_SHAPERS: Mapping[str, Callable[[Seen], Part]] = {
    "hosts": lambda seen: hosts(seen.answers, seen.system, seen.root),
    "accounts": lambda seen: accounts(seen.answers, seen.system, seen.at)[0],
    "host_accounts": lambda seen: accounts(seen.answers, seen.system, seen.at)[1],
    "groups": lambda seen: group_rows(standing(seen.answers, seen.system, seen.host), seen.answers),
    "grants": lambda seen: grants(standing(seen.answers, seen.system, seen.host)),
    "grantors": lambda seen: grantors(standing(seen.answers, seen.system, seen.host), seen.answers),
    "sudo_rules": lambda seen: sudo_rules(standing(seen.answers, seen.system, seen.host)),
    "logon_settings": lambda seen: logon_settings(seen.answers, seen.system),
    "password_rules": lambda seen: password_rules(seen.answers, seen.system),
    "privileged_files": lambda seen: privileged_files(seen.answers, seen.system, seen.root),
    "packages": lambda seen: packages(seen.answers, seen.system),
    "restores": lambda seen: restores(seen.answers, seen.system, seen.at),
    "store_readers": lambda seen: store_readers(seen.answers, seen.stores),
    "software_installs": lambda seen: software_installs(seen.answers, seen.system),
    "endpoint_software": lambda seen: endpoint_software(seen.answers, seen.system),
    "package_deviations": lambda seen: package_deviations(seen.answers, seen.system),
    "volumes": lambda seen: volumes(seen.answers, seen.system),
    "clock_readings": lambda seen: clock_readings(seen.answers, seen.system, seen.at),
    "capacity_readings": lambda seen: capacity_readings(seen.answers, seen.system, seen.at),
    "keys": lambda seen: keys(seen.answers, seen.system, seen.certificates),
    "sessions": lambda seen: sessions(seen.answers, seen.system),
    "network_sightings": lambda seen: network_sightings(seen.answers, seen.system, seen.at, seen.networks),
    "flows": lambda seen: flows(seen.answers, seen.system, seen.at),
    "devices": lambda seen: devices(seen.answers, seen.system, seen.kind, seen.at),
}
TABLES = tuple(_SHAPERS)
