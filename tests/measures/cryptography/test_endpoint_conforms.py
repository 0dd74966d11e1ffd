from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, at
from tests.mutants import survivors

MEASURE = "cryptography/endpoint_conforms"


def endpoint(name: str, **more: Any) -> Made:
    """An endpoint that keeps to the standard."""
    return {
        "id": name,
        "system_id": "crm",
        "service": "https",
        "reachable": True,
        "encrypts": True,
        "protocols": ["TLSv1.2", "TLSv1.3"],
        "protocols_untested": [],
        "weakest_cipher": "ECDHE-RSA-AES128-GCM-SHA256",
        "weakest_cipher_bits": 128,
        "forward_secrecy": True,
        "key_kind": "RSA",
        "key_bits": 2048,
        "signature_algorithm": "sha256",
        "valid_from_at": at("2026-01-01"),
        "valid_until_at": at("2026-12-31"),
        "name_matches": True,
        "trusted": True,
        **more,
    }


def given(*endpoints: Made) -> dict[str, Any]:
    """Endpoints beside one in order."""
    return {"endpoints": [endpoint("a:443"), *endpoints], "systems": SYSTEMS}


def fault(said: str, **more: Any) -> Case:
    """An endpoint with one fault, beside one in order."""
    return Case(broken(2, [("test/b:443", said)], "b:443 of CRM"), **given(endpoint("b:443", **more)))


def doubt(said: str, **more: Any) -> Case:
    """An endpoint of which one thing is unknown, beside one in order."""
    return Case(unproven(f"1 of 2 endpoints cannot be judged: b:443 of CRM ({said})", 2), **given(endpoint("b:443", **more)))


CASES = {
    "many faults": fault(
        "offers TLSv1, TLSv1.1, offers DES-CBC3-SHA, offers suites without forward secrecy, has a weak key (RSA 1024), is signed with md5, "
        "has a certificate that is not valid now, has a certificate for another name, has a certificate that nobody trusted vouches for",
        protocols=["TLSv1.2", "TLSv1.1", "TLSv1"],
        weakest_cipher="DES-CBC3-SHA",
        weakest_cipher_bits=112,
        forward_secrecy=False,
        key_bits=1024,
        signature_algorithm="md5",
        valid_until_at=at("2026-05-04"),
        name_matches=False,
        trusted=False,
    ),
    "many doubts": doubt(
        "unknown: whether it encrypts, whether it offers old protocols, its weakest suite, its forward secrecy, its key, "
        "how its certificate is signed, when its certificate is valid, whether its name is right, whether it is trusted",
        encrypts=None,
        protocols=None,
        weakest_cipher_bits=None,
        forward_secrecy=None,
        key_bits=None,
        signature_algorithm=None,
        valid_until_at=None,
        name_matches=None,
        trusted=None,
    ),
    "upheld": Case(upheld(2, flips_at=at("2026-12-31")), **given(endpoint("b:443"))),
    "old protocol": fault("offers TLSv1", protocols=["TLSv1", "TLSv1.2"]),
    "old protocol, another untested": fault("offers TLSv1", protocols=["TLSv1", "TLSv1.2"], protocols_untested=["SSLv3"]),
    "untested": doubt("unknown: whether it offers SSLv2, SSLv3", protocols_untested=["SSLv3", "SSLv2", "TLSv1.3"]),
    "the same name at another source": Case(
        broken(2, [("other/a:443", "offers TLSv1")]), **given(endpoint("a:443", source="other", protocols=["TLSv1"]))
    ),
    "small curve": fault("has a weak key (EC 192)", key_kind="EC", key_bits=192),
    "curve": Case(upheld(2), **given(endpoint("b:443", key_kind="EC", key_bits=256))),
    "Ed25519": Case(upheld(2), **given(endpoint("b:443", key_kind="Ed25519", key_bits=None))),
    "DSA": fault("has a weak key (DSA)", key_kind="DSA", key_bits=None),
    "not yet valid": fault("has a certificate that is not valid now", valid_from_at=at("2026-05-05")),
    "runs out soon": Case(at_risk(2, flips_at=at("2026-05-20")), **given(endpoint("b:443", valid_until_at=at("2026-05-20")))),
    "does not encrypt": fault("does not encrypt", encrypts=False, protocols=None),
    "does not answer": doubt("did not answer", reachable=False, encrypts=False),
    "perhaps answers": doubt("did not answer", reachable=None),
    "nothing to judge": Case(unproven("0 of 0"), endpoints=[]),
    "stale": Case(unproven("stale"), stale=["endpoints"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
