from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, on, person
from tests.mutants import survivors

MEASURE = "cryptography/key_registered"


def key(name: str, **more: Any) -> Made:
    """A key found on the CRM."""
    return {"id": name, "system_id": "crm", "fingerprint": name, "purpose": "ssh-user", "state": "active", "holder": name, **more}


def registered(name: str, owner: str | None = "E-ada") -> Made:
    """A key in the register, Ada's unless told otherwise."""
    return {"fingerprint": name, "owner_id": owner}


def given(*keys: Made, register: tuple[Made, ...] = (), people: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Keys beside one that is registered."""
    return {"keys": [key("k1"), *keys], "registered_keys": [registered("k1"), *register], "people": [person("ada"), *people]}


def fault(said: str, *register: Made, people: tuple[Made, ...] = ()) -> Case:
    """A key with one fault, beside one in order."""
    return Case(broken(2, [("k2", said)], "ssh-user key k2 on crm"), **given(key("k2"), register=register, people=people))


CASES = {
    "upheld": Case(upheld(2), **given(key("k2"), register=(registered("k2"), registered("k3")))),
    "not registered": fault("is not registered"),
    "without an owner": fault("is registered without an owner", registered("k2", None)),
    "its owner left": fault(
        "belongs to Bob, who does not work here", registered("k2", "E-bob"), people=(person("bob", ended_on=on("2026-05-01")),)
    ),
    "its owner is nobody": fault("belongs to E-x, who does not work here", registered("k2", "E-x")),
    "its owner's first day is unknown": Case(
        unproven("k2 on crm (belongs to Bob, whose first day is unknown)", 2),
        **given(key("k2"), register=(registered("k2", "E-bob"),), people=(person("bob", started_on=None),)),
    ),
    "in two places": Case(
        broken(2, [("k2", "is not registered")], "key k2 on crm, wiki"),
        **given(key("k2"), key("k2", id="k2b", system_id="wiki"), key("k2", id="k2c")),
    ),
    "destroyed": Case(upheld(1), **given(key("k2", state="destroyed"))),
    "state unknown": Case(unproven("k2 on crm (is not registered)", 2), **given(key("k2", state=None))),
    "nothing to judge": Case(unproven("0 of 0"), keys=[], registered_keys=[], people=[]),
    "stale": Case(unproven("stale"), stale=["registered_keys"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
