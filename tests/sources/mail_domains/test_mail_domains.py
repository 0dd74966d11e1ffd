"""Domains told by a real name server over UDP, and mail servers by real handshakes."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.labs import installed
from tests.sources.collected import collect, connected, rows

from upheld.drills.transfer.mail_protected import ED25519, zone
from upheld.lab.name_server import NameServer
from upheld.lab.service import free_port
from upheld.lab.tls_listener import TlsListener
from upheld.sources.mail_domains import MAIL_DOMAINS
from upheld.sources.mail_domains.get import Answer, Domain
from upheld.sources.mail_domains.shape import domain_row, spf
from upheld.sources.source import Misconfigured, SourceError

OTHERS = (
    'bare.org. 60 IN TXT "some text"',
    "bare.org. 60 IN MX 0 .",
    "alone.org. 60 IN A 127.0.0.1",
    'handed.org. 60 IN TXT "v=spf1 redirect=example.org"',
    'handed.org. 60 IN TXT "v=other"',
    "handed.org. 60 IN MX 10 mx.example.org.",
    "handed.org. 60 IN MX 20 gone.example.org.",
    '_dmarc.handed.org. 60 IN TXT "v=DMARC1; p=Quarantine; pct=20"',
    '_mta-sts.handed.org. 60 IN TXT "v=STSv1; id=1"',
    "_25._tcp.mx.example.org. 60 IN TLSA 3 1 1 " + "ab" * 32,
)


def short_key() -> str:
    key = rsa.generate_private_key(65537, 1024).public_key()
    told = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; p={base64.b64encode(told).decode()}"


@pytest.mark.lab
def test_what_dns_and_mail_servers_tell() -> None:
    with installed(), NameServer(*zone(), *OTHERS) as names, TlsListener(service="smtp") as server:
        told = {"nameserver": names.address, "mail_port": str(server.port), "seconds": "5"}
        source = connected(MAIL_DOMAINS, domains="example.org:s1,s2 bare.org:- handed.org alone.org:-", **told)
        assert source.test() == "example.org: SPF fail, DMARC reject; 4 domains to ask about"
        found = {row["id"]: row for row in rows(collect(source, "mail_domains"), "mail_domains")}
    assert found["example.org"] == {
        "id": "example.org",
        "sends": True,
        "spf": "fail",
        "dkim": ["s1"],
        "dkim_missing": ["s2"],
        "dmarc": "reject",
        "dmarc_percent": 100,
        "mail_servers": ["mx.example.org"],
        "without_tls": [],
        "unreached": [],
        "mta_sts": "missing",
        "dane": True,
    }
    bare, handed = found["bare.org"], found["handed.org"]
    assert (bare["sends"], bare["spf"], bare["dmarc"], bare["mail_servers"], bare["unreached"]) == (False, "none", "missing", [], [])
    assert (handed["spf"], handed["dmarc"], handed["dmarc_percent"], handed["mta_sts"]) == ("fail", "quarantine", 20, "announced")
    assert (handed["mail_servers"], handed["dane"]) == (["mx.example.org", "gone.example.org"], False)
    assert handed["unreached"] == ["gone.example.org"]
    assert found["alone.org"]["mail_servers"] == ["alone.org"]
    assert "dkim_missing" not in handed


def test_silence_of_dns_is_no_answer() -> None:
    source = connected(MAIL_DOMAINS, domains="example.org:s1", nameserver=f"127.0.0.1:{free_port()}", seconds="1")
    for look in (source.test, lambda: collect(source, "mail_domains")):
        with pytest.raises(SourceError, match="DNS did not answer about"):
            look()


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (["v=spf1 a -all"], "fail"),
        (["v=spf1 ~ALL"], "softfail"),
        (["v=spf1 all"], "pass"),
        (["v=spf1 ?all"], "neutral"),
        (["a", "b"], "error"),
    ],
)
def test_what_spf_says_of_all_others(records: list[str], said: str) -> None:
    assert spf(records) == said


@pytest.mark.parametrize(
    "texts", [[], [ED25519, ED25519], ["v=DKIM1; p="], ["v=DKIM1; t=y:s; k=ed25519; p=abc"], [short_key()], ["v=DKIM1; p=garbage!"]]
)
def test_a_key_that_is_none(texts: list[str]) -> None:
    assert domain_row(Answer(Domain("x.org", ("s1",), sends=True), dkim={"s1": texts}))["dkim_missing"] == ["s1"]


@pytest.mark.parametrize("said", ["", "localhost", "example.org:", "exa mple.org:a/b", "example.org:s1=crm"])
def test_what_is_no_domain_is_refused(said: str) -> None:
    with pytest.raises(Misconfigured):
        connected(MAIL_DOMAINS, domains=said)
