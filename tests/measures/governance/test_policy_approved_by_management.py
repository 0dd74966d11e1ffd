from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.kept import holding, responsibility
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "governance/policy_approved_by_management"


def version(number: str, **more: Any) -> Made:
    """A version that Ada wrote, published on 1 April."""
    return {"id": number, "title": f"Access {number}", "author_id": "E-ada", "published_at": at("2026-04-01"), "state": "published", **more}


def approval(number: str, by: str = "max", **more: Any) -> Made:
    """Max approved it the day before."""
    return {"id": f"{number}-{by}", "version_id": number, "person_id": f"E-{by}", "approved_at": at("2026-03-31 09:00"), **more}


def given(*approvals: Made, holders: tuple[Made, ...] = (), versions: tuple[Made, ...] = (version("2"),)) -> dict[str, Any]:
    """Version 2 with `approvals`, beside version 1 that is in order."""
    return {
        "responsibilities": [responsibility("ceo", management=True), responsibility("clerk")],
        "responsibility_holders": [holding("max", "ceo"), holding("cy", "clerk"), holding("ada", "clerk"), *holders],
        "policy_versions": [version("1"), *versions],
        "policy_approvals": [approval("1"), *approvals],
    }


OWN = broken(2, [("test/2", "approved by who wrote it")], "Access 2")
NOBODY = broken(2, [("test/2", "approved, but by nobody who belonged to the management then")])
PUBLISHED = broken(2, [("test/2", "published without an approval")])

CASES = {
    "upheld": Case(upheld(2), **given(approval("2"))),
    "by its author, who is a manager": Case(OWN, **given(approval("2", "ada"), holders=(holding("ada", "ceo"),))),
    "by its author and a manager": Case(upheld(2), **given(approval("2", "ada"), approval("2"), holders=(holding("ada", "ceo"),))),
    "by a manager, and by its author who is none": Case(upheld(2), **given(approval("2", "ada"), approval("2"))),
    "by its author, who is no manager, and a clerk": Case(OWN, **given(approval("2", "ada"), approval("2", "cy"))),
    "by nobody": Case(PUBLISHED, **given()),
    "by a clerk": Case(NOBODY, **given(approval("2", "cy"))),
    "by a manager's deputy": Case(NOBODY, **given(approval("2", "eve"), holders=(holding("eve", "ceo", part="informed"),))),
    "before being a manager": Case(NOBODY, **given(approval("2", "eve"), holders=(holding("eve", "ceo", from_on=on("2026-04-01")),))),
    "on the first day as a manager": Case(
        upheld(2), **given(approval("2", "eve"), holders=(holding("eve", "ceo", from_on=on("2026-03-31")),))
    ),
    "on the last day as a manager": Case(
        upheld(2), **given(approval("2", "eve"), holders=(holding("eve", "ceo", until_on=on("2026-03-31")),))
    ),
    "after being a manager": Case(NOBODY, **given(approval("2", "eve"), holders=(holding("eve", "ceo", until_on=on("2026-03-30")),))),
    "after it was published": Case(PUBLISHED, **given(approval("2", approved_at=at("2026-04-02")))),
    "as it was published": Case(upheld(2), **given(approval("2", approved_at=at("2026-04-01")))),
    "in another register": Case(
        broken(3, [("other/2", "approved, but by nobody who belonged to the management then")]),
        **given(approval("2"), approval("2", source="other"), versions=(version("2"), version("2", source="other"))),
    ),
    "approved in another register": Case(PUBLISHED, **given(approval("2", source="other"))),
    "whether it is the management is unknown": Case(
        NOBODY,
        **given(approval("2", "eve"), holders=(holding("eve", "board"),))
        | {"responsibilities": [responsibility("ceo", management=True), responsibility("board", management=None)]},
    ),
    "no version": Case(unproven("0 of 0"), responsibilities=[], responsibility_holders=[], policy_versions=[], policy_approvals=[]),
    "stale": Case(unproven("stale"), stale=["policy_approvals"], **given(approval("2"))),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
