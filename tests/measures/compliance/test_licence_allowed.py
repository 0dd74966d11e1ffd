import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "compliance/licence_allowed"
RULES = [{"id": "MIT", "decision": "allowed"}, {"id": "GPL-3.0-only", "decision": "denied"}, {"id": "MPL-2.0", "decision": "review"}]


def given(*choices: list[str], source: str = "test", component: str = "shop/lib", rules: list[Made] | None = None) -> dict:
    """The shop ships lib 1.0 under one of `choices`, all licences of which hold."""
    licences = [
        {"id": f"{number}/{name}", "component_id": component, "choice": number, "licence_id": name, "source": source}
        for number, names in enumerate(choices, 1)
        for name in names
    ]
    parts = [{"id": "shop/lib", "product_id": "shop", "name": "lib", "version": "1.0"}]
    return {"components": parts, "component_licences": licences, "licence_rules": RULES if rules is None else rules}


def failing(why: str) -> object:
    return broken(1, [("test/shop/lib", why)], "shop: lib 1.0")


CASES = {
    "upheld": Case(upheld(1), **given(["MIT"])),
    "in small letters": Case(upheld(1), **given(["mit"])),
    "denied": Case(failing("may not be shipped: GPL-3.0-only (denied)"), **given(["GPL-3.0-only"])),
    "unknown to the policy": Case(failing("may not be shipped: Foo (unknown)"), **given(["Foo"])),
    "unknown": Case(failing("its licence is unknown"), **given()),
    "one of two": Case(upheld(1), **given(["GPL-3.0-only"], ["MIT"])),
    "both": Case(failing("may not be shipped: GPL-3.0-only (denied), MIT (allowed)"), **given(["GPL-3.0-only", "MIT"])),
    "to be reviewed": Case(unproven("to be reviewed: MIT (allowed), MPL-2.0 (review)", 1), **given(["MIT", "MPL-2.0"])),
    "reviewed, or denied": Case(unproven("to be reviewed", 1), **given(["GPL-3.0-only"], ["MPL-2.0"])),
    "reviewed, and denied": Case(
        failing("may not be shipped: GPL-3.0-only (denied), MPL-2.0 (review)"), **given(["GPL-3.0-only", "MPL-2.0"])
    ),
    "another component's": Case(failing("its licence is unknown"), **given(["MIT"], component="shop/other")),
    "another bill's": Case(failing("its licence is unknown"), **given(["MIT"], source="x")),
    "two components": Case(
        broken(2, [("test/shop/lib", "may not be shipped: GPL-3.0-only (denied)")]),
        **given(["GPL-3.0-only"])
        | {
            "components": [{"id": f"shop/{name}", "product_id": "shop", "name": name} for name in ("lib", "log")],
            "component_licences": [
                {"id": "1", "component_id": "shop/lib", "choice": 1, "licence_id": "GPL-3.0-only"},
                {"id": "2", "component_id": "shop/log", "choice": 1, "licence_id": "MIT"},
                {"id": "2", "component_id": "shop/lib", "choice": 1, "licence_id": "MIT", "source": "x"},
            ],
        },
    ),
    "nothing shipped": Case(unproven("in scope"), components=[], component_licences=[], licence_rules=[]),
    "stale": Case(unproven("stale"), stale=["components"], **given(["MIT"])),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
