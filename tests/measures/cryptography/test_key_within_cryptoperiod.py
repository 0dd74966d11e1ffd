from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, at, on
from tests.mutants import survivors

MEASURE = "cryptography/key_within_cryptoperiod"


def key(name: str, **more: Any) -> Made:
    """A key that signs somebody in, made this year."""
    return {
        "id": name,
        "system_id": "crm",
        "fingerprint": f"SHA256:{name}",
        "purpose": "ssh-user",
        "algorithm": "Ed25519",
        "bits": 256,
        "created_at": at("2026-01-01"),
        "state": "active",
        "holder": name,
        **more,
    }


def registered(name: str, **more: Any) -> Made:
    """A key in the register of keys."""
    return {"fingerprint": f"SHA256:{name}", "purpose": "ssh-user", "owner_id": "E-ada", **more}


def given(*keys: Made, register: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Keys beside one in order."""
    return {"keys": [key("ada"), *keys], "registered_keys": list(register), "systems": SYSTEMS}


def fault(said: str, register: tuple[Made, ...] = (), **more: Any) -> Case:
    """A key with one fault, beside one in order."""
    return Case(broken(2, [("test/bob", said)], " key bob on CRM"), **given(key("bob", **more), register=register))


def doubt(said: str, **more: Any) -> Case:
    """A key of which one thing is unknown, beside one in order."""
    return Case(unproven(f"1 of 2 keys cannot be judged: ssh-user key bob on CRM ({said})", 2), **given(key("bob", **more)))


CASES = {
    "upheld": Case(upheld(2, flips_at=at("2028-01-01")), **given(key("bob", created_at=at("2026-02-01")))),
    "old": fault("should have been retired by 2026-05-04", created_at=at("2024-05-04")),
    "soon old": Case(at_risk(2, flips_at=at("2026-05-05")), **given(key("bob", created_at=at("2024-05-05")))),
    "of a host": Case(upheld(2), **given(key("bob", purpose="ssh-host", created_at=at("2022-05-04")))),
    "of a host, old": fault("should have been retired by 2026-05-04", purpose="ssh-host", created_at=at("2021-05-04")),
    "certificate, old": fault("should have been retired by 2026-05-03", purpose="tls", created_at=at("2025-03-31")),
    "signing, old": fault("should have been retired by 2026-05-04", purpose="git-signing", created_at=at("2024-05-04")),
    "signing the ledger, old": fault("should have been retired by 2026-05-04", purpose="ledger-signing", created_at=at("2024-05-04")),
    "data, old": fault("should have been retired by 2026-05-04", purpose="data-encryption", created_at=at("2024-05-04")),
    "runs out by itself": fault("should have been retired by 2026-05-01", expires_at=at("2026-05-01")),
    "retired today": Case(upheld(2), **given(key("bob"), register=(registered("bob", retire_on=on("2026-12-31")),))),
    "should be retired": fault("should have been retired by 2026-05-04", (registered("bob", retire_on=on("2026-05-03")),)),
    "age told by the register": Case(
        upheld(2), **given(key("bob", created_at=None), register=(registered("bob", activated_on=on("2026-01-01")),))
    ),
    "age told by the register, old": fault(
        "should have been retired by 2026-01-01", (registered("bob", activated_on=on("2024-01-01")),), created_at=None
    ),
    "another key's register": doubt("its age is unknown", created_at=None),
    "another key's entry": Case(
        unproven("its age is unknown", 2),
        **given(key("bob", created_at=None), register=(registered("ada", activated_on=on("2026-01-01")),)),
    ),
    "compromised": fault("is compromised, and still there", state="compromised"),
    "small RSA": fault("is too weak: RSA 1024", algorithm="RSA", bits=1024),
    "RSA": Case(upheld(2), **given(key("bob", algorithm="RSA", bits=2048))),
    "small curve": fault("is too weak: EC 192", algorithm="EC", bits=192),
    "curve": Case(upheld(2), **given(key("bob", algorithm="EC", bits=256))),
    "small AES": fault("is too weak: AES 128", algorithm="AES", bits=128),
    "AES": Case(upheld(2), **given(key("bob", algorithm="AES", bits=256))),
    "DSA": fault("is too weak: DSA", algorithm="DSA", bits=None),
    "size unknown": doubt("its strength is unknown", algorithm="RSA", bits=None),
    "of unknown kind": doubt("its strength is unknown", algorithm=None),
    "age unknown": doubt("its age is unknown", created_at=None),
    "for an unknown purpose": Case(unproven("other key bob on CRM (its age is unknown)", 2), **given(key("bob", purpose="other"))),
    "state unknown": Case(upheld(2), **given(key("bob", state=None))),
    "state unknown, and old": doubt("should have been retired by 2026-01-01", state=None, created_at=at("2024-01-01")),
    "not in use": Case(upheld(1), **given(key("bob", state="deactivated", algorithm="DSA"), key("cy", state="destroyed", algorithm="DSA"))),
    "nothing to judge": Case(unproven("0 of 0"), keys=[]),
    "stale": Case(unproven("stale"), stale=["keys"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
