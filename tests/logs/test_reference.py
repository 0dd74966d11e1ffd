"""The engine says of any event and any rule what a plain evaluator says, whichever way the event comes to it."""

import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sigma.collection import SigmaCollection
from tests.logs import reference

from upheld.logs.lines import Lines
from upheld.logs.sigma import keeping
from upheld.logs.sigma.compiled import Compiled, dumped, loaded
from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.index import index
from upheld.logs.sigma.rules import read

FIELDS = ["Channel", "EventID", "Image", "CommandLine", "Ip", "a.b"]
WORDS = [
    "a",
    "b",
    "cmd",
    ".exe",
    "\\",
    "\\cmd.exe",
    "/x",
    "K",
    "ſ",
    "ß",
    "é",
    "*",
    "?",
    " -h",
    '"',
    "\n",
    "sekurlsa::",
    "1",
    "10.1.2.3",
    "<",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=4).map("".join)
ONES = TEXTS | st.sampled_from(
    ["2026-05-04T10:05:00Z", "2026-05-04 12:19:00+02:00", 1777889100, 1, 0, True, False, 1.0, 4625, 2.5, "10.9.9.9", "fe80::1", "", None]
)
VALUES = ONES | st.lists(ONES, max_size=3)
EVENTS = st.dictionaries(
    st.sampled_from([*FIELDS, "a", "other"]), VALUES | st.dictionaries(st.sampled_from(["b", "c"]), VALUES), max_size=6
)

_WILD = st.lists(st.sampled_from([*WORDS, "*", "?", "\\*"]), min_size=1, max_size=4).map("".join)
_PLAIN = st.sampled_from(["", "|contains", "|startswith", "|endswith", "|contains|cased", "|endswith|cased", "|cased"])
MATCHES = st.one_of(
    st.tuples(_PLAIN, _WILD | st.sampled_from([1, 0, 4625, True])),
    st.tuples(st.sampled_from(["|contains|all", "|startswith", "|endswith", "|windash|contains"]), st.lists(_WILD, min_size=1, max_size=3)),
    st.tuples(
        st.sampled_from(["|re", "|re|i", "|re|s", "|re|m", "|re|i|m|s"]),
        st.sampled_from(["cmd.*exe", "^a+b?$", "sekurlsa::|x{2}", "k", "(?!a)b", "^$", "(?!a)"]),
    ),
    st.tuples(st.sampled_from(["|hour", "|minute", "|week", "|neq"]), st.sampled_from([10, 19, 5])),
    st.tuples(st.just("|cidr"), st.sampled_from(["10.0.0.0/8", "fe80::/10", "0.0.0.0/0"])),
    st.tuples(st.sampled_from(["|gt", "|gte", "|lt", "|lte"]), st.sampled_from([1, 2, 4624])),
    st.tuples(st.just("|exists"), st.booleans()),
    st.tuples(st.just(""), st.none()),
    st.tuples(st.just("|fieldref"), st.sampled_from(["CommandLine", "other"])),
)
FIELD = st.tuples(st.sampled_from(FIELDS), MATCHES).map(lambda each: (each[0] + each[1][0], each[1][1]))
KEYWORDS = st.lists(st.sampled_from(["sekurlsa::", "cmd", "a b", "é", "K", "c*d", '"a', "exe", 4625]), min_size=1, max_size=2)
SELECTION = st.lists(FIELD, min_size=1, max_size=3).map(dict) | KEYWORDS
CONDITIONS = ["one", "not one", "one and two", "one or two", "one and not two", "not one and not two"]
RULES = st.lists(
    st.tuples(
        SELECTION, SELECTION, st.sampled_from(["one", "not one", "one and two", "one or two", "one and not two", "not one and not two"])
    ),
    min_size=1,
    max_size=6,
)


def _written(folder: Path, rules: list[Any]) -> tuple[Compiled, list[Any]]:
    """The rules made ready, by way of bytes, and as pySigma reads them."""
    for path in folder.glob("*.yml"):
        path.unlink()
    for number, (one, two, condition) in enumerate(rules):
        detection = {"one": one, "two": two, "condition": condition}
        if "two" not in condition:
            del detection["two"]
        rule = {"title": str(number), "logsource": {"product": "x"}, "detection": detection}
        (folder / f"{number}.yml").write_text(yaml.safe_dump(rule, allow_unicode=True), encoding="utf-8")
    ruleset = read(sorted(folder.glob("*.yml")))
    assert all("incompatible" in why for why in ruleset.left_out.values())  # the end of a number
    kept = loaded(dumped(Compiled(ruleset, index([rule.tree for rule in ruleset.rules], ruleset.predicates))))
    plain = [SigmaCollection.from_yaml((folder / f"{rule.title}.yml").read_text(encoding="utf-8")).rules[0] for rule in ruleset.rules]
    return kept, plain


def _read(compiled: Compiled, events: list[dict[str, Any]], file: Path) -> list[tuple[int, tuple[int, ...]]]:
    """What lines of JSON meet, by their number."""
    file.write_text("".join(json.dumps(each, ensure_ascii=len(each) % 2 == 0) + "\n" for each in events), encoding="utf-8")
    found: list[tuple[int, tuple[int, ...]]] = []
    lines = Lines(Engine(compiled.ruleset, compiled.plan), lambda _, met, number: found.append((number, met)))
    with file.open("rb", buffering=0) as opened:
        lines.read(opened)
    assert (lines.events, lines.unread) == (len(events), 0)
    return found


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(rules=RULES, events=st.lists(EVENTS, min_size=1, max_size=12), window=st.sampled_from([1, 2, 2048]))
def test_the_engine_says_what_a_plain_evaluator_says(tmp_path_factory, rules, events, window):
    folder = tmp_path_factory.mktemp("rules")
    compiled, plain = _written(folder, rules)
    expected = [tuple(place for place, rule in enumerate(plain) if reference.meets(rule, event)) for event in events]
    before, keeping.WINDOW = keeping.WINDOW, window
    try:
        engine = Engine(compiled.ruleset, compiled.plan)
        assert [engine.matches(event) for event in [*events, *events]] == [*expected, *expected]
    finally:
        keeping.WINDOW = before
    wide = [{**event, **{f"more{n}": "é<" for n in range(13)}} for event in events]
    expected = [tuple(place for place, rule in enumerate(plain) if reference.meets(rule, event)) for event in wide]
    assert _read(compiled, wide, folder / "log.jsonl") == [(number, met) for number, met in enumerate(expected, 1) if met]
