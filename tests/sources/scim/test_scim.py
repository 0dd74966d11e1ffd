"""A real SCIM server: exactly what was put in comes out, what breaks off ends nothing, orders are carried out and read back."""

from collections.abc import Iterator

import pytest
from tests.labs import start
from tests.sources.collected import collect, connected, gaps, rows
from tests.sources.ordering import Company, order

from upheld.evidence.collection import Coverage
from upheld.lab.scim import READER, ScimServer
from upheld.sources import journal
from upheld.sources.enforcing import CannotEnforce
from upheld.sources.scim import SCIM, SCIM_PEOPLE, shape
from upheld.sources.source import Misconfigured, SourceError

TABLES = ("accounts", "groups", "grants", "grantors")


@pytest.fixture(scope="module")
def idp() -> Iterator[ScimServer]:
    """A server with people, a program, nested groups and roles."""
    with start(ScimServer) as server:
        ada = server.add_user("Ada", employeeNumber="1001", displayName="Ada L.", emails=[{"value": "ada@example.org", "primary": True}])
        bob = server.add_user("bob", active=False, emails=[{"value": "bob@example.org"}], roles=[{"value": "auditor"}])
        server.add_user("app", userType="Service")
        inner = server.add_group("admins", ada)
        server.add_group("staff", inner, bob)
        server.ids = {"ada": ada, "bob": bob}  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def source(idp: ScimServer, company: Company):
    """The server as a source that may be written to, not read yet."""
    return company.add("idp", "scim", {"system": "idp", **idp.settings, **idp.let_write()}, collected=False)


@pytest.mark.lab
def test_users_groups_roles_and_who_administers_come_out(idp):
    into = collect(connected(SCIM, system="idp", admin_groups="Admins", page_size="2", **idp.settings), *TABLES)
    assert into.coverage is Coverage.COMPLETE
    accounts = {row["user_name"]: row for row in rows(into, "accounts")}
    told = {
        name: (row["identifier"], row["kind"], row.get("person_ref"), row["enabled"], row["privileged"]) for name, row in accounts.items()
    }
    assert told == {
        "Ada": ("ada", "person", "1001", True, True),
        "bob": ("bob", "person", "bob@example.org", False, False),
        "app": ("app", "service", None, True, False),
    }
    ids = {row["id"]: name for name, row in accounts.items()} | {row["id"]: row["name"] for row in rows(into, "groups")}
    assert {(row["holder_kind"], ids[row["holder_id"]], row["entitlement"], row.get("privileged")) for row in rows(into, "grants")} == {
        ("account", "Ada", "admins", True),
        ("group", "admins", "staff", False),
        ("account", "bob", "staff", False),
        ("account", "bob", "role:auditor", None),
    }
    assert [(ids[row["account_id"]], row["way"]) for row in rows(into, "grantors")] == [("Ada", "member of admins")]
    assert ("accounts", "has_mfa", "unsupported") in {(table, column, kind) for table, column, kind in gaps(into)}


@pytest.mark.lab
def test_people_are_those_whom_hr_knows(idp):
    into = collect(connected(SCIM_PEOPLE, **idp.settings), "people")
    assert rows(into, "people") == [{"id": "1001", "name": "Ada L.", "mail": "ada@example.org", "user_name": "Ada"}]
    assert into.notes == ["2 users without employeeNumber are nobody whom HR knows, and left out"]


@pytest.mark.lab
def test_without_word_on_who_administers_nobody_is_said_to_grant(idp):
    into = collect(connected(SCIM, system="idp", **idp.settings), *TABLES)
    assert into.seen["grantors"].coverage is Coverage.PARTIAL
    assert {row["privileged"] for row in into.seen["accounts"].rows.values()} == {None}


@pytest.mark.lab
def test_a_server_that_goes_in_the_middle_ends_nothing():
    with start(ScimServer, stop_after=2) as server:
        for number in range(5):
            server.add_user(f"u{number}")
        into = collect(connected(SCIM, system="idp", page_size="2", **server.settings), *TABLES)
    assert into.seen["accounts"].coverage is Coverage.PARTIAL
    assert len(rows(into, "accounts")) == 2


@pytest.mark.lab
def test_a_wrong_token_is_said_and_never_shown(idp):
    with pytest.raises(SourceError, match="refused the token") as raised:
        collect(connected(SCIM, system="idp", **{**idp.settings, "token": "guessed-token"}), *TABLES)
    assert "guessed-token" not in str(raised.value)


@pytest.mark.lab
def test_orders_are_carried_out_and_read_back(idp, source, company):
    ada, bob = idp.ids["ada"], idp.ids["bob"]
    groups = {each["displayName"]: each["id"] for each in idp.ask("GET", "/Groups")["Resources"]}
    assert {right.verb.value: right.allowed for right in journal.rights(source)} == {
        "disable": True, "enable": True, "grant": True, "revoke": True, "reset_secret": True, "end_sessions": False, "create": None,
    }  # fmt: skip
    assert company.order(source, order("disable", ada)) == ("carried_out", True, "active is false")
    assert idp.user(ada)["active"] is False
    assert company.order(source, order("enable", ada)).outcome == "carried_out"
    assert company.order(source, order("revoke", bob, "staff", groups["staff"])) == (
        "carried_out",
        True,
        "it is not a direct member of staff",
    )
    assert company.order(source, order("grant", bob, "staff", groups["staff"])) == ("carried_out", True, "it is a direct member of staff")
    assert company.order(source, order("revoke", bob, "role:auditor")) == ("carried_out", True, "it has not role:auditor")
    assert company.order(source, order("reset_secret", bob)).outcome == "carried_out"
    idp.ask("DELETE", f"/Users/{idp.add_user('brief')}")


@pytest.mark.lab
def test_without_the_right_it_is_refused_and_gone_is_gone(idp, source, company):
    weak = company.add("weak", "scim", {"system": "idp", **idp.settings, "enforce_token": READER}, collected=False)
    assert {right.allowed for right in journal.rights(weak)} == {False}
    came = company.order(weak, order("disable", idp.ids["ada"]))
    assert (came.outcome, "give it that right" in came.said) == ("refused", True)
    brief = idp.add_user("brief")
    idp.ask("DELETE", f"/Users/{brief}")
    assert company.order(source, order("disable", brief)) == (
        "carried_out", False, "the server says that there is no such user any more (404)"
    )  # fmt: skip
    reader = company.add("reader", "scim", {"system": "idp", **idp.settings}, collected=False)
    with pytest.raises(CannotEnforce, match="enforce_token"):
        journal.enforce(reader, order("disable", brief), key="x")


@pytest.mark.parametrize("url", ["ftp://idp", "idp.example.org", "http://idp.example.org/v2", "https://idp/v2?x=1"])
def test_an_address_that_would_show_the_token_is_refused(url):
    with pytest.raises(Misconfigured):
        connected(SCIM, system="idp", url=url, token="t")


def test_what_servers_leave_out_or_write_oddly_is_unknown():
    odd = [{"id": "1", "userName": "x", "active": "true", "emails": "x@y", "meta": {"created": "yesterday"}, "groups": None}]
    (row,) = shape.account_rows(odd, shape.View("idp"))
    assert (row["enabled"], row["mail"], row["created_at"], row["person_ref"]) == (None, None, None, None)


@pytest.mark.lab
def test_a_user_is_made_whole_and_a_taken_name_refused(idp, source, company):
    assert company.create(source, "eve") == ("carried_out", True, "eve is there, as the account of its person")
    assert company.seen(source, "eve") == ("77", True, None)
    came = company.create(source, "ADA")
    assert (came.outcome, "refused it: status 409" in came.said) == ("refused", True), came
    weak = company.add("weaker", "scim", {"system": "idp", **idp.settings, "enforce_token": READER}, collected=False)
    assert "give it that right" in company.create(weak, "gus").said
    assert company.create(source, 'x" or userName pr or "').outcome in ("carried_out", "refused")
    assert idp.ask("GET", "/Users?count=1")["totalResults"] >= 4
