"""The parts of the directory source that need no server."""

import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.sources.ldap import LDAP
from upheld.sources.ldap.access_rules import parse, writers
from upheld.sources.ldap.client import Shown, shown
from upheld.sources.ldap.descriptor import UnreadableDescriptorError, may_change_members, sid
from upheld.sources.ldap.members import Index
from upheld.sources.ldap.sight import attribute_names
from upheld.sources.ldap.values import folded, generalized_time, password_scheme, windows_span, windows_time
from upheld.sources.source import Misconfigured, complete

SETTINGS = {"system": "directory", "base": "dc=example,dc=org"}
ADA, BOB = "uid=ada,dc=example", "uid=bob,dc=example"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"url": "http://x"}, "it is to be ldap://HOST"),
        ({"url": "ldap://x/dc=a"}, "it is to be ldap://HOST"),
        ({"url": "ldap://x:99999"}, "Port out of range"),
        ({"url": "ldap://x", "bind_dn": "cn=a"}, "bind_dn is set without a password"),
        ({"url": "ldap://x", "start_tls": "maybe"}, "it is yes or no"),
        ({"url": "ldap://x", "timeout": "-1"}, "above 0"),
        ({"url": "ldap://x", "timeout": "soon"}, "number of seconds"),
        ({"url": "ldap://x", "page_size": "0"}, "from 1 to 10000"),
        ({"url": "ldap://x", "client": "curl"}, "auto, ldap3 or python-ldap"),
        ({"url": "ldap://x", "admin_pattern": "("}, "no regular expression"),
        ({"url": "ldap://x", "ca_file": "/nowhere.pem"}, "holds no certificate"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, str], says: str) -> None:
    with pytest.raises(Misconfigured, match=says):
        LDAP.connect(complete(LDAP, {**SETTINGS, **settings}))


def test_a_password_never_crosses_a_network_in_clear_unless_told_so() -> None:
    told = complete(LDAP, {**SETTINGS, "url": "ldap://ldap.example.org", "bind_dn": "cn=a", "start_tls": "no"}) | {
        "password": "secret-word"
    }
    with pytest.raises(Misconfigured, match="would cross the network") as raised:
        LDAP.connect(told)
    assert "secret-word" not in str(raised.value)
    assert LDAP.connect(told | {"allow_plaintext": "yes"}).asked.where.tls == "none"
    assert LDAP.connect(told | {"start_tls": "auto"}).asked.where.tls == "starttls"
    assert LDAP.connect(told | {"url": "ldaps://ldap.example.org"}).asked.where.tls == "ldaps"
    assert LDAP.connect(told | {"url": "ldap://127.0.0.1", "start_tls": "auto"}).asked.where.tls == "none"
    assert "secret-word" not in repr(LDAP.connect(told | {"start_tls": "yes"}))


@pytest.mark.parametrize(
    ("values", "scheme"),
    [
        ([b"plain"], "cleartext"),
        ([b"{SSHA}x"], "ssha"),
        ([b"{MD5}x"], "md5"),
        ([b"{CRYPT}$6$salt$x"], "sha512-crypt"),
        ([b"{crypt}$y$j9T$x"], "yescrypt"),
        ([b"{CRYPT}$2b$12$x"], "bcrypt"),
        ([b"{CRYPT}ab01234567890"], "des-crypt"),
        ([b"{CRYPT}!"], "locked"),
        ([b"{PBKDF2-SHA512}x"], "pbkdf2"),
        ([b"{ARGON2}$argon2id$x"], "argon2"),
        ([b"{SASL}ada@EXAMPLE.ORG"], "none"),
        ([b"{NOVEL}x", b"{ARGON2}y"], "novel"),
        ([b"{ARGON2}x", b"{MD5}y"], "md5"),
        ([], None),
    ],
)
def test_the_weakest_scheme_counts(values: list[bytes], scheme: str | None) -> None:
    assert password_scheme(values) == scheme


def test_times_of_ldap_and_windows_are_read() -> None:
    assert generalized_time(b"20260503091200Z") == datetime(2026, 5, 3, 9, 12, tzinfo=UTC)
    assert generalized_time(b"20260503091200.5Z") == datetime(2026, 5, 3, 9, 12, 0, 500000, tzinfo=UTC)
    assert [generalized_time(value) for value in (b"20260503091200", b"20261303091200Z", b"", b"\xffZ")] == [None] * 4
    assert windows_time(b"132223104000000000") == datetime(2020, 1, 1, tzinfo=UTC)
    assert [windows_time(value) for value in (b"0", b"9223372036854775807", None, b"x", b"99999999999999999999")] == [None] * 5
    assert windows_span(b"-18000000000") == timedelta(minutes=30)
    assert windows_span(b"-9223372036854775808") is None


@given(st.binary(max_size=30))
def test_any_bytes_are_a_time_or_none(value: bytes) -> None:
    assert generalized_time(value) is None or generalized_time(value).tzinfo is UTC  # type: ignore[union-attr]


def test_names_are_one_however_they_are_spelt() -> None:
    assert folded("UID=Ada , OU=People,DC=example") == folded("uid=ada,ou=people,dc=example")
    assert folded(r"cn=a\, b,dc=x") != folded("cn=a,b,dc=x")


def test_attribute_names_come_from_the_schema() -> None:
    said = {"attributetypes": [b"( 1.2 NAME 'uid' SYNTAX x )", b"( 1.3 NAME ( 'cn' 'commonName' ) DESC 'it''s' )", b"( 1.4 )"]}
    assert attribute_names(said) == {"uid", "cn", "commonname"}


def test_a_compare_tells_absent_from_denied() -> None:
    assert [shown(code) for code in (5, 6, 16, 50, 80, -1)] == [
        Shown.PRESENT, Shown.PRESENT, Shown.ABSENT, Shown.DENIED, Shown.UNTOLD, Shown.UNTOLD,
    ]  # fmt: skip


def index() -> Index:
    found = Index("directory", accounts={ADA: "ada", BOB: "bob"}, groups={"cn=g,dc=example": "g", "cn=h,dc=example": "h"})
    found.within = {"bob": {"h"}, "h": {"g"}, "g": {"h"}}
    return found


@pytest.mark.parametrize(
    ("rule", "writing"),
    [
        (f'to * by dn.exact="{ADA}" write by * read', {"ada"}),
        (f'to * by dn="{ADA}" manage', {"ada"}),
        (f'to * by dn.base="{ADA.upper()}" =rw by users read', {"ada"}),
        ('to attrs=member by group.exact="cn=g,dc=example" write', {"bob"}),
        ('to attrs=member by group/groupOfNames/member.exact="cn=g,dc=example" write', {"bob"}),
        ('to attrs=mail by dn.subtree="dc=example" write', set()),
        ('to dn.subtree="ou=x,dc=example" by dn.children="dc=example" write', {"ada", "bob"}),
        ('to * by dn.regex="^uid=a.*,dc=example$" write', {"ada"}),
        (f'to * by dn.exact="{ADA}" read by users write', {"bob"}),
        (f'to * by dn.exact="{ADA}" read continue by users write', {"ada", "bob"}),
        ("to * by self write by anonymous auth", set()),
        ("to attrs=userPassword by users +w", {"ada", "bob"}),
        ("to * by users selfwrite", set()),
        ("to * by users read", set()),
    ],
)
def test_access_rules_are_followed_to_accounts(rule: str, writing: set[str]) -> None:
    found = writers([rule], index())
    assert {row["account_id"] for row in found.rows} == writing
    assert found.unclear == []


@pytest.mark.parametrize("who", ['set="this/owner & user"', "anonymous", 'group.exact="cn=unseen,dc=example"', "dnattr=seeAlso"])
def test_access_rules_that_cannot_be_followed_are_said(who: str) -> None:
    assert len(writers([f"to * by {who} write"], index()).unclear) == 1
    assert writers([f"to * by {who} read"], index()).unclear == []


@given(st.text(alphabet='to by dn.exact="*,=write\\ ', max_size=60))
def test_any_rule_is_parsed(text: str) -> None:
    writers([text], index())
    assert parse(text) is not None


@given(st.binary(max_size=80))
def test_any_bytes_are_a_descriptor_or_refused(value: bytes) -> None:
    try:
        may_change_members(value)
    except UnreadableDescriptorError:
        return


def ace(mask: int, who: bytes, *, kind: int = 0, flags: int = 0, what: bytes = b"") -> bytes:
    body = struct.pack("<I", mask) + (struct.pack("<I", 1 if what else 0) + what if kind == 5 else b"") + who
    return struct.pack("<BBH", kind, flags, len(body) + 4) + body


def test_access_lists_tell_who_may_change_members() -> None:
    people = {name: struct.pack("<BB6sI", 1, 1, b"\0\0\0\0\0\5", number) for number, name in enumerate("abcdefg", start=100)}
    member = bytes.fromhex("c07996bfe60dd011a28500aa003049e2")
    entries = [
        ace(0x10000000, people["a"]),
        ace(0x20, people["b"]),
        ace(0x20, people["c"], kind=5, what=member),
        ace(0x20, people["d"], kind=5, what=bytes(16)),
        ace(0x10000000, people["e"], flags=0x08),
        ace(0x10, people["f"]),
        ace(0x10000000, people["g"], kind=1),
    ]
    descriptor = struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + struct.pack("<BBHHH", 4, 0, 0, len(entries), 0) + b"".join(entries)
    assert may_change_members(descriptor) == {"S-1-5-100", "S-1-5-101", "S-1-5-102"}
    assert sid(people["a"]) == "S-1-5-100"
