"""A real OpenLDAP: exactly what was put in comes out, what is kept from us is unknown, and what breaks off ends nothing."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.labs import start
from tests.sources.ldap.asking import collected, gaps, of, rows, source

from upheld.evidence.collection import Collecting, Coverage, GapKind
from upheld.evidence.store import Store
from upheld.lab.slapd import ADMIN, ADMIN_PASSWORD, BASE, CONFIG_RULES, POLICY, READER, READER_RULES, Slapd
from upheld.sources.ldap import LDAP
from upheld.sources.source import SourceError

pytestmark = pytest.mark.lab
PASSWORD = "correct-horse-7-battery"
LIBRARIES = ["ldap3", "python-ldap"]
READS_PASSWORDS = (f'access to * by dn.exact="{ADMIN}" manage by dn.exact="{READER}" read by anonymous auth by * none',)


def people(count: int, *, long: str = "") -> str:
    one = "dn: uid=u{n},ou=people,{base}\nobjectClass: inetOrgPerson\nuid: u{n}\ncn: U {n}\nsn: U\nemployeeNumber: {n}\n{long}\n"
    return "\n".join(one.format(n=number, base=BASE, long=long) for number in range(count))


@pytest.fixture(scope="module")
def company() -> Iterator[Slapd]:
    """A directory with planted faults of many kinds."""
    with start(Slapd, rules=READS_PASSWORDS) as slapd:
        for uid, number in (("ada", "1001"), ("bob", "1002"), ("carl", "1003"), ("dora", "1004")):
            slapd.add_person(uid, number=number, password=PASSWORD)
        slapd.add_person("ghost", mail="ghost@example.net")
        slapd.sign_in(slapd.dn("ada"), PASSWORD)
        slapd.put(slapd.dn("bob"), {"pwdAccountLockedTime": ["000001010000Z"]})
        slapd.put(slapd.dn("carl"), {"pwdAccountLockedTime": ["20200101000000Z"]})
        slapd.put(slapd.dn("carl"), {"userPassword": ["{MD5}WhdwsBLbXnFL05UncJJ42Q=="]})
        slapd.put(slapd.dn("dora"), {"pwdChangedTime": ["20240101000000Z"]}, operational=True)
        slapd.put(slapd.dn("dora"), {"pwdReset": ["TRUE"]})
        slapd.add_entry(
            f"cn=strict,ou=policies,{BASE}", ["device", "pwdPolicy"], pwdAttribute="userPassword", pwdMinLength="20", pwdMaxAge="86400"
        )  # fmt: skip
        slapd.put(slapd.dn("dora"), {"pwdPolicySubentry": [f"cn=strict,ou=policies,{BASE}"]})
        slapd.add_entry(f"cn=backup,ou=people,{BASE}", ["device", "simpleSecurityObject"], userPassword=PASSWORD, owner=slapd.dn("ada"))
        admins = slapd.add_group("admins", [slapd.dn("ada")])
        slapd.add_group("nested", [admins, slapd.dn("dora")], owner=slapd.dn("bob"))
        slapd.add_group("gone", [f"uid=left,ou=people,{BASE}", slapd.dn("ada").upper()])
        slapd.add_entry(f"cn=staff,ou=groups,{BASE}", ["posixGroup"], gidNumber="500", memberUid="ada")
        yield slapd


@pytest.mark.parametrize("client", LIBRARIES)
def test_every_account_comes_out_with_its_faults(company: Slapd, client: str) -> None:
    into = collected(company, client=client)
    assert into.seen["accounts"].coverage is Coverage.COMPLETE
    assert rows(into, "accounts", "user_name", "kind", "person_ref", "owner_ref", "enabled", "locked", "can_sign_in", "privileged") == {
        ("admin", "person", "1", None, True, False, True, True),
        ("reader", "service", None, "1", True, False, True, False),
        ("backup", "service", None, "1001", True, False, True, False),
        ("ada", "person", "1001", None, True, False, True, False),
        ("bob", "person", "1002", None, False, True, False, False),
        ("carl", "person", "1003", None, True, False, True, False),
        ("dora", "person", "1004", None, True, False, True, False),
        ("ghost", "person", "ghost@example.net", None, True, False, False, False),
    }


@pytest.mark.parametrize("client", LIBRARIES)
def test_passwords_are_told_by_age_scheme_and_rule(company: Slapd, client: str) -> None:
    into = collected(company, client=client)
    default, strict = POLICY, f"cn=strict,ou=policies,{BASE}"
    assert rows(into, "accounts", "user_name", "password_scheme", "password_rule_id", "password_must_change") == {
        ("admin", "argon2", default, False),
        ("reader", "argon2", default, False),
        ("backup", "argon2", default, False),
        ("ada", "argon2", default, False),
        ("bob", "argon2", default, False),
        ("carl", "md5", default, False),
        ("dora", "argon2", strict, True),
        ("ghost", "none", default, False),
    }
    assert of(into, "dora")["password_changed_at"] == datetime(2024, 1, 1, tzinfo=UTC)
    assert of(into, "bob")["last_login_at"] is None
    assert datetime.now(UTC) - of(into, "ada")["last_login_at"] < timedelta(minutes=5)  # type: ignore[operator]
    assert rows(into, "password_rules", "id", "minimum_length", "history", "locks_after", "locked_for", "maximum_age", "scheme") == {
        (default, 14, 10, 5, timedelta(minutes=15), timedelta(days=365), "argon2"),
        (strict, 20, 0, 0, None, timedelta(days=1), "argon2"),
    }


@pytest.mark.parametrize("client", LIBRARIES)
def test_memberships_follow_names_however_they_are_spelt(company: Slapd, client: str) -> None:
    into = collected(company, client=client)
    names = {row["id"]: row["user_name"] for row in into.seen["accounts"].rows.values()}
    names |= {row["id"]: row["name"] for row in into.seen["groups"].rows.values()}
    held = {
        (row["holder_kind"], names[row["holder_id"]], row["entitlement"], row["privileged"]) for row in into.seen["grants"].rows.values()
    }
    assert held == {
        ("account", "ada", "admins", True),
        ("group", "admins", "nested", False),
        ("account", "dora", "nested", False),
        ("account", "ada", "gone", False),
        ("account", "ada", "staff", False),
    }
    assert any(note.startswith("1 members of groups are not among the entries read") for note in into.notes)


def test_whoever_can_write_is_a_grantor(company: Slapd) -> None:
    into = collected(company)
    names = {row["id"]: row["user_name"] for row in into.seen["accounts"].rows.values()}
    ways = {(names[row["account_id"]], row["way"]) for row in into.seen["grantors"].rows.values()}
    assert ways == {("admin", "rootdn"), ("admin", "access rule 1 lets it write"), ("bob", "owner of group nested")}
    assert into.seen["grantors"].coverage is Coverage.COMPLETE


def test_a_group_that_may_write_makes_all_in_it_grantors() -> None:
    rule = (
        f'access to * by group.exact="cn=helpers,ou=groups,{BASE}" write by dn.exact="{ADMIN}" manage by dn.exact="{READER}" read by * auth'
    )
    with start(Slapd, rules=(rule,)) as slapd:
        helpers = slapd.add_group("juniors", [slapd.add_person("ada", number="1")])
        slapd.add_group("helpers", [helpers])
        into = collected(slapd)
        names = {row["id"]: row["user_name"] for row in into.seen["accounts"].rows.values()}
        assert ("ada", "access rule 1 lets it write") in {
            (names[row["account_id"]], row["way"]) for row in into.seen["grantors"].rows.values()
        }


@pytest.mark.parametrize("client", LIBRARIES)
def test_without_rights_the_columns_are_denied_and_not_empty(client: str) -> None:
    hidden = "userPassword,pwdChangedTime,pwdAccountLockedTime,employeeNumber"
    rules = (f'access to attrs={hidden} by dn.exact="{ADMIN}" manage by anonymous auth by * none', READER_RULES[1])
    with start(Slapd, rules=rules, config_rules=None) as slapd:
        slapd.add_person("ada", number="1001", password=PASSWORD)
        into = collected(slapd, client=client)
        assert {
            "accounts.password_scheme", "accounts.password_changed_at", "accounts.enabled", "accounts.locked", "accounts.person_ref",
            "accounts.can_sign_in", "accounts.privileged", "accounts.password_rule_id", "password_rules.scheme",
        } <= gaps(into)  # fmt: skip
        ada = of(into, "ada")
        assert [ada[name] for name in ("enabled", "locked", "person_ref", "password_scheme", "privileged", "password_rule_id")] == [
            None
        ] * 6
        assert into.seen["grantors"].coverage is Coverage.PARTIAL
        assert into.seen["accounts"].coverage is Coverage.COMPLETE


def test_who_has_a_password_is_known_without_reading_it() -> None:
    with start(Slapd) as slapd:
        slapd.add_person("ada", password=PASSWORD)
        slapd.add_person("eve")
        into = collected(slapd)
        assert (of(into, "ada")["can_sign_in"], of(into, "eve")["can_sign_in"]) == (True, False)
        assert of(into, "ada")["password_scheme"] is None
        assert "accounts.password_scheme" in gaps(into)


def test_hidden_identifiers_cut_the_accounts_short() -> None:
    rule = f'access to attrs=entryUUID by dn.exact="{ADMIN}" manage by * none'
    with start(Slapd, rules=(rule, *READER_RULES)) as slapd:
        into = collected(slapd)
        assert into.seen["accounts"].coverage is Coverage.PARTIAL
        assert "did not show entryUUID" in into.seen["accounts"].cut_short[0]


@pytest.mark.parametrize("client", LIBRARIES)
def test_a_size_limit_keeps_what_came_and_says_so(client: str) -> None:
    with start(Slapd, ldif=people(300), limits=f'limits dn.exact="{READER}" size=100') as slapd:
        into = collected(slapd, client=client, page_size="50")
        assert into.seen["accounts"].coverage is Coverage.PARTIAL
        assert "size limit was reached" in into.seen["accounts"].cut_short[0]
        assert 50 <= len(into.seen["accounts"].rows) <= 100
        assert into.seen["grants"].coverage is Coverage.PARTIAL


@pytest.mark.parametrize("client", LIBRARIES)
def test_a_server_killed_mid_page_leaves_a_partial_collection(client: str) -> None:
    with start(Slapd, ldif=people(3000)) as slapd:

        def kill(what: str, done: int, total: int | None = None) -> None:
            if slapd.running:
                os.killpg(slapd.pid, signal.SIGKILL)

        into = Collecting("ldap", LDAP.tables, datetime.now(UTC), progress=kill)
        source(slapd, client=client, page_size="100", timeout="5").collect(into)
        assert 1000 <= len(into.seen["accounts"].rows) < 3000
        assert any("broke off" in why for why in into.seen["accounts"].cut_short)
        assert {seen.coverage for name, seen in into.seen.items() if name in ("accounts", "groups", "grants", "grantors")} == {
            Coverage.PARTIAL
        }


def test_a_server_killed_mid_page_ends_no_row(tmp_path: Path) -> None:
    with start(Slapd, ldif=people(1500)) as slapd:
        whole = collected(slapd)
        first = Store(tmp_path, []).record(whole, "first")

        def kill(what: str, done: int, total: int | None = None) -> None:
            if slapd.running:
                os.killpg(slapd.pid, signal.SIGKILL)

        into = Collecting("ldap", LDAP.tables, datetime.now(UTC), progress=kill)
        source(slapd, page_size="100", timeout="5").collect(into)
        second = Store(tmp_path, first.files).record(into, "second")
    assert first.tables["accounts"].coverage is Coverage.COMPLETE
    assert second.tables["accounts"].coverage is Coverage.PARTIAL
    assert second.tables["accounts"].vanished > 0
    assert {name: told.ended for name, told in second.tables.items()} == dict.fromkeys(LDAP.tables, 0)


@pytest.mark.parametrize("client", LIBRARIES)
def test_strange_values_are_kept(client: str) -> None:
    with start(Slapd, ldif=people(1, long=f"description: {'x' * 1_000_000}\ndisplayName:: {'YQBiG1szMW0='}\n")) as slapd:
        into = collected(slapd, client=client, mfa_attribute="description")
        assert of(into, "u0")["display_name"] == "a\x00b\x1b[31m"
        assert of(into, "u0")["has_mfa"] is True


@pytest.mark.parametrize("client", LIBRARIES)
@pytest.mark.parametrize(
    ("settings", "says", "permanent"),
    [
        ({"password": "not-this-one"}, "wrong name or password", True),
        ({"bind_dn": "cn=nobody,dc=example,dc=org"}, "wrong name or password", True),
        ({"url": "ldap://127.0.0.1:1"}, "cannot be reached", False),
        ({"start_tls": "yes", "ca_file": ""}, "ca_file", True),
    ],
)
def test_what_cannot_be_read_says_what_to_do(company: Slapd, client: str, settings: dict[str, str], says: str, permanent: bool) -> None:
    with pytest.raises(SourceError, match=says) as raised:
        collected(company, client=client, **settings)
    assert raised.value.permanent is permanent
    assert "not-this-one" not in str(raised.value) and ADMIN_PASSWORD not in str(raised.value)


@pytest.mark.parametrize("client", LIBRARIES)
def test_tls_is_verified_against_the_authority(company: Slapd, client: str) -> None:
    assert "with StartTLS" in source(company, client=client, start_tls="yes").test()


def test_the_test_says_when_the_base_is_not_in_sight(company: Slapd) -> None:
    assert f"{BASE} is in sight" in source(company).test()
    assert "dc=elsewhere is not shown" in source(company, base="dc=elsewhere").test()


@pytest.mark.parametrize("client", LIBRARIES)
def test_the_door_is_tried_and_told(client: str) -> None:
    with start(Slapd, rules=(*READS_PASSWORDS,)) as slapd:
        door = next(iter(collected(slapd, client=client).seen["logon_settings"].rows.values()))
        assert (door["allows_plaintext"], door["allows_empty_passwords"], door["limits_guesses"]) == (True, False, True)
        slapd.directives.append("security simple_bind=128")
        slapd.rules = (f'access to * by dn.exact="{ADMIN}" manage by * read',)
        slapd.directives.append("allow bind_anon_cred bind_anon_dn")
        slapd.restart()
        door = next(iter(collected(slapd, client=client, start_tls="yes").seen["logon_settings"].rows.values()))
        assert (door["allows_plaintext"], door["allows_empty_passwords"]) == (False, True)


def test_a_directory_that_keeps_no_sign_ins_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with start(Slapd, config_rules=(CONFIG_RULES[0], f'access to * by dn.exact="{READER}" read by * none')) as slapd:
        assert "accounts.last_login_at" not in gaps(collected(slapd), GapKind.UNSUPPORTED)
        _tries_guesses(slapd, monkeypatch)


def _tries_guesses(slapd: Slapd, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried on an account kept for it counts more than what the policy says."""
    slapd.add_person("canary", password=PASSWORD)

    def tried(**settings: str) -> tuple[object, str]:
        into = collected(slapd, **settings)
        taken.append(into.seen["password_rules"].rows[(POLICY.lower(),)]["quality_checked"])
        door = next(iter(into.seen["logon_settings"].rows.values()))
        said.append(str(door["said"]))
        return door["limits_guesses"], next(
            (each for each in str(door["said"]).split("; ") if "before anything" in each or "wrong" in each), ""
        )

    taken: list[object] = []
    said: list[str] = []
    monkeypatch.setenv("CANARY", PASSWORD)
    kept = {"probe_dn": slapd.dn("canary"), "probe_password": "env:CANARY"}
    slapd.put(POLICY, {"pwdMaxFailure": ["50"]})
    assert tried()[0] is True, "the policy locks, some day"
    assert tried(**kept) == (False, f"after 10 wrong passwords of {slapd.dn('canary')}, its own let in")
    slapd.put(POLICY, {"pwdMaxFailure": ["5"]})
    assert tried(**kept) == (True, f"after 10 wrong passwords of {slapd.dn('canary')}, its own did not let in")
    answer, why = tried(**kept)
    assert (answer, "did not get in before anything was tried" in why) == (True, True), "the policy's word, and why"
    # The policy has passwords looked at, and long ones of one letter would be taken all the same.
    assert taken == [True, False, False, True]
    assert f"a password of one letter again and again would be taken from {slapd.dn('canary')}" in said[1]
    slapd.put(slapd.dn("canary"), {"pwdAccountLockedTime": []})
    slapd.put(POLICY, {"pwdMinLength": ["30"]})
    tried(**kept)
    assert taken[-1] is True and f"is refused to {slapd.dn('canary')} (constraintViolation" in said[-1]


def test_an_account_named_by_pattern_is_of_that_kind(company: Slapd) -> None:
    into = collected(company, admin_pattern="^ada$", shared_pattern="^gh")
    assert (of(into, "ada")["kind"], of(into, "ghost")["kind"]) == ("admin", "shared")
