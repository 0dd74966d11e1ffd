"""Ports tried from inside an environment: a control that must be reached, and what must not."""

import socket

import pytest
from tests.sources.collected import collect, connected, gaps, rows

from upheld.lab.service import free_port
from upheld.sources.reach import REACH
from upheld.sources.source import Misconfigured, SourceError


def test_what_is_reached_counts_and_what_is_not_only_beside_a_control() -> None:
    with socket.create_server(("127.0.0.1", 0)) as serving:
        opened, closed = serving.getsockname()[1], free_port()
        targets = f"127.0.0.1:{opened}=crm 127.0.0.1:{closed}=db"
        source = connected(REACH, system="dev", targets=targets, control=f"127.0.0.1:{opened}=git")
        assert "is reached; 2 ports" in source.test()
        told = {row["to_system_id"]: row.get("reached") for row in rows(collect(source, "reachability_probes"), "reachability_probes")}
        assert told == {"crm": True, "db": False}
        blind = connected(REACH, system="dev", targets=targets, control=f"127.0.0.1:{closed}=git")
        assert "would show nothing" in blind.test()
        into = collect(blind, "reachability_probes")
        assert {row["to_system_id"]: row.get("reached") for row in rows(into, "reachability_probes")} == {"crm": True, "db": None}
        assert gaps(into) == [("reachability_probes", "reached", "denied")]


def test_a_machine_that_does_not_answer_is_said() -> None:
    source = connected(REACH, system="dev", targets="x:1=crm", control="x:2=git", program="false")
    with pytest.raises(SourceError, match="did not answer"):
        collect(source, "reachability_probes")


@pytest.mark.parametrize("said", ["", "x:1", "x=crm", "x:99999=crm", "$(id):1=crm", "-x:1=crm"])
def test_what_is_no_port_of_a_system_is_refused(said: str) -> None:
    with pytest.raises(Misconfigured):
        connected(REACH, system="dev", targets=said, control="x:1=git")
