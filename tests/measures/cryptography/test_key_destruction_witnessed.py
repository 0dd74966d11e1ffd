from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at
from tests.mutants import survivors

MEASURE = "cryptography/key_destruction_witnessed"


def destruction(name: str = "old", **more: Any) -> Made:
    """A key that Bob destroyed in March."""
    gone = {"id": name, "fingerprint": f"SHA256:{name}", "title": name.upper(), "destroyed_by": "E-bob", "destroyed_at": at("2026-03-01")}
    return {**gone, **more}


def witness(person: str | None, of: str = "old", **more: Any) -> Made:
    return {"id": f"{of}-{person}", "destruction_id": of, "person_id": person, "seen_at": at("2026-03-01"), **more}


def given(*witnesses: Made, keys: list[Made] | None = None, **more: Any) -> dict[str, list[Made]]:
    rows = {"key_destructions": [destruction(**more)], "key_witnesses": [witness("E-eve", "other"), *witnesses]}
    return rows | ({"keys": keys} if keys is not None else {})


def key(state: str | None, name: str = "old") -> Made:
    return {"id": name, "system_id": "kms", "fingerprint": f"SHA256:{name}", "purpose": "data-encryption", "state": state}


ADA, EVE = witness("E-ada"), witness("E-eve")
ONE = broken(1, [("SHA256:old", "one witness")])

CASES = {
    "upheld": Case(upheld(1), **given(ADA, EVE)),
    "none": Case(broken(1, [("SHA256:old", "no witness")]), **given()),
    "one": Case(ONE, **given(ADA)),
    "one says so twice": Case(ONE, **given(ADA, witness("E-ada", id="again"))),
    "one did it": Case(ONE, **given(ADA, witness("E-bob"))),
    "before it happened": Case(ONE, **given(ADA, witness("E-eve", seen_at=at("2026-02-28")))),
    "who it was is unknown": Case(unproven("1 of 1 destroyed keys"), **given(ADA, witness(None))),
    "an unknown one too many": Case(upheld(1), **given(ADA, EVE, witness(None))),
    "when is unknown": Case(unproven("1 of 1"), **given(ADA, witness("E-eve", seen_at=None))),
    "who did it is unknown": Case(unproven("1 of 1"), **given(ADA, EVE, destroyed_by=None)),
    "of the same number elsewhere": Case(ONE, **given(ADA, witness("E-eve", source="archive"))),
    "three": Case(broken(1, [("SHA256:old", "2 witnesses")]), parameters={"destruction_witnesses": 3}, **given(ADA, EVE)),
    "gone on a system, and nobody wrote it down": Case(
        broken(2, [("SHA256:lost", "no witness")]), **given(ADA, EVE, keys=[key("destroyed", "lost"), key("destroyed")])
    ),
    "there on a system": Case(upheld(1), **given(ADA, EVE, keys=[key("active", "new"), key(None, "dumb")])),
    "none was ever destroyed": Case(upheld(0), key_destructions=[], key_witnesses=[]),
    "stale": Case(unproven("stale"), stale=["key_witnesses"], **given(ADA, EVE)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
