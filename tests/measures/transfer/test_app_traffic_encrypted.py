from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "transfer/app_traffic_encrypted"


def build(name: str = "new", **more: Any) -> Made:
    """A build that speaks with our host, encrypted."""
    told = {"id": name, "app": "org.shop", "app_version": name, "platform": "android", "cleartext_permitted": False}
    return {**told, "cleartext_domains": [], "cleartext_hosts": [], "hosts": ["api.example.org", "www.w3.org"], **more}


def case(expected: Any, **more: Any) -> Case:
    return Case(expected, app_builds=[build("old"), build(**more)], parameters={"app_hosts": ["api.example.org"]})


def fault(said: str) -> Any:
    return broken(2, [("test/new", said)])


UNKNOWN = unproven("does not tell everything", 2)
CASES = {
    "upheld": case(upheld(2)),
    "permits cleartext": case(fault("permits cleartext"), cleartext_permitted=True),
    "permits it to some": case(fault("permits cleartext to a.org, b.org"), cleartext_domains=["a.org", "b.org"]),
    "has such an address": case(
        fault("has addresses without encryption: api.example.org"), cleartext_hosts=["api.example.org", "www.w3.org"]
    ),
    "elsewhere": case(fault("sends to ads.example"), hosts=["ads.example", "api.example.org"]),
    "the same app twice": Case(
        broken(2, [("other/new", "sends to ads.example")]),
        app_builds=[build(), build(source="other", hosts=["ads.example"])],
        parameters={"app_hosts": ["api.example.org"]},
    ),
    "no host is ours": Case(broken(1, [("test/new", "sends to api.example.org")]), app_builds=[build()]),
    "whether it permits cleartext is unknown": case(UNKNOWN, cleartext_permitted=None),
    "to whom is unknown": case(UNKNOWN, cleartext_domains=None),
    "addresses unknown": case(UNKNOWN, cleartext_hosts=None),
    "hosts unknown": case(UNKNOWN, hosts=None),
    "no build": Case(unproven("0 of 0"), app_builds=[]),
    "stale": Case(unproven("stale"), stale=["app_builds"], app_builds=[build(hosts=[])]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
