"""Orders to a real domain (Samba as Active Directory), as an account with delegated rights and no more."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from tests.labs import start
from tests.sources.ordering import FIRST, Company, order

from upheld.lab.samba import ADMINISTRATOR, PASSWORD, READER, USERS, SambaAD
from upheld.sources import journal

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def domain() -> Iterator[tuple[SambaAD, dict[str, str]]]:
    """A domain, and the settings of a source that may write with delegated rights."""
    with start(SambaAD) as samba:
        people = {name: samba.add_user(name, employeeID=name) for name in ("ada", "bob", "carl", "gone")}
        inner = samba.add_group("inner", [people["ada"]])
        samba.add_group("outer", [inner, people["ada"]])
        samba.add_group("staff", [people["bob"]])
        samba.put(people["bob"], {"primaryGroupID": [str(number(samba, f"CN=staff,{USERS}"))]})
        yield samba, {"system": "domain", **samba.settings, **samba.let_write()}


@pytest.fixture
def source(domain, company: Company):
    """The domain as a source that was read once."""
    return company.add("domain", "ldap", domain[1], collected=False)


def raw(samba: SambaAD, dn: str, attribute: str) -> bytes:
    with samba._admin() as admin:
        admin.search(dn, "(objectClass=*)", "BASE", attributes=[attribute])
        return admin.response[0]["raw_attributes"][attribute][0]


def guid(samba: SambaAD, name: str) -> str:
    return str(UUID(bytes_le=raw(samba, f"CN={name},{USERS}", "objectGUID")))


def number(samba: SambaAD, dn: str) -> int:
    return int.from_bytes(raw(samba, dn, "objectSid")[-4:], "little")


def test_the_domain_says_what_the_writing_account_may(domain, source):
    assert {right.verb.value: right.allowed for right in journal.rights(source)} == {
        "disable": True, "enable": True, "grant": True, "revoke": True, "reset_secret": None, "end_sessions": False, "create": True,
    }  # fmt: skip


def test_an_account_is_disabled_and_enabled_with_its_other_flags_kept(domain, source, company):
    samba, _ = domain
    samba.put(f"CN=carl,{USERS}", {"userAccountControl": [str(0x200 | 0x10000)]})
    came = company.order(source, order("disable", guid(samba, "carl")))
    assert came == ("carried_out", True, f"it is disabled (userAccountControl {0x200 | 0x10000 | 0x2})")
    assert not samba.sign_in("carl")
    came = company.order(source, order("enable", guid(samba, "carl")))
    assert came == ("carried_out", True, f"it is enabled (userAccountControl {0x200 | 0x10000})")
    assert samba.sign_in("carl")


def test_members_are_taken_out_nested_ways_named_and_primary_groups_left(domain, source, company):
    samba, _ = domain
    ada, bob = guid(samba, "ada"), guid(samba, "bob")
    came = company.order(source, order("revoke", ada, "outer", guid(samba, "outer")))
    assert came == ("carried_out", True, "it is not a direct member of outer, and still reaches it through a group inside it")
    assert company.order(source, order("grant", ada, "outer", guid(samba, "outer"))).outcome == "carried_out"
    assert company.order(source, order("revoke", bob, "staff", guid(samba, "staff"))) == (
        "carried_out",
        True,
        "it is not a direct member of staff",
    )
    assert raw(samba, f"CN=bob,{USERS}", "primaryGroupID") == b"513"
    last = company.order(source, order("revoke", bob, "Domain Users", guid(samba, "Domain Users")))
    assert (last.outcome, "is the primary group of every account" in last.said) == ("refused", True)


def test_a_secret_is_set_over_tls_and_must_be_changed(domain, source, company):
    samba, _ = domain
    done = journal.enforce(source, order("reset_secret", guid(samba, "carl")), key="carl/1")
    assert (done.order.outcome, done.order.said) == ("carried_out", "its person must change its password")
    assert raw(samba, f"CN=carl,{USERS}", "pwdLastSet") == b"0"
    assert not samba.sign_in("carl")
    samba.put(f"CN=carl,{USERS}", {"pwdLastSet": ["-1"]})
    assert samba.sign_in("carl", done.secret)


def test_without_the_right_it_is_refused_in_words(domain, company):
    samba, settings = domain
    weak = company.add("weak", "ldap", {**settings, "enforce_dn": READER, "enforce_password": PASSWORD}, collected=False)
    assert {right.allowed for right in journal.rights(weak) if right.verb != "reset_secret"} == {False}
    for verb, group in (("disable", ""), ("revoke", "inner"), ("reset_secret", "")):
        came = company.order(weak, order(verb, guid(samba, "ada"), group, guid(samba, group) if group else ""))
        assert (came.outcome, READER in came.said or "unwilling" in came.said) == ("refused", True), came
    assert samba.sign_in("ada")


def test_a_deleted_object_is_gone_where_it_may_be_seen_and_unknown_where_not(domain, source, company):
    samba, settings = domain
    gone = guid(samba, "gone")
    samba.remove(f"CN=gone,{USERS}")
    assert company.order(source, order("disable", gone)).outcome == "refused"
    administrator = company.add("admin", "ldap", {**settings, "enforce_dn": ADMINISTRATOR, "enforce_password": PASSWORD}, collected=False)
    assert company.order(administrator, order("disable", gone)) == (
        "carried_out", False, "the account was deleted: it lies in Deleted Objects"
    )  # fmt: skip


def test_an_account_is_made_enabled_with_a_first_secret_that_must_be_changed(domain, source, company):
    samba, settings = domain
    assert company.create(source, "eve") == ("carried_out", True, "eve is there, as the account of its person")
    assert company.seen(source, "eve") == ("77", True, True)
    assert not samba.sign_in("eve", FIRST), "not before it is changed"
    samba.put(f"CN=eve,{USERS}", {"pwdLastSet": ["-1"]})
    assert samba.sign_in("eve", FIRST)
    assert "the name Eve is taken" in company.create(source, "Eve").said
    short = company.create(source, "fay", secret="short")
    assert (short.outcome, samba.sign_in("fay", "short")) == ("refused", False), "the domain's own rules hold for it"
    weak = company.add("weaker", "ldap", {**settings, "enforce_dn": READER, "enforce_password": PASSWORD}, collected=False)
    assert {right.verb.value: right.allowed for right in journal.rights(weak)}["create"] is False
    assert company.create(weak, "gus").outcome == "refused"
