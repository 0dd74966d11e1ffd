"""What an account holds in the end, through groups within groups, circles and what has run out."""

import time
from itertools import pairwise
from typing import Any

from tests.evidence.derived.computed import computed, only
from tests.measures.made import Made, account, at, grant, group, member, nested

GROUPS = [group(name) for name in ("a", "b", "c")]


def held(*grants: Made, groups: list[Made] | None = None) -> list[tuple[Any, ...]]:
    return only("effective_grants", ["account_id", "entitlement", "via"], grants=grants, groups=groups or GROUPS)


def test_what_is_given_directly() -> None:
    assert held(grant("ada", "x")) == [("ada", "x", "directly")]


def test_groups_within_groups_are_followed_by_the_shortest_way() -> None:
    assert held(member("ada", "a"), nested("a", "b"), nested("b", "c"), nested("a", "c"), grant("c", "x", holder_kind="group")) == [
        ("ada", "a", "directly"),
        ("ada", "b", "a"),
        ("ada", "c", "a"),
        ("ada", "x", "a > c"),
    ]


def test_circles_of_groups_end() -> None:
    assert held(member("ada", "a"), nested("a", "b"), nested("b", "c"), nested("c", "a"), nested("b", "b")) == [
        ("ada", "a", "directly"),
        ("ada", "b", "a"),
        ("ada", "c", "a > b"),
    ]


def test_an_account_is_no_group_of_the_same_key() -> None:
    assert held(member("a", "b"), nested("a", "c")) == [("a", "b", "directly")]


def test_what_has_run_out_gives_nothing() -> None:
    assert held(
        grant("ada", "x", expires_at=at("2026-05-04 12:00")),
        grant("ada", "y", expires_at=at("2026-05-04 12:01")),
        member("ada", "a"),
        nested("a", "b", expires_at=at("2026-01-01")),
    ) == [("ada", "a", "directly"), ("ada", "y", "directly")]


def test_it_ends_with_the_way_that_lasts_longest() -> None:
    grants = [
        member("ada", "a", expires_at=at("2026-06-01")),
        member("ada", "b"),
        grant("a", "x", holder_kind="group"),
        grant("b", "x", holder_kind="group", expires_at=at("2026-07-01")),
    ]
    assert only("effective_grants", ["entitlement", "expires_at"], grants=grants, groups=GROUPS) == [
        ("a", at("2026-06-01").replace(tzinfo=None)),
        ("b", None),
        ("x", at("2026-07-01").replace(tzinfo=None)),
    ]


def test_the_group_or_the_grant_may_say_that_it_is_privileged() -> None:
    groups = [group("a", privileged=True), group("b", privileged=None), group("c", privileged=False)]
    grants = [
        member("ada", "a"),
        member("ada", "b", privileged=None),
        member("ada", "c", privileged=None),
        grant("ada", "x", privileged=True),
        grant("ada", "y", privileged=None),
    ]
    assert only("effective_grants", ["entitlement", "privileged"], grants=grants, groups=groups) == [
        ("a", True),
        ("b", None),
        ("c", False),
        ("x", True),
        ("y", None),
    ]


def test_one_way_of_passing_on_is_enough() -> None:
    grants = [grant("ada", "x"), member("ada", "a"), grant("a", "x", holder_kind="group", can_grant=True)]
    (_, found) = computed("effective_grants", grants=grants, groups=GROUPS)
    assert (found["entitlement"], found["can_grant"], found["direct"], found["via"]) == ("x", True, True, "directly")


def test_systems_and_sources_do_not_mix() -> None:
    assert held(member("ada", "a"), nested("a", "b", system_id="wiki"), nested("a", "c", source="other")) == [("ada", "a", "directly")]


def test_a_tangle_of_groups_costs_its_pairs_and_not_its_ways() -> None:
    layers = [[f"g{layer}-{each}" for each in range(6)] for layer in range(8)]
    ways = [nested(low, high) for lower, upper in pairwise(layers) for low in lower for high in upper]
    began = time.process_time()
    found = computed("effective_grants", grants=[member("ada", "g0-0"), *ways], groups=[group(each) for layer in layers for each in layer])
    assert len(found) == 1 + 6 * 7
    assert time.process_time() - began < 10  # 6 ** 7 ways would take for ever


def test_administrators_are_told_by_themselves_or_by_what_they_hold() -> None:
    accounts = [
        account("ada"),
        account("bob", privileged=True),
        account("cy"),
        account("dan", privileged=None),
        account("eve"),
        account("fay", privileged=None),
    ]
    grants = [member("ada", "b"), member("cy", "a"), nested("a", "c"), grant("eve", "x", privileged=None), member("fay", "c")]
    groups = [group("a"), group("b"), group("c", privileged=True)]
    assert only("administrators", ["account_id", "administers", "how"], accounts=accounts, grants=grants, groups=groups) == [
        ("ada", False, None),
        ("bob", True, None),
        ("cy", True, "c through a"),
        ("dan", None, None),
        ("eve", None, None),
        ("fay", True, "c"),
    ]
