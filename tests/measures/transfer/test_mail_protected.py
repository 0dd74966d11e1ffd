from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "transfer/mail_protected"


def domain(name: str = "example.org", **more: Any) -> Made:
    """A domain that is protected."""
    good = {"id": name, "sends": True, "spf": "fail", "dkim": ["s1"], "dkim_missing": [], "dmarc": "reject", "dmarc_percent": 100}
    return {**good, "mail_servers": ["mx"], "without_tls": [], "unreached": [], **more}


def case(expected: Any, **more: Any) -> Case:
    return Case(expected, mail_domains=[domain("example.net"), domain(**more)])


def fault(said: str) -> Any:
    return broken(2, [("test/example.org", said)])


CASES = {
    "upheld": case(upheld(2)),
    "softfail, quarantine": case(upheld(2), spf="softfail", dmarc="quarantine"),
    "SPF neutral": case(fault("SPF says neutral"), spf="neutral"),
    "no DKIM key": case(fault("DKIM has no good key for s1, s2"), dkim_missing=["s1", "s2"]),
    "DMARC asks for nothing": case(fault("DMARC says none"), dmarc="none"),
    "DMARC for half": case(fault("DMARC is for 50 in a hundred"), dmarc_percent=50),
    "no TLS": case(fault("no TLS at mx2"), without_tls=["mx2"]),
    "two faults": case(fault("SPF says none, DMARC says missing"), spf="none", dmarc="missing", dmarc_percent=None),
    "one fault, one doubt": case(fault("SPF says none"), spf="none", dmarc=None),
    "strict": Case(
        fault("SPF says softfail"), mail_domains=[domain(spf="softfail"), domain("example.net")], parameters={"spf_ends": ["fail"]}
    ),
    "SPF unknown": case(unproven("unknown: SPF"), spf=None),
    "no selectors": case(unproven("unknown: DKIM, of which no selector was named"), dkim_missing=None),
    "DMARC unknown": case(unproven("unknown: DMARC"), dmarc=None),
    "unreached": case(unproven("unknown: TLS of its mail servers"), unreached=["mx"]),
    "servers unknown": case(unproven("unknown: TLS"), unreached=None, without_tls=None),
    "sends nothing": case(upheld(2), sends=False, dkim_missing=None),
    "sends nothing, with a bad key": case(upheld(2), sends=False, dkim_missing=["s1"]),
    "no domain": Case(unproven("0 of 0"), mail_domains=[]),
    "stale": Case(unproven("stale"), stale=["mail_domains"], mail_domains=[domain()]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
