"""The parts of the PostgreSQL source that need no server."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.sources.postgresql import hba, log
from upheld.sources.postgresql.connection import is_local
from upheld.sources.postgresql.get import HbaRule, Membership, Role, Server
from upheld.sources.postgresql.roles import Cluster, rule_row

LOG = """
2026-05-03 09:12:00.123 UTC [7] [unknown]@[unknown] LOG:  connection received: host=10.0.0.1 port=4
2026-05-03 09:12:01.000 UTC [7] ada@crm LOG:  connection authorized: user=ada database=crm SSL enabled (protocol=TLSv1.3)
2026-05-03 09:13:00 UTC [8] LOG:  connection authorized: user=bob of sales database=crm application_name=psql
2026-05-03 09:14:00 UTC [9] ada@crm FATAL:  password authentication failed for user "ada"
2026-05-03 09:15:00 CEST [9] LOG:  replication connection authorized: user=copier application_name=x
2026-05-03 09:11:00 UTC [7] ada@crm LOG:  connection authorized: user=ada database=crm
no time at all LOG:  connection authorized: user=eve database=crm
"""


def test_the_log_tells_the_last_sign_in_of_each() -> None:
    seen = log.sign_ins(LOG.splitlines(), "Europe/Berlin")
    assert seen.since == datetime(2026, 5, 3, 9, 12, 0, 123000, tzinfo=UTC)
    assert seen.last == {
        "ada": datetime(2026, 5, 3, 9, 12, 1, tzinfo=UTC),
        "bob of sales": datetime(2026, 5, 3, 9, 13, tzinfo=UTC),
        "copier": datetime(2026, 5, 3, 7, 15, tzinfo=UTC),
    }


def test_a_zone_that_nobody_knows_tells_no_times() -> None:
    assert log.sign_ins(["2026-05-03 09:15:00 XYZ [9] LOG:  connection authorized: user=a database=b"], "Nowhere/Land").last == {}


@given(st.text(max_size=120))
def test_any_line_of_a_log_is_read(line: str) -> None:
    log.sign_ins([line, f"2026-05-03 09:15:00 UTC {line} LOG:  connection authorized: user={line}"], "UTC")


def role(oid: int, name: str, *, superuser: bool = False) -> Role:
    return Role(oid, name, superuser, False, False, False, True, None, None)


CLUSTER = Cluster("crm", [role(10, "postgres", superuser=True), role(20000, "ada")], [], accounts=frozenset({10, 20000}))


@pytest.mark.parametrize(
    ("address", "netmask", "remote"),
    [
        ("127.0.0.1", "255.255.255.255", False),
        ("127.0.0.0", "255.0.0.0", False),
        ("127.0.0.1", "0.0.0.0", True),
        ("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False),
        ("samehost", None, False),
        ("samenet", None, True),
        ("all", None, True),
        ("db.example.org", None, True),
    ],
)
def test_what_reaches_beyond_this_machine_is_from_afar(address: str, netmask: str | None, remote: bool) -> None:
    rule = HbaRule(1, "hostssl", ["all"], ["postgres"], address, netmask, "scram-sha-256", None, None)
    (row,) = hba.door_rows([rule], Server(150000, {}), CLUSTER)
    assert row["allows_remote_superuser"] is remote
    assert row["limits_guesses"] is None


def test_members_in_a_circle_are_followed_once() -> None:
    roles = [role(1, "a"), role(2, "b"), role(3, "c")]
    cluster = Cluster("crm", roles, [Membership(1, 2, None, False), Membership(2, 3, None, False), Membership(3, 1, None, False)])
    assert cluster.reaching(1) == {1, 2, 3}


@pytest.mark.parametrize(
    ("settings", "length", "scheme"),
    [
        ({"password_encryption": "scram-sha-256", "shared_preload_libraries": "auth_delay, passwordcheck"}, 8, "scram-sha-256"),
        ({"password_encryption": "on", "shared_preload_libraries": ""}, 0, "md5"),
        ({}, 0, None),
    ],
)
def test_the_rules_are_those_of_the_loaded_libraries(settings: dict[str, str], length: int, scheme: str | None) -> None:
    row = rule_row(Server(150000, settings), "crm")
    assert (row["minimum_length"], row["scheme"]) == (length, scheme)


def test_sockets_and_loopback_are_local() -> None:
    assert [is_local(host) for host in ("/run/postgresql", "localhost", "127.0.0.1", "::1")] == [True] * 4
    assert [is_local(host) for host in ("10.0.0.1", "db.example.org")] == [False] * 2
