from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.kept import policy
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "governance/policy_given_to_outsiders"


def party(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.upper(), "kind": "supplier", "from_on": on("2020-01-01"), **more}


def handed(to: str, **more: Any) -> Made:
    return {"id": f"h-{to}", "version_id": "code-1", "party_id": to, "given_at": at("2026-04-02"), "how": "by mail", **more}


def given(*handovers: Made, parties: tuple[Made, ...] = (party("bolt"),), **more: Any) -> dict[str, Any]:
    """A policy meant for suppliers, which Acme was given, beside one that is meant for nobody outside."""
    code = policy("code", outsiders=["supplier", "visitor"], **more)
    return {
        "policies": [code, policy("inner")],
        "outside_parties": [party("acme"), party("shop", kind="customer"), *parties],
        "policy_handovers": [handed("acme"), *handovers],
    }


MISSING = broken(2, [("test/code/bolt", "was not given the current version")], "Code, BOLT")

CASES = {
    "upheld": Case(upheld(2), **given(handed("bolt"))),
    "not given": Case(MISSING, **given()),
    "an older version": Case(MISSING, **given(handed("bolt", version_id="code-0"))),
    "nobody said how": Case(upheld(2), **given(handed("bolt", how=None))),
    "when is unknown": Case(MISSING, **given(handed("bolt", given_at=None))),
    "in another register": Case(MISSING, **given(handed("bolt", source="other"))),
    "a party of another register": Case(upheld(1), **given(parties=(party("bolt", source="other"),))),
    "to come": Case(upheld(1), **given(parties=(party("bolt", from_on=on("2026-05-05")),))),
    "from today": Case(MISSING, **given(parties=(party("bolt", from_on=on("2026-05-04")),))),
    "gone": Case(upheld(1), **given(parties=(party("bolt", until_on=on("2026-05-03")),))),
    "going today": Case(MISSING, **given(parties=(party("bolt", until_on=on("2026-05-04")),))),
    "not published": Case(upheld(0), **given(version_id=None)),
    "meant for nobody": Case(upheld(0), policies=[policy("inner")], outside_parties=[party("acme")], policy_handovers=[]),
    "stale": Case(unproven("stale"), stale=["policy_handovers"], **given(handed("bolt"))),
    "unknown: cut short": Case(unproven("never"), partial=["outside_parties"], **given(handed("bolt"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
