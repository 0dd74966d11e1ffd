"""Why a rule met: each condition, whether it holds, and where it stands in the line."""

import pytest
from tests.logs.test_reference import _written

from upheld.logs.event import lenient
from upheld.logs.explaining import explained, pieces


def why(folder, line, one, condition="one", two=None):
    compiled, _ = _written(folder, [(one, two or {"x": "y"}, condition)])
    event = lenient(line) if line.startswith("{") else {"message": line}
    found = explained(compiled.ruleset.rules[0].tree, compiled.ruleset.predicates, event, line)
    return found, [line[start:end] for start, end in found.marks]


@pytest.mark.parametrize(
    ("said", "one", "marked"),
    [
        ({"Image": "C:\\x\\CMD.exe"}, {"Image|endswith": "\\cmd.exe"}, "\\\\CMD.exe"),
        ({"Image": "C:\\x\\CMD.exe"}, {"Image|startswith": "c:\\x"}, "C:\\\\x"),
        ({"CommandLine": 'say "Sekurlsa::x" now'}, {"CommandLine|contains": "sekurlsa::"}, "Sekurlsa::"),
        ({"CommandLine": "é sekurlsa::"}, {"CommandLine|contains": "sekurlsa::"}, "sekurlsa::"),
        ({"CommandLine": "run cmd very.exe now"}, {"CommandLine|re": "cmd.*exe"}, "cmd very.exe"),
        ({"Ip": "10.1.2.3"}, {"Ip|cidr": "10.0.0.0/8"}, "10.1.2.3"),
        ({"EventID": 4625}, {"EventID": 4625}, "4625"),
        ({"EventID": 4625}, {"EventID|gte": 4000}, "4625"),
        ({"Image": "a\\b.exe", "Other": "b.exe"}, {"Image": "*\\b.exe"}, "\\\\b.exe"),
        ({"a": {"b": "evil"}}, {"a.b": "evil"}, "evil"),
        ({"other": "Some evil words"}, ["evil words"], "evil words"),
        ({"Image": "x", "CommandLine": "xyz"}, {"CommandLine|fieldref": "Image", "Image|contains": "x"}, None),
    ],
)
def test_what_the_rule_asked_for_is_marked_where_it_stands(tmp_path, said, one, marked):
    import json

    for ascii in (True, False):
        found, marks = why(tmp_path, json.dumps(said, ensure_ascii=ascii), one)
        assert found.met is (marked is not None)
        if marked is not None:
            assert marks == [marked]


def test_only_what_decided_counts_and_each_condition_is_in_words(tmp_path):
    line = '{"Image": "cmd.exe", "CommandLine": "dir"}'
    found, marks = why(tmp_path, line, {"Image": ["cmd.exe", "sh"]}, "one and not two", {"CommandLine|contains": ["rm", "del"]})
    said = [(each.field, each.asked, each.value, each.holds, each.counts) for each in found.conditions]
    assert said == [
        ("Image", "is cmd.exe", "cmd.exe", True, True),
        ("Image", "is sh", "cmd.exe", False, False),
        ("CommandLine", "contains rm", "dir", False, True),
        ("CommandLine", "contains del", "dir", False, True),
    ]
    assert marks == ["cmd.exe"]
    assert list(pieces(line, found.marks)) == [('{"Image": "', False), ("cmd.exe", True), ('", "CommandLine": "dir"}', False)]


def test_marks_that_overlap_are_one_and_odd_text_hurts_nobody(tmp_path):
    found, marks = why(tmp_path, "İ sekurlsa::logon SEKURLSA", ["sekurlsa", "sekurlsa::logon"], "one")
    assert found.met and marks == ["sekurlsa::logon"]
    assert list(pieces("", ())) == [] and list(pieces("ab", [(0, 2)])) == [("ab", True)]
