from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.changed import deployment
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "change/release_accepted"


def acceptance(id: str = "1", **more: Any) -> Made:
    """Ada, who answers for the shop, accepted its release in April."""
    said = {"id": id, "system_id": "shop", "release_id": "shop/v2", "criteria": 3, "met": 3, "accepted_by_id": "E-ada"}
    return {**said, "accepted_at": at("2026-04-30"), **more}


def given(*deployments: Made, accepted: tuple[Made, ...] = (acceptance(),), **more: Any) -> dict[str, Any]:
    """Beside the wiki, which is in order."""
    wiki = {"system_id": "wiki", "release_id": "wiki/v1"}
    return {
        "deployments": [deployment("9", **wiki), *(deployments or (deployment("1"),))],
        "release_acceptances": [acceptance("9", accepted_by_id="E-cy", **wiki), *accepted],
        "systems": [system("wiki", owner_id="E-cy"), system("shop", **{"owner_id": "E-ada", **more})],
    }


def fault(said: str) -> Any:
    return broken(2, [("test/shop", said)], "shop/v2 on SHOP")


OLDER = deployment("0", release_id="shop/v1", deployed_at=at("2026-04-01"))
LATER = deployment("2", release_id="shop/v3", deployed_at=at("2026-05-02"))
CASES = {
    "upheld": Case(upheld(2), **given()),
    "without acceptance": Case(fault("has no acceptance"), **given(accepted=())),
    "another release": Case(fault("has no acceptance"), **given(accepted=(acceptance(release_id="shop/v1"),))),
    "on another system": Case(fault("has no acceptance"), **given(accepted=(acceptance(system_id="wiki"),))),
    "not accepted": Case(fault("was not accepted"), **given(accepted=(acceptance(accepted_at=None, accepted_by_id=None),))),
    "accepted later": Case(fault("was accepted only after it went live"), **given(accepted=(acceptance(accepted_at=at("2026-05-02")),))),
    "accepted just then": Case(upheld(2), **given(accepted=(acceptance(accepted_at=at("2026-05-01 12:00")),))),
    "one criterion not met": Case(fault("meets 2 of 3 criteria"), **given(accepted=(acceptance(met=2),))),
    "no criterion": Case(fault("meets 0 of 0 criteria"), **given(accepted=(acceptance(met=0, criteria=0),))),
    "accepted by another": Case(
        fault("was accepted by somebody who does not answer for the system"), **given(accepted=(acceptance(accepted_by_id="E-cy"),))
    ),
    "accepted by who owned it": Case(
        upheld(2),
        **{
            **given(owner_id="E-bob"),
            "history": {
                "systems": [
                    {
                        **system("shop", owner_id="E-ada"),
                        "seen_from_at": at("2026-01-01"),
                        "seen_until_at": at("2026-05-02"),
                        "ended": "changed",
                    },
                ]
            },
        },
    ),
    "the release before": Case(upheld(2), **given(OLDER, deployment("1"))),
    "the newest counts": Case(broken(2, [("test/shop", "has no acceptance")], "shop/v3 on SHOP"), **given(deployment("1"), LATER)),
    "of two at once the later told": Case(
        broken(2, [("test/shop", "has no acceptance")], "shop/v3"), **given(deployment("1"), deployment("2", release_id="shop/v3"))
    ),
    "a test": Case(
        upheld(2), **given(deployment("1"), deployment("2", release_id="shop/v3", environment="test", deployed_at=at("2026-05-02")))
    ),
    "perhaps a test": Case(
        broken(2, [("test/shop", "has no acceptance")], "shop/v3"),
        **given(deployment("1"), deployment("2", release_id="shop/v3", environment=None, deployed_at=at("2026-05-02"))),
    ),
    "which release is unknown": Case(unproven("what went live, or when, is unknown", 2), **given(deployment("1", release_id=None))),
    "when is unknown": Case(
        unproven("what went live, or when, is unknown", 2), **given(deployment("1"), deployment("2", deployed_at=None))
    ),
    "serves nobody": Case(upheld(1), **given(in_operation=False, accepted=())),
    "perhaps serves": Case(fault("has no acceptance"), **given(in_operation=None, accepted=())),
    "on a system that nobody entered": Case(
        broken(3, [("test/new", "was accepted by somebody who does not answer for the system")], "shop/v2 on new"),
        **given(deployment("1"), deployment("5", system_id="new"), accepted=(acceptance(), acceptance("5", system_id="new"))),
    ),
    "no deployment": Case(unproven("0 of 0"), deployments=[], release_acceptances=[], systems=[]),
    "stale": Case(unproven("stale"), stale=["release_acceptances"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
