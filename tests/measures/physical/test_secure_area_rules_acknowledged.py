from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, on, person
from tests.measures.sited import DIGEST, authorised, zone
from tests.mutants import survivors

MEASURE = "physical/secure_area_rules_acknowledged"


def read(who: str, zone_id: str = "vault", **more: Any) -> Made:
    return {
        "id": f"{who}-{zone_id}",
        "zone_id": zone_id,
        "person_id": f"E-{who}",
        "acknowledged_at": at("2026-04-01"),
        "digest": DIGEST,
        **more,
    }


def given(*authorisations: Made, reads: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Ada may enter the vault, whose rules she read."""
    return {
        "people": [person("ada"), person("bob")],
        "zones": [zone("vault", kind="secure", rules_digest=DIGEST), zone("office", **more)],
        "zone_authorisations": [authorised("ada", "vault"), *authorisations],
        "zone_rule_acknowledgements": [read("ada"), *reads],
    }


NOT_READ = "has not acknowledged the working rules as they are now"
CASES = {
    "upheld": Case(
        upheld(1),
        **given(
            authorised("bob", "office"),
            authorised("bob", "vault", until_on=on("2026-05-03")),
            authorised("bob", "vault", withdrawn_at=at("2026-05-03")) | {"id": "x"},
        ),
    ),
    "many at once": Case(
        broken(3, [("test/cellar/E-bob", "there are no working rules to acknowledge"), ("test/vault/E-bob", NOT_READ)], "Vault, Bob"),
        **given(authorised("bob", "vault", until_on=on("2026-05-04")), authorised("bob", "cellar"), reads=(read("bob", digest="old"),))
        | {"zones": [zone("vault", kind="secure", rules_digest=DIGEST), zone("cellar", kind="secure")]},
    ),
    "no secure zone": Case(unproven("0 of 0"), **given() | {"zones": [zone("office")]}),
    "unknown: read in part": Case(unproven("never"), partial=["zones"], **given()),
    "stale": Case(unproven("stale"), stale=["zone_rule_acknowledgements"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
