"""A real domain (Samba as Active Directory): accounts, rules per account, nesting, and who can change a group."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.labs import start
from tests.sources.ldap.asking import collected, gaps, of, rows, source

from upheld.evidence.collection import Coverage, GapKind
from upheld.lab.samba import BASE, READER, USERS, SambaAD
from upheld.sources.source import SourceError

pytestmark = pytest.mark.lab
LIBRARIES = ["ldap3", "python-ldap"]


@pytest.fixture(scope="module")
def domain() -> Iterator[SambaAD]:
    """A domain with planted faults."""
    with start(SambaAD) as samba:
        ada = samba.add_user("ada", employeeID="1001", mail="ada@example.org")
        bob = samba.add_user("bob", employeeID="1002")
        carl = samba.add_user("carl", employeeID="1003")
        samba.add_user("svc", servicePrincipalName="HTTP/web.example.org", manager=ada)
        samba.put(bob, {"userAccountControl": ["514"]})
        samba.put(carl, {"userAccountControl": [str(0x200 | 0x20)], "accountExpires": ["132223104000000000"], "pwdLastSet": ["0"]})
        helpers = samba.add_group("helpers", [carl])
        samba.add_group("juniors", [helpers, ada], managedBy=bob)
        samba.put(f"CN=Domain Admins,{USERS}", {"member": [f"CN=Administrator,{USERS}", helpers]})
        samba.add_rules("strict", ada, 20)
        samba.tool("dsacl", "set", f"--objectdn=CN=juniors,{USERS}", "--sddl=" + f"(A;;GA;;;{_sid(samba, 'ada')})")
        samba.sign_in("ada")
        yield samba


def _sid(samba: SambaAD, name: str) -> str:
    shown = samba.tool("user", "show", name, "--attributes=objectSid")
    return next(line.split()[1] for line in shown.splitlines() if line.startswith("objectSid:"))


@pytest.mark.parametrize("client", LIBRARIES)
def test_every_account_comes_out_with_its_faults(domain: SambaAD, client: str) -> None:
    into = collected(domain, client=client)
    assert into.seen["accounts"].coverage is Coverage.COMPLETE
    found = rows(into, "accounts", "user_name", "kind", "person_ref", "owner_ref", "enabled", "privileged", "password_must_change")
    assert {row for row in found if row[0] != "dns-dc1"} == {
        ("Administrator", "break_glass", None, None, True, True, False),
        ("Guest", "system", None, None, False, False, True),
        ("krbtgt", "system", None, None, False, True, False),
        ("reader", "person", None, None, True, False, False),
        ("ada", "person", "1001", None, True, False, False),
        ("bob", "person", "1002", None, False, False, False),
        ("carl", "person", "1003", None, True, False, True),
        ("svc", "service", None, "1001", True, False, False),
    }
    assert of(into, "carl")["expires_at"] == datetime(2020, 1, 1, tzinfo=UTC)
    assert of(into, "ada")["last_login_lag"] == timedelta(days=14)
    assert datetime.now(UTC) - of(into, "ada")["last_login_at"] < timedelta(minutes=5)  # type: ignore[operator]
    assert of(into, "svc")["last_login_at"] is None


def test_rules_hold_by_account_and_hidden_ones_are_said(domain: SambaAD) -> None:
    into = collected(domain, bind_dn=f"Administrator@{READER.partition('@')[2]}")
    strict = f"cn=strict,cn=password settings container,cn=system,{BASE.lower()}"
    assert of(into, "ada")["password_rule_id"] == strict
    assert of(into, "bob")["password_rule_id"] == BASE.lower()
    assert of(into, "carl")["password_rule_id"] == "directory#none"
    assert rows(into, "password_rules", "id", "minimum_length", "history", "locks_after") == {
        (BASE.lower(), 7, 24, 0),
        (strict, 20, 12, 5),
        ("directory#none", 0, 0, 0),
    }
    hidden = collected(domain)
    assert (of(hidden, "ada")["password_rule_id"] is None) or hidden.seen["password_rules"].coverage is Coverage.PARTIAL


@pytest.mark.parametrize("client", LIBRARIES)
def test_whoever_can_change_a_group_is_a_grantor(domain: SambaAD, client: str) -> None:
    into = collected(domain, client=client)
    names = {row["id"]: row["user_name"] for row in into.seen["accounts"].rows.values()}
    ways = {(names[row["account_id"]], row["way"]) for row in into.seen["grantors"].rows.values()}
    # Delegations on containers are not read, and nobody may conclude that there are none.
    assert (into.seen["grantors"].coverage, len(into.seen["grantors"].cut_short)) == (Coverage.PARTIAL, 1)
    assert ("carl", "member of Domain Admins") in ways
    assert ("carl", "member of Administrators") in ways
    assert ("ada", "write on group juniors") in ways
    assert ("bob", "manager of group juniors") in ways
    assert {name for name, _ in ways} == {"Administrator", "carl", "ada", "bob"}


def test_the_primary_group_counts_as_a_membership(domain: SambaAD) -> None:
    into = collected(domain)
    held = {(row["holder_id"], row["entitlement"]) for row in into.seen["grants"].rows.values()}
    assert (of(into, "ada")["id"], "Domain Users") in held


def test_the_second_factor_is_unknown_and_said(domain: SambaAD) -> None:
    into = collected(domain)
    assert of(into, "ada")["has_mfa"] is None
    assert "accounts.has_mfa" in gaps(into, GapKind.UNSUPPORTED)


def test_a_wrong_password_says_what_to_do(domain: SambaAD) -> None:
    with pytest.raises(SourceError, match="wrong name or password"):
        source(domain, password="not-this-one").test()
