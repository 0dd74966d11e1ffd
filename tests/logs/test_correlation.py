"""Rules about rules: counts, values and orders within a span of event time, told once, whatever order events come in."""

from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.logs.sigma import correlation as module
from upheld.logs.sigma.correlation import Correlation, Correlator, Way
from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.rules import read

FAILED = """
title: Failed sign-in
name: failed
id: 00000000-0000-4000-8000-000000000001
logsource: {product: linux}
detection:
    s: {outcome: failure}
    condition: s
"""
PASSED = FAILED.replace("Failed", "Good").replace("failed", "passed").replace("failure", "success").replace("0001", "0002")
CORRELATION = """
title: Brute force
id: 00000000-0000-4000-8000-0000000000aa
level: high
correlation:
    type: {way}
    rules: {rules}
    group-by: [source]
    timespan: 5m
{condition}
"""


@dataclass(frozen=True)
class Named:
    id: str
    name: str


def correlator(folder: Path, way: str, condition: str = "", rules: str = "[failed]") -> tuple[Engine, Correlator]:
    (folder / "rules.yml").write_text(FAILED + "---" + PASSED, encoding="utf-8")
    (folder / "zz.yml").write_text(CORRELATION.format(way=way, rules=rules, condition=condition), encoding="utf-8")
    found = read(sorted(folder.glob("*.yml")))
    assert found.left_out == {}
    return Engine(found), Correlator(found.correlations)


def told(both: tuple[Engine, Correlator], events: list[dict]) -> list[tuple[float, int]]:
    """When something was told, and the amount."""
    held, correlates = both
    return [
        (event["at"], found.amount)
        for event in events
        for rule in held.detections(event)
        for found in correlates.add(rule, event, event["at"])
    ]


def failure(at: float, source: str = "a", **more: str) -> dict:
    return {"outcome": "failure", "at": at, "source": source, **more}


def success(at: float, source: str = "a") -> dict:
    return {"outcome": "success", "at": at, "source": source}


FAILS = Named("", "failed")
TEN = "    condition: {gte: 3}"


def test_so_many_events_of_one_group_within_the_span_are_told_once(tmp_path):
    events = [failure(0), failure(1, "b"), failure(100), failure(200), failure(201), failure(1000), failure(1001), failure(1002)]
    assert told(correlator(tmp_path, "event_count", TEN), events) == [(200, 3), (1002, 3)]


def test_a_window_across_a_round_minute_counts(tmp_path):
    assert told(correlator(tmp_path, "event_count", TEN), [failure(299), failure(300), failure(301)]) == [(301, 3)]


def test_so_many_values_are_counted_once_each(tmp_path):
    condition = "    condition: {field: user, gte: 3}"
    events = [failure(n, user=user) for n, user in enumerate(["ada", "ada", "bo", "bo", "cy", "dee"])]
    assert told(correlator(tmp_path, "value_count", condition), events) == [(4, 3)]


def test_rules_that_meet_together_in_any_order(tmp_path):
    assert told(correlator(tmp_path, "temporal", rules="[failed, passed]"), [success(0), failure(1)]) == [(1, 2)]
    assert told(correlator(tmp_path, "temporal", rules="[failed, passed]"), [success(0), failure(301)]) == []


def test_rules_that_meet_in_order(tmp_path):
    assert told(correlator(tmp_path, "temporal_ordered", rules="[failed, passed]"), [failure(0), success(1)]) == [(1, 2)]
    assert told(correlator(tmp_path, "temporal_ordered", rules="[failed, passed]"), [success(0), failure(1)]) == []


def test_an_event_without_the_field_of_the_group_belongs_to_none(tmp_path):
    assert told(correlator(tmp_path, "event_count", TEN), [{"outcome": "failure", "at": n} for n in range(5)]) == []


def test_a_correlation_of_what_was_not_read_is_left_out(tmp_path):
    (tmp_path / "a.yml").write_text(CORRELATION.format(way="event_count", rules="[other]", condition=TEN), encoding="utf-8")
    found = read([tmp_path / "a.yml"])
    assert found.correlations == [] and "other" in found.left_out[str(tmp_path / "a.yml")]


def test_what_the_bounds_make_it_forget_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "GROUPS", 2)
    both = correlator(tmp_path, "event_count", TEN)
    assert told(both, [failure(n, str(n)) for n in range(5)]) == []
    assert both[1].forgotten == 3


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2000), min_size=1, max_size=40), st.integers(1, 5))
def test_it_tells_when_plain_counting_would(times, least):
    times.sort()
    counted = Correlation("c", "", "", "", "", "", "", "", Way.EVENT_COUNT, ("r",), 300.0, (), "gte", least, (), {}, False)
    correlates, rule = Correlator([counted]), counted.__class__(**{**counted.__dict__, "id": "r"})
    found = [at for at in times for _ in correlates.add(rule, {}, at)]
    expected, before = [], False
    for place, at in enumerate(times):
        met = sum(at - 300 <= other <= at for other in times[: place + 1]) >= least
        expected += [at] if met and not before else []
        before = met
    assert found == expected


@pytest.mark.parametrize("late", [0, 1])
def test_an_event_that_comes_late_still_counts(tmp_path, late):
    events = [failure(0), failure(120), failure(60)] if late else [failure(0), failure(60), failure(120)]
    assert len(told(correlator(tmp_path, "event_count", TEN), events)) == 1


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("way", ["event_count", "value_count"])
def test_an_attack_that_goes_on_costs_no_more_as_it_grows(tmp_path, way, late):
    condition = "    condition: {gte: 5}" if way == "event_count" else "    condition: {field: user, gte: 5}"
    _, correlates = correlator(tmp_path, way, condition)
    began, times = process_time(), 0
    for n in range(1_500):
        times += len(list(correlates.add(FAILS, {"source": "a", "user": str(n % 4)}, 1000 + (n * 7919 % 299 if late else n / 15))))
    assert times == (way == "event_count") and process_time() - began < 4  # a count of each window took minutes
