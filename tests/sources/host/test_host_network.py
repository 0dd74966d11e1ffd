"""Whom a host sees in its networks, and where it sends to: told answers, and a real network of the lab."""

import subprocess

import pytest
from tests.labs import installed
from tests.sources.collected import AT, collect, column, connected
from tests.sources.host.answered import host

from upheld.lab.namespace import Namespace
from upheld.sources.host import HOST
from upheld.sources.host.network import flows, network_sightings
from upheld.sources.source import Misconfigured

NEIGHBOURS = """10.0.1.9 dev eth1 lladdr 52:54:00:00:00:09 REACHABLE
10.0.1.8 dev eth1 lladdr 52:54:00:00:00:08 used 4/4/4 probes 1 STALE
10.0.1.7 dev eth1 FAILED
10.0.1.6 dev eth1 lladdr 52:54:00:00:00:06 PERMANENT
10.0.2.5 dev eth2 lladdr 52:54:00:00:00:05 REACHABLE
"""
ADDRESSES = "2: eth1    inet 10.0.1.1/24 brd 10.0.1.255 scope global eth1\\  valid_lft forever\n2: eth1    inet6 fe80::1/64 scope link\n"
LEASES = """1777896000 52:54:00:00:00:09 10.0.1.9 ada-laptop ff:01
1777896000 52:54:00:00:00:04 10.0.1.4 * 01:52
1777896000 52:54:00:00:00:03 10.0.9.3 elsewhere *
duid 00:01
"""


def test_neighbours_and_leases_of_the_networks_that_were_named() -> None:
    answers = host(neighbours=NEIGHBOURS, addresses=ADDRESSES, leases=LEASES)
    part = network_sightings(answers, "router", AT, {"eth1": "office"})
    assert [(row["hardware_address"][-2:], row["way"], row.get("name"), row.get("seen_at")) for row in part.rows] == [
        ("09", "neighbour", "ada-laptop", AT),
        ("04", "lease", None, None),
        ("08", "neighbour", None, AT),
    ]
    assert {row["network_id"] for row in part.rows} == {"office"} and part.cut_short == []
    assert network_sightings(host(denied=("neighbours",)), "router", AT, {"eth1": "office"}).cut_short


def test_flows_are_what_the_host_began_and_leaves_it() -> None:
    listening = "LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\nLISTEN 0 128 [::]:443 [::]:*\n"
    standing = """0 0 10.0.1.1:22 10.0.1.9:50000
0 0 10.0.1.1:40000 203.0.113.7:443
0 0 10.0.1.1:40001 203.0.113.7:443
0 0 [::ffff:10.0.1.1]:40002 [::ffff:198.51.100.4]:25
0 0 127.0.0.1:40003 127.0.0.1:5432
0 0 [fe80::1]%eth1:40004 [fe80::2]%eth1:80
0 0 [2001:db8::1]:40005 [2001:db8::2]:22
garbage
"""
    part = flows(host(listening=listening, connections=standing), "crm", AT)
    assert [(row["address"], row["port"]) for row in part.rows] == [("203.0.113.7", 443), ("198.51.100.4", 25), ("2001:db8::2", 22)]
    assert flows(host(), "crm", AT).cut_short


def test_nothing_is_listed_unless_it_was_asked_for() -> None:
    into = collect(connected(HOST, system="here", verify="no"), "network_sightings", "flows")
    assert column(into, "network_sightings", "id") == column(into, "flows", "id") == []
    for wrong in ("eth1", "eth1=Office", "=office"):
        with pytest.raises(Misconfigured, match="as in eth1=office"):
            connected(HOST, networks=wrong)


@pytest.mark.lab
def test_a_connection_to_another_machine_is_seen_by_the_one_that_began_it() -> None:
    waits = "import socket; s = socket.create_server(('10.99.3.2', 7)); print(flush=True); c = s.accept(); c[0].recv(1)"
    goes = "import socket; s = socket.create_connection(('10.99.3.2', 7)); print(flush=True); s.recv(1)"
    with installed(), Namespace() as crm, Namespace() as other:
        crm.link(other, "out", "10.99.3")
        programs: list[subprocess.Popen[bytes]] = []
        try:
            for place, said in ((other, waits), (crm, goes)):
                programs.append(place.start_program("python3", "-c", said))
                assert programs[-1].stdout is not None and programs[-1].stdout.readline() == b"\n"
            began, served = (
                collect(connected(HOST, program=place.program, system=name, flows="yes"), "flows")
                for place, name in ((crm, "crm"), (other, "other"))
            )
        finally:
            for program in programs:
                program.kill()
                program.communicate()
    assert column(began, "flows", "id") == ["crm/10.99.3.2/7"]
    assert column(served, "flows", "id") == []
