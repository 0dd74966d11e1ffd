"""Packages as Android and iOS have them: what they permit, and where they send to."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.collected import collect, connected, rows

from upheld.evidence.collection import Coverage
from upheld.lab.app import apk, binary, ipa
from upheld.sources.app_builds import APP_BUILDS
from upheld.sources.app_builds.axml import Element, NotBinaryXml, parse
from upheld.sources.source import Misconfigured, SourceError

URL = "https://api.example.org/v1"


def told(folder: Path) -> dict[str, object]:
    (row,) = rows(collect(connected(APP_BUILDS, folder=str(folder)), "app_builds"), "app_builds")
    return {name: value for name, value in row.items() if name not in ("id", "app", "app_version", "platform")}


def plain(**more: object) -> dict[str, object]:
    return {
        "cleartext_permitted": False,
        "cleartext_domains": [],
        "cleartext_hosts": [],
        "hosts": ["api.example.org"],
        "pinned": [],
        **more,
    }


def configuration(**base: bool) -> Element:
    domain = Element("domain", {"includeSubdomains": True}, text="old.example.org")
    pinned = Element("domain-config", {}, [Element("domain", {}, text="api.example.org"), Element("pin-set", {})])
    scopes = [Element("domain-config", {"cleartextTrafficPermitted": True}, [domain]), pinned]
    return Element("network-security-config", {}, [*([Element("base-config", dict(base))] if base else []), *scopes])


def test_an_android_build_encrypts_since_28_unless_it_says_otherwise(tmp_path: Path) -> None:
    for expected, more in (
        (plain(), {}),
        (plain(cleartext_permitted=True), {"usesCleartextTraffic": True}),
        (plain(cleartext_permitted=True), {"target": 27}),
        (plain(), {"target": 27, "usesCleartextTraffic": False}),
    ):
        apk(tmp_path / "a.apk", URL, **more)
        assert told(tmp_path) == expected


def test_a_network_security_configuration_counts_alone(tmp_path: Path) -> None:
    said = {"cleartext_domains": ["old.example.org"], "pinned": ["api.example.org"]}
    apk(tmp_path / "a.apk", URL, configuration=configuration(), usesCleartextTraffic=True)
    assert told(tmp_path) == plain(**said)
    apk(tmp_path / "a.apk", URL, configuration=configuration(cleartextTrafficPermitted=True))
    assert told(tmp_path) == plain(**said, cleartext_permitted=True)
    apk(tmp_path / "a.apk", URL, networkSecurityConfig="@xml/gone")
    assert told(tmp_path) == {"cleartext_hosts": [], "hosts": ["api.example.org"]}


def test_addresses_are_found_in_code(tmp_path: Path) -> None:
    apk(
        tmp_path / "a.apk",
        URL,
        "http://Plain.example.org/x",
        "ws://chat.example.org",
        "wss://safe.example.org",
        "https://localhost/",
        "x://y.org",
    )
    hosts = ["api.example.org", "chat.example.org", "plain.example.org", "safe.example.org"]
    assert told(tmp_path) == plain(hosts=hosts, cleartext_hosts=["chat.example.org", "plain.example.org"])


def test_an_ios_build_tells_by_its_transport_security(tmp_path: Path) -> None:
    ipa(tmp_path / "a.ipa", URL)
    assert told(tmp_path) == plain()
    weak = {"old.example.org": {"NSExceptionAllowsInsecureHTTPLoads": True}, "x.example.org": {}}
    ipa(tmp_path / "a.ipa", URL, NSAllowsArbitraryLoads=True, NSExceptionDomains=weak, NSPinnedDomains={"api.example.org": {}})
    assert told(tmp_path) == plain(cleartext_permitted=True, cleartext_domains=["old.example.org"], pinned=["api.example.org"])


def test_what_cannot_be_read_is_said_and_ends_nothing(tmp_path: Path) -> None:
    source = connected(APP_BUILDS, folder=str(tmp_path))
    with pytest.raises(SourceError, match=r"no \.apk or \.ipa"):
        source.test()
    apk(tmp_path / "good.apk", URL)
    (tmp_path / "bad.apk").write_bytes(b"PK not really")
    assert source.test().startswith("2 packages")
    into = collect(source, "app_builds")
    assert [row["app"] for row in rows(into, "app_builds")] == ["org.example.shop"]
    assert into.seen["app_builds"].coverage is Coverage.PARTIAL
    with pytest.raises(Misconfigured, match="is not there"):
        connected(APP_BUILDS, folder=str(tmp_path / "gone"))


def test_binary_xml_comes_back_as_it_was_written() -> None:
    one = Element("manifest", {"package": "org.x", "debuggable": True, "versionCode": 7}, [Element("application", {"label": "Ärger"})])
    assert parse(binary(one)) == one


@given(st.binary(max_size=200), st.integers(0, 300), st.integers(0, 255))
def test_nothing_but_a_refusal_comes_of_what_is_spoilt(noise: bytes, place: int, value: int) -> None:
    whole = bytearray(binary(Element("a", {"b": "c"}, text="d")))
    if place < len(whole):
        whole[place] = value
    for spoilt in (noise, bytes(whole), bytes(whole[:place]), struct.pack("<HHI", 3, 8, 99) + noise):
        try:
            parse(spoilt)
        except NotBinaryXml:
            continue
