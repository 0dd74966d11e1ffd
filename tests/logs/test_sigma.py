"""Rules over events: every modifier, keywords, what is absent, and the same result whatever the caches hold."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.logs.sigma import engine, keeping
from upheld.logs.sigma.compiled import compiled, loaded
from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.index import Index
from upheld.logs.sigma.predicate import all_of, any_of, folded, holds, none_of, numbers, witness
from upheld.logs.sigma.rules import read

RULE = """
title: "{title}"
id: {id}
author: Somebody
license: DRL 1.1
level: high
logsource:
    product: windows
detection:
{detection}
"""


def ruleset(folder: Path, *detections: str):
    """Rules with these detections (YAML), titled by their number."""
    for number, detection in enumerate(detections):
        indented = "\n".join(f"    {line}" for line in detection.strip("\n").splitlines())
        text = RULE.format(title=number, id=f"00000000-0000-4000-8000-{number:012}", detection=indented)
        (folder / f"{number:03}.yml").write_text(text, encoding="utf-8")
    return read(sorted(folder.glob("*.yml")))


def meets(folder: Path, detection: str, event: dict[str, Any]) -> bool:
    rules = ruleset(folder, detection)
    assert rules.left_out == {}
    return Engine(rules).detections(event) != ()


def one(selection: str) -> str:
    return f"selection:\n    {selection}\ncondition: selection"


@pytest.mark.parametrize(
    ("selection", "event", "expected"),
    [
        ("Image: cmd.exe", {"Image": "CMD.EXE"}, True),
        ("Image: cmd.exe", {"Image": "xcmd.exe"}, False),
        ("Image: cmd.exe", {}, False),
        ("EventID: 4625", {"EventID": "4625"}, True),
        ("EventID: 4625", {"EventID": 4625}, True),
        ("Initiated: true", {"Initiated": True}, True),
        ("Initiated: 'true'", {"Initiated": True}, True),
        ("Line|contains: mimi", {"Line": "xMIMIx"}, True),
        ("Line|contains|cased: mimi", {"Line": "xMIMIx"}, False),
        ("Line|contains|cased: MIMI", {"Line": "xMIMIx"}, True),
        ("Line|startswith: ab", {"Line": "abc"}, True),
        ("Line|startswith: ab", {"Line": "cab"}, False),
        ("Line|endswith: bc", {"Line": "abc"}, True),
        ("Line|endswith: bc", {"Line": "abcd"}, False),
        ("Line|contains|all: [a, b]", {"Line": "b a"}, True),
        ("Line|contains|all: [a, b]", {"Line": "a"}, False),
        ("Line: a*c", {"Line": "aXXc"}, True),
        ("Line: a*c", {"Line": "aXXcd"}, False),
        ("Line: a?c", {"Line": "abc"}, True),
        ("Line: a?c", {"Line": "abbc"}, False),
        ("Line: 'a\\*c'", {"Line": "a*c"}, True),
        ("Line: 'a\\*c'", {"Line": "abc"}, False),
        ("Line: '*'", {"Line": "x"}, True),
        ("Line: '*'", {"Line": ""}, False),
        ("Line: ''", {"Line": ""}, True),
        ("Line: null", {}, True),
        ("Line: null", {"Line": "x"}, False),
        ("Line|exists: true", {"Line": "x"}, True),
        ("Line|exists: true", {}, False),
        ("Line|exists: false", {}, True),
        ("Line|re: 'a[0-9]+b'", {"Line": "xa12bx"}, True),
        ("Line|re: 'A[0-9]+b'", {"Line": "xa12bx"}, False),
        ("Line|re|i: 'A[0-9]+b'", {"Line": "xa12bx"}, True),
        ("Line|re: 'a(?!b)'", {"Line": "ab"}, False),
        ("Line|re: 'a(?!b)'", {"Line": "ac"}, True),
        ("Line|re|s: 'a.b'", {"Line": "a\nb"}, True),
        ("Line|re: 'a.b'", {"Line": "a\nb"}, False),
        ("Line|re|i|m|s: '^b.c$'", {"Line": "a\nB\nC\nd"}, True),
        ("Line|re|i|m: '^b.c$'", {"Line": "a\nB\nC\nd"}, False),
        ("Line|re: '^$'", {"Line": ""}, True),
        ("At|minute: 5", {"At": "2026-05-04T10:05:59Z"}, True),
        ("At|minute: 5", {"At": "2026-05-04T05:06:00Z"}, False),
        ("At|hour: 8", {"At": "2026-05-04T10:05:00+02:00"}, True),
        ("At|hour: 10", {"At": 1777889100}, True),
        ("At|day: 4", {"At": "2026-05-04 10:05:00.123"}, True),
        ("At|week: 19", {"At": "2026-05-04"}, True),
        ("At|month: 5", {"At": "5"}, False),
        ("At|year: 2026", {"At": "2026-05-04T10:05:00Z"}, True),
        ("Line|neq: a", {"Line": "b"}, True),
        ("Line|neq: a", {"Line": "A"}, False),
        ("Line|wide|base64offset|contains: secret", {"Line": "xcwBlAGMAcgBlAHQA"}, True),
        ("Line|utf16be|base64|contains: a", {"Line": "AGE="}, True),
        ("Ip|cidr: 10.0.0.0/8", {"Ip": "10.1.2.3"}, True),
        ("Ip|cidr: 10.0.0.0/8", {"Ip": "11.1.2.3"}, False),
        ("Ip|cidr: 10.0.0.0/8", {"Ip": "no address"}, False),
        ("Ip|cidr: 'fe80::/10'", {"Ip": "fe80::1"}, True),
        ("Port|gte: 1024", {"Port": "1024"}, True),
        ("Port|lt: 1024", {"Port": 1024}, False),
        ("Port|lt: 1024", {"Port": "http"}, False),
        ("Line|windash|contains: ' -h'", {"Line": "x /h"}, True),
        ("Line|base64offset|contains: secret", {"Line": "aHNlY3JldA=="}, True),
        ("A|fieldref: B", {"A": "x", "B": "X"}, True),
        ("A|fieldref: B", {"A": "x", "B": "y"}, False),
        ("A|fieldref: B", {"A": "x"}, False),
        ("Names: eve", {"Names": ["ada", "Eve"]}, True),
        ("Names: eve", {"Names": ["ada"]}, False),
        ("Names: eve", {"Names": []}, False),
    ],
)
def test_a_value_is_held_against_every_modifier(tmp_path, selection, event, expected):
    assert meets(tmp_path, one(selection), event) is expected


@pytest.mark.parametrize(
    ("detection", "event", "expected"),
    [
        ("a:\n    X: 1\nb:\n    Y: 2\ncondition: a and not b", {"X": 1}, True),
        ("a:\n    X: 1\nb:\n    Y: 2\ncondition: a and not b", {"X": 1, "Y": 2}, False),
        ("a:\n    X: 1\ncondition: not a", {}, True),
        ("f_1:\n    X: 1\nf_2:\n    Y: 2\ncondition: 1 of f_*", {"Y": 2}, True),
        ("f_1:\n    X: 1\nf_2:\n    Y: 2\ncondition: all of f_*", {"Y": 2}, False),
        ("keywords:\n    - 'Failed password'\n    - root\ncondition: keywords", {"m": "sshd: failed PASSWORD for x"}, True),
        ("keywords:\n    - 'Failed password'\ncondition: keywords", {"m": "accepted"}, False),
        ("keywords:\n    '|all':\n        - one\n        - two\ncondition: keywords", {"m": "two", "n": "one"}, True),
        ("s:\n    - X: 1\n    - Y: 2\ncondition: s", {"Y": 2}, True),
    ],
)
def test_conditions_join_selections(tmp_path, detection, event, expected):
    assert meets(tmp_path, detection, event) is expected


def test_a_detection_names_its_rule_author_and_licence(tmp_path):
    (found,) = Engine(ruleset(tmp_path, one("X: 1"))).detections({"X": 1})
    assert (found.title, found.level, found.author, found.licence, found.product) == ("0", "high", "Somebody", "DRL 1.1", "windows")


def test_a_rule_that_is_wrong_is_left_out_and_says_why(tmp_path):
    (tmp_path / "a.yml").write_text("title: x\nlogsource: {product: a}\ndetection: {condition: nothing}\n", encoding="utf-8")
    (tmp_path / "b.yml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.yml").write_text("title: [", encoding="utf-8")
    broken = "    s:\n        X|re: '('\n    condition: s"
    (tmp_path / "d.yml").write_text(RULE.format(title="d", id="x", detection=broken), encoding="utf-8")
    found = read([*sorted(tmp_path.glob("*.yml")), tmp_path / "none.yml"])
    assert found.rules == [] and len(found.left_out) == 5 and all(found.left_out.values())


def test_an_expression_that_would_run_for_ever_is_counted_as_undecided(tmp_path):
    held = Engine(ruleset(tmp_path, one("Line|re: '^(a|a)*(?!x)$'")))
    assert held.detections({"Line": "a" * 400 + "!"}) == ()
    assert held.undecided == 1


def test_key_fields_leave_only_the_rules_that_can_meet(tmp_path):
    rules = ruleset(
        tmp_path,
        "s:\n    Channel: Security\n    EventID: 4625\n    User|contains: a\ncondition: s",
        "s:\n    Channel: System\n    User|contains: a\ncondition: s",
        "s:\n    User|contains: a\ncondition: s",
        "s:\n    Channel: Security\nf:\n    EventID: 4625\ncondition: s and not f",
    )
    keyed, plain = Engine(rules), Engine(rules, Index((), tuple(range(4)), {}))
    assert keyed.keys == ("Channel", "EventID")
    for channel in ("Security", "System", None, ["Security"]):
        for event_id in (4625, "1", None):
            event = {"Channel": channel, "EventID": event_id, "User": "ada"}
            assert keyed.matches(event) == plain.matches(event)


def test_full_caches_begin_anew_and_change_nothing(tmp_path, monkeypatch):
    for module, name in ((engine, "KEYS"), (engine, "SIGNATURES"), (keeping, "WINDOW"), (keeping, "PAUSE"), (keeping, "CHARACTERS")):
        monkeypatch.setattr(module, name, 3)
    rules = ruleset(tmp_path, one("X|contains: '1'"), one("Y|endswith: '2'"))
    small, expected = Engine(rules), [tuple(p for p, met in enumerate(("1" in str(n), str(n).endswith("2"))) if met) for n in range(200)]
    assert [small.matches({"X": n, "Y": n}) for n in range(200)] == expected
    assert [small.matches({"X": n, "Y": n}) for n in range(200)] == expected


_trees = st.recursive(
    st.integers(0, 5) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3).map(all_of) | st.lists(inner, max_size=3).map(any_of) | inner.map(none_of),
)


@settings(max_examples=300, deadline=None)
@given(tree=_trees, true=st.frozensets(st.integers(0, 5)), known=st.frozensets(st.integers(0, 5)))
def test_folding_and_witnesses_change_no_outcome(tree, true, known):
    expected = holds(tree, true)
    rest = folded(tree, lambda number: number in true if number in known else None)
    assert holds(rest, true) is expected and not numbers(rest) & known
    needed = witness(tree, dict.fromkeys(range(6), 1))
    assert needed is None or not expected or needed & true


def test_rules_made_ready_are_kept_and_read_again_once_one_changed_or_what_was_kept_is_damaged(tmp_path):
    ruleset(tmp_path, one("X: 1"))
    files, folder = sorted(tmp_path.glob("*.yml")), tmp_path / "kept"
    first = compiled(files, folder)
    (kept,) = folder.iterdir()
    assert compiled(files, folder) == loaded(kept.read_bytes()) and compiled(files, folder).ruleset.rules == first.ruleset.rules
    kept.write_bytes(kept.read_bytes()[:100])
    assert compiled(files, folder).ruleset.rules == first.ruleset.rules
    files[0].write_text(files[0].read_text().replace("X: 1", "X: 2"))
    assert Engine(compiled(files, folder).ruleset).detections({"X": 2}) != () and len(list(folder.iterdir())) == 2
