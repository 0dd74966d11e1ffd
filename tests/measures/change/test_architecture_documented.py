from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, at, system
from tests.mutants import survivors

MEASURE = "change/architecture_documented"


def described(kind: str = "architecture", of: str = "shop", **more: Any) -> Made:
    """Found right in April."""
    said = {"id": f"{of}-{kind}", "system_id": of, "kind": kind, "place": f"wiki/{of}", "document_id": None, "owner_id": "E-ada"}
    return {**said, "reviewed_at": at("2026-04-10"), **more}


def release(tag: str, day: str | None = "2026-04-01", **more: Any) -> Made:
    said = {"id": f"shop/{tag}", "repository_id": "shop", "tag": tag, "oid": "1" * 40}
    return {**said, "tagged_at": at(day) if day else None, **more}


def given(
    *descriptions: Made, releases: tuple[Made, ...] = (release("v2.0"),), reachable: bool | None = True, **more: Any
) -> dict[str, Any]:
    """The shop beside the wiki, which is in order and was never released; the shop's features are described."""
    place = {"tried_at": at("2026-05-04")}
    return {
        "systems": [system("wiki", kind="service"), system("shop", **{"kind": "service", "environment": "production", **more})],
        "system_descriptions": [
            described(of="wiki", place="a"),
            described("features", of="wiki", place="a"),
            described("features", place="a"),
            *descriptions,
        ],
        "policies": [{"id": "design", "version_id": "1"}, {"id": "draft", "version_id": None}],
        "written_places": [{"id": "a", "reachable": True, **place}, {"id": "wiki/shop", "reachable": reachable, **place}],
        "repositories": [{"id": "shop", "system_id": "shop"}, {"id": "blog", "system_id": "blog"}],
        "releases": list(releases),
    }


def fault(said: str) -> Any:
    return broken(4, [("test/shop/architecture", said)], "SHOP, architecture")


OLD = described(reviewed_at=at("2026-03-31"))
OLDER = "not found right since version 2 of 2026-04-01"
CASES = {
    "upheld": Case(upheld(4), **given(described())),
    "not described": Case(fault("not described"), **given()),
    "described twice": Case(fault("not described"), **given(described("features", id="2"))),
    "older than the release": Case(fault(OLDER), **given(OLD)),
    "as old as the release": Case(upheld(4), **given(described(reviewed_at=at("2026-04-01")))),
    "never found right": Case(fault("not found right since version 2 of 2026-04-01"), **given(described(reviewed_at=None))),
    "never found right, and never released": Case(fault("never found right"), **given(described(reviewed_at=None), releases=())),
    "older, and a minor release": Case(upheld(4), **given(OLD, releases=(release("v2.0", "2026-03-01"), release("v2.1")))),
    "older, and mending of an older release": Case(
        upheld(4), **given(OLD, releases=(release("v10.0", "2026-03-01"), release("v9.9"), release("v9.0", "2026-01-01")))
    ),
    "a name before the number": Case(fault(OLDER), **given(OLD, releases=(release("v1.0", "2026-01-01"), release("release-2")))),
    "another repository's release": Case(upheld(4), **given(OLD, releases=(release("v2.0", repository_id="blog"),))),
    "a release that another source tells of": Case(upheld(4), **given(OLD, releases=(release("v2.0", source="other"),))),
    "an undated release": Case(
        unproven("when version 2 was released is unknown", 4), **given(described(), releases=(release("v2.0", None),))
    ),
    "an undated older release": Case(upheld(4), **given(described(), releases=(release("v1.0", None), release("v2.0")))),
    "an undated release, and out of reach": Case(
        fault("cannot be reached where it is said to be"), **given(described(), releases=(release("v2.0", None),), reachable=False)
    ),
    "one of two dated": Case(
        unproven("when version 2 was released is unknown", 4), **given(described(), releases=(release("v2.0", None), release("v2.1")))
    ),
    "out of reach": Case(fault("cannot be reached where it is said to be"), **given(described(), reachable=False)),
    "perhaps out of reach": Case(unproven("whether it can be reached is unknown", 4), **given(described(), reachable=None)),
    "perhaps out of reach, never released": Case(
        unproven("whether it can be reached is unknown", 4), **given(described(), releases=(), reachable=None)
    ),
    "perhaps out of reach, and older": Case(fault(OLDER), **given(OLD, reachable=None)),
    "perhaps out of reach, as old as the release": Case(
        unproven("whether it can be reached is unknown", 4), **given(described(reviewed_at=at("2026-04-01")), reachable=None)
    ),
    "one of two within reach": Case(upheld(4), **given(described(), described(id="2", place="a"), reachable=False)),
    "one found right, the other perhaps out of reach": Case(
        fault(OLDER),
        **given(described(place="a", reviewed_at=at("2026-03-31")), described(id="2", reviewed_at=at("2026-03-30")), reachable=None),
    ),
    "one older, the other within reach later": Case(
        fault(OLDER), **given(described(place="none", document_id="draft"), described(id="2", reviewed_at=at("2026-03-30")), reachable=None)
    ),
    "a policy": Case(upheld(4), **given(described(place=None, document_id="design"))),
    "a policy without a version": Case(
        fault("cannot be reached where it is said to be"), **given(described(place=None, document_id="draft"))
    ),
    "an application": Case(fault("not described"), **given(kind="application")),
    "no service": Case(upheld(2), **given(kind="host")),
    "of unknown kind": Case(unproven("SHOP, architecture (not described)", 4), **given(kind=None)),
    "serves nobody": Case(upheld(2), **given(in_operation=False)),
    "perhaps serves": Case(unproven("SHOP, architecture (not described)", 4), **given(in_operation=None)),
    "a test system": Case(upheld(2), **given(environment="test")),
    "of unknown environment": Case(fault("not described"), **given(environment=None)),
    "no system": Case(unproven("0 of 0"), systems=[], system_descriptions=[], policies=[], written_places=[], repositories=[], releases=[]),
    "stale": Case(unproven("stale"), stale=["written_places"], **given(described())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
