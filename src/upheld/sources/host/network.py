"""Who a host sees in its networks, and where it sends to: neighbour tables, leases, and connections that stand."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from upheld.evidence.table import Row
from upheld.sources.host.answers import Answers, Part, printable

# "10.0.0.2 dev eth0 lladdr 52:54:00:12:34:56 REACHABLE"; what did not answer has no lladdr, or is FAILED.
NEIGHBOUR = re.compile(
    r"^(?P<address>\S+) dev (?P<interface>\S+)(?: \S+)*? lladdr (?P<hardware>[0-9a-f:]{17})(?: \S+)*? (?P<state>[A-Z]+)\s*$"
)
HELD = re.compile(r"^\d+: (?P<interface>\S+)\s+inet6? (?P<within>\S+)")
SEEN = frozenset({"REACHABLE", "STALE", "DELAY", "PROBE"})
LEASE_FIELDS = 5
LOCAL = 3  # the column of the own address where ss lists what listens
PEER = re.compile(r"^\[?(?P<address>[0-9A-Fa-f:.]+?)(?:%[^\]:]+)?\]?:(?P<port>\d+)$")


def network_sightings(answers: Answers, system: str, at: datetime, networks: Mapping[str, str]) -> Part:
    """Return a row for each device in one of `networks` (interface -> short name), as neighbours and dnsmasq's leases tell."""
    part = Part("network_sightings")
    neighbours, held, leases = answers.of("neighbours"), answers.of("addresses"), answers.of("leases")
    part.cut_short += [f"{what}: {section.why}" for what, section in (("neighbours", neighbours), ("addresses", held)) if not section.whole]
    found: dict[str, Row] = {}
    for row in (*_leases(leases.text, _subnets(held.text, networks)), *_neighbours(neighbours.text, at, networks)):
        key = f"{system}/{row['network_id']}/{row['hardware_address']}"
        found[key] = {**found.get(key, {}), **row, "id": key}
    part.rows += found.values()
    return part


def _neighbours(text: str, at: datetime, networks: Mapping[str, str]) -> Iterator[Row]:
    for line in text.split("\n"):
        told = NEIGHBOUR.match(line)
        if told and told["state"] in SEEN and told["interface"] in networks:
            yield {
                "network_id": networks[told["interface"]],
                "hardware_address": told["hardware"],
                "address": told["address"],
                "way": "neighbour",
                "seen_at": at,
            }


def _leases(text: str, subnets: Mapping[ipaddress.IPv4Network, str]) -> Iterator[Row]:
    """dnsmasq: until when in seconds, hardware address, address, name or *, client. When it was given is not kept: `seen_at` is unknown."""
    for line in text.split("\n"):
        words = line.split()
        if len(words) != LEASE_FIELDS or not re.fullmatch("[0-9a-f:]{17}", words[1]):
            continue
        network = next((name for subnet, name in subnets.items() if ipaddress.ip_address(words[2]) in subnet), None)
        if network:
            row = {"network_id": network, "hardware_address": words[1], "address": words[2], "way": "lease"}
            yield {**row, "name": None if words[3] == "*" else printable(words[3])}


def _subnets(text: str, networks: Mapping[str, str]) -> dict[ipaddress.IPv4Network, str]:
    held = (told for line in text.split("\n") if (told := HELD.match(line)) and told["interface"] in networks)
    return {ipaddress.IPv4Network(told["within"], strict=False): networks[told["interface"]] for told in held if "." in told["within"]}


def flows(answers: Answers, system: str, at: datetime) -> Part:
    """Return a row for each place outside of itself that the host has a connection to which it began: its own port listens for nothing."""
    part = Part("flows")
    listening, connections = answers.of("listening"), answers.of("connections")
    part.cut_short += [f"connections: {section.why}" for section in (listening, connections) if not section.whole]
    served = {words[LOCAL].rpartition(":")[2] for words in _words(listening.text) if len(words) > LOCAL}
    for words in _words(connections.text):  # without the column of the state
        local, peer = (PEER.match(word) for word in words[2:4]) if len(words) > LOCAL else (None, None)
        if local is None or peer is None or local["port"] in served:
            continue
        address = ipaddress.ip_address(peer["address"])
        address = getattr(address, "ipv4_mapped", None) or address
        if not address.is_loopback and not address.is_link_local:
            part.rows.append(_flow(system, str(address), int(peer["port"]), at))
    part.rows[:] = {str(row["id"]): row for row in part.rows}.values()
    return part


def _flow(system: str, address: str, port: int, at: datetime) -> Row:
    return {
        "id": f"{system}/{address}/{port}",
        "system_id": system,
        "address": address,
        "port": port,
        "protocol": "tcp",
        "seen_at": at.astimezone(UTC),
    }


def _words(text: str) -> Iterator[list[str]]:
    yield from (line.split() for line in text.split("\n"))
