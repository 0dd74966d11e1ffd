from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "assets/handled_by_class"


def store(name: str, holds: str = "contracts", **more: Any) -> Made:
    return {"id": name, "classes": ["internal", "confidential", "public", "strict"], "holds": [holds], **more}


def state(name: str, **more: Any) -> Made:
    return {"id": name, "encrypted": True, "public": False, "readers": 3, **more}


def given(*stores: Made, states: tuple[Made, ...] = ()) -> dict[str, Any]:
    """Contracts are confidential, hence encrypted, and read by ten at most."""
    return {
        "registered_stores": [store("share"), *stores],
        "information_assets": [
            {"id": "contracts", "classification": "confidential"},
            {"id": "news", "classification": "public"},
            {"id": "odd", "classification": None},
            {"id": "plans", "classification": "strict"},
        ],
        "handling_rules": [
            {"id": "confidential", "encrypted": True, "most_readers": 10},
            {"id": "public", "encrypted": False, "most_readers": None},
        ],
        "store_states": [state("share"), *states],
    }


CASES = {
    "upheld": Case(
        upheld(3),
        **given(
            store("web", "news"),
            store("site", "news"),
            states=(state("web", encrypted=False, public=True), state("site", encrypted=None, public=None, readers=None)),
        ),
    ),
    "many at once": Case(
        broken(
            6,
            [
                ("test/a/contracts", "may not hold what is confidential"),
                ("test/b/contracts", "is not encrypted, and holds what is confidential"),
                ("test/c/contracts", "can be read by anybody, and holds what is confidential"),
                ("test/d/contracts", "can be read by 11 people, and holds what is confidential"),
            ],
        ),
        **given(
            store("a", classes=["public"]),
            store("b"),
            store("c"),
            store("d"),
            store("e"),
            states=(state("a"), state("b", encrypted=False), state("c", public=True), state("d", readers=11), state("e", readers=10)),
        ),
    ),
    "many unknown": Case(
        unproven("6 of 7", 7),
        **given(
            store("a", "odd"),
            store("b", "plans"),
            store("c"),
            store("d"),
            store("e"),
            store("f"),
            states=(state("a"), state("b"), state("d", encrypted=None), state("e", public=None), state("f", readers=None)),
        ),
    ),
    **{
        said: Case(unproven(said), **given(store("a", holds), states=states))
        for said, holds, states in (
            ("the class of what it holds is unknown", "odd", (state("a"),)),
            ("nobody said how what it holds is handled", "plans", (state("a"),)),
            ("no source has seen it", "contracts", ()),
            ("whether it is encrypted is unknown", "contracts", (state("a", encrypted=None),)),
            ("whether anybody can read it is unknown", "contracts", (state("a", public=None),)),
            ("how many can read it is unknown", "contracts", (state("a", readers=None),)),
        )
    },
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"registered_stores": []}),
    "stale": Case(unproven("stale"), stale=["store_states"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
