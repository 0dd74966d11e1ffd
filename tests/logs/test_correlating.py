"""Correlations as SQL say what plain counting says of any events in any order, and what is told while events come in order."""

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.logs.test_correlation import FAILED, PASSED

from upheld.logs.gathering import Gathered
from upheld.logs.looking import Looking
from upheld.logs.meeting import Met, Seen
from upheld.logs.sigma.compiled import Compiled
from upheld.logs.sigma.correlating import fields
from upheld.logs.sigma.correlation import Correlator
from upheld.logs.sigma.index import index
from upheld.logs.sigma.rule import RuleSet
from upheld.logs.sigma.rules import read

WAYS = ("event_count", "value_count", "temporal", "temporal_ordered")
OPERATORS = {"gte": int.__ge__, "gt": int.__gt__, "lt": int.__lt__, "lte": int.__le__, "eq": int.__eq__, "neq": int.__ne__}
RULE = """
---
title: "{name}"
name: "{name}"
correlation:
    type: {way}
    rules: {rules}
    group-by: {by}
    timespan: {span}s
    condition: {condition}
    aliases:
        source: {{passed: client}}
"""
# (at, rule, group, value): few instants and values, so that many are alike; "" is none.
EVENTS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["failed", "passed"]), st.sampled_from(["a", "b", ""]), st.sampled_from(["x", "y", ""])),
    max_size=25,
)
# A statement costs more than what it reads: many such lists go through at once, in groups of their own.
MANY = st.lists(EVENTS, min_size=20, max_size=40).map(
    lambda lists: [
        (at, rule, f"{group}{number}" if group else "", value) for number, its in enumerate(lists) for at, rule, group, value in its
    ]
)
Event = tuple[int, str, str, str]


def rules(folder: Path, text: str) -> RuleSet:
    """Failed and passed sign-ins, and correlations of them."""
    (folder / "rules.yml").write_text(FAILED + "---" + PASSED + text, encoding="utf-8")
    found = read([folder / "rules.yml"])
    assert found.left_out == {}
    return found


@pytest.fixture(scope="module")
def every(tmp_path_factory) -> RuleSet:
    """Each way, one of them with each operator, grouped by one field and by two."""
    texts = []
    for way in WAYS:
        for operator in OPERATORS if way == "value_count" else ["gte"]:
            condition = f"{{{operator}: {3 if way == 'event_count' else 2}{', field: user' if way == 'value_count' else ''}}}"
            by = "[source]" if operator == "gte" else "[source, place]"
            texts.append(RULE.format(name=f"{way} {operator}", way=way, rules="[failed, passed]", by=by, span=3, condition=condition))
    return rules(tmp_path_factory.mktemp("rules"), "".join(texts))


def said(event: Event) -> dict[str, str]:
    _, rule, group, value = event
    return {"client" if rule == "passed" else "source": group, "user": value, "place": "here"}


def gathered(ruleset: RuleSet, events: Sequence[Event]) -> list[tuple[str, int, tuple[str, ...]]]:
    """What SQL tells of `events`, each in the line of its place: which correlation, in which line, of which group."""
    gathers, places = Gathered(ruleset), {each.name: place for place, each in enumerate(ruleset.rules)}
    for number, event in enumerate(events):
        values = tuple(said(event).get(name) or None for name in fields(ruleset.correlations))
        gathers.add(Met(places[event[1]], event[0] * 1_000_000, "log", number, 0, values))
    return sorted((each.rule.name, each.line, tuple(value for _, value in each.group)) for each in gathers.told())


def counted(way: str, window: Sequence[Event]) -> int:
    """How much is in `window`, which is in order."""
    if way == "event_count":
        return len(window)
    if way == "value_count":
        return len({value for _, _, _, value in window} - {""})
    if way == "temporal":
        return len({rule for _, rule, _, _ in window})
    chains = [two for one in window if one[1] == "failed" for two in window if two[1] == "passed" and two[0] >= one[0]]
    return 2 if chains else 0


def plain(ruleset: RuleSet, events: Sequence[Event]) -> list[tuple[str, int, tuple[str, ...]]]:
    """The same by counting each window anew."""
    found = []
    for each in ruleset.correlations:
        way, operator = each.name.split()
        for group in {event[2] for event in events} - {""}:
            its = [(event, number) for number, event in enumerate(events) if event[2] == group]
            its.sort(key=lambda one: (one[0][0], one[0][1] == "passed" if way == "temporal_ordered" else 0, one[1]))
            before = False
            for place, (event, number) in enumerate(its):
                window = [one for one, _ in its[: place + 1] if one[0] >= event[0] - each.seconds]
                holds = OPERATORS[operator](counted(way, window), int(each.count))
                if holds and not before:
                    found.append((each.name, number, (group, "here")[: len(each.group_by)]))
                before = holds
    return sorted(found)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(MANY)
def test_sql_tells_what_plain_counting_tells_whatever_order_events_come_in(every, events):
    assert gathered(every, events) == plain(every, events)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_while_events_come_in_order_the_same_is_told(every, events):
    events = sorted(events, key=lambda each: each[0])
    correlates, found = Correlator(every.correlations), []
    by_name = {each.name: each for each in every.rules}
    for number, event in enumerate(events):
        for each in correlates.add(by_name[event[1]], said(event), event[0]):
            found.append((each.correlation.name, number, tuple(value for _, value in each.group)))
    unordered = [each for each in plain(every, events) if not each[0].startswith("temporal_ordered")]
    assert sorted(each for each in found if not each[0].startswith("temporal_ordered")) == unordered
    if len({each[0] for each in events}) == len(events):  # in one instant, order depends on which came first
        assert sorted(found) == plain(every, events)


def test_fields_of_nested_objects_group_and_what_has_no_time_is_counted_as_such(tmp_path):
    text = """
---
title: many
correlation: {type: value_count, rules: [failed], group-by: [user.name], timespan: 5m, condition: {gte: 2, field: from.ip}}
"""
    (tmp_path / "log").write_bytes(
        b"".join(
            orjson.dumps({"outcome": "failure", "user": {"name": "ada"}, "from": {"ip": [ip]}, "time": time}) + b"\n"
            for ip, time in (("a", "2026-05-04T10:09:00Z"), ("b", "soon"), ("c" * 5_000, "2026-05-04T10:05:00Z"))
        )
    )
    found = list[Seen]()
    ruleset = rules(tmp_path, text)
    looking = Looking(Compiled(ruleset, index([rule.tree for rule in ruleset.rules], ruleset.predicates)), found.append)
    looking.through([str(tmp_path / "log")])
    assert [(each.line, each.group) for each in found] == [(1, (("user.name", "ada"),))] and looking.undated == 1


def test_correlations_in_a_circle_are_left_out_and_rules_without_ids_told_apart(tmp_path):
    one = "---\ntitle: {0}\nname: {0}\ncorrelation: {{type: event_count, rules: [{1}], timespan: 5m, condition: {{gte: 2}}}}\n"
    text = FAILED + one.format("a", "b") + one.format("b", "a") + one.format("c", "c") + one.format("d", "failed") + one.format("e", "b")
    (tmp_path / "r.yml").write_text(text, encoding="utf-8")
    found = read([tmp_path / "r.yml"])
    assert [(each.id, each.name) for each in found.correlations] == [("r#5", "d")]
    assert sorted(found.left_out_ids.values()) == ["r#2", "r#3", "r#4", "r#6"] and all(
        "correlates" in why for why in found.left_out.values()
    )


@pytest.mark.parametrize(
    "wrong",
    ["rules: [], timespan: 5m", "rules: [failed], timespan: 9999999d", "rules: [failed], timespan: 0m", "rules: [failed], timespan: -5m"],
)
def test_a_correlation_that_makes_no_sense_is_left_out(tmp_path, wrong):
    text = f"---\ntitle: wrong\ncorrelation: {{type: event_count, {wrong}, condition: {{gte: 2}}}}\n"
    for each in (text, text.replace("gte: 2", "gte: .inf"), text.replace("gte: 2", f"gte: {10**40}")):
        (tmp_path / "r.yml").write_text(FAILED + each, encoding="utf-8")
        assert read([tmp_path / "r.yml"]).correlations == [] and read([tmp_path / "r.yml"]).lost == 1


def test_nothing_that_a_rule_or_an_event_says_is_in_the_text(tmp_path):
    by = '"x\'); DROP TABLE met; --"'
    name = f"---\ntitle: '); SELECT'\nname: '; DROP'\ncorrelation: {{type: value_count, rules: [failed], group-by: [{by}], timespan: 5m, "
    ruleset = rules(tmp_path, name + 'condition: {gte: 2, field: "a\'b"}}\n')
    gathers = Gathered(ruleset)
    for number, value in enumerate(("1'", '2"')):
        gathers.add(Met(0, number, "a'; DROP", number, 0, (value, "g'")))
    assert [(each.line, each.group) for each in gathers.told()] == [(1, (("x'); DROP TABLE met; --", "g'"),))]
