"""Folders of rules as they are: several in a file, wrong ones among them, filters in files of their own, and files that are no rules."""

from pathlib import Path

from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.rule import RuleSet
from upheld.logs.sigma.rules import read

RULE = """
title: {0}
name: {0}
id: 00000000-0000-4000-8000-00000000000{1}
logsource: {{product: x}}
detection: {{s: {{A: hello}}, condition: s}}
"""
FILTER = """
title: but not of {0}
id: 00000000-0000-4000-8000-0000000000f{1}
logsource: {{product: {2}}}
filter: {{rules: {3}, s: {{User: {0}}}, condition: not s}}
"""


def found(folder: Path, **files: str) -> RuleSet:
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return read(sorted(folder.glob("*.yml")))


def met(rules: RuleSet, user: str) -> list[str]:
    return [rule.title for rule in Engine(rules).detections({"A": "hello", "User": user})]


def test_a_wrong_document_costs_no_other_and_each_is_named(tmp_path):
    wrong = [
        "title: [",
        "- a list",
        RULE.format("date", 3) + "date: 2026-13-45\n",
        "title: no more",
        RULE.format("mod", 4).replace("A:", "A|x:"),
    ]
    rules = found(tmp_path, many="---".join([f"\ufeff{RULE.format('one', 1)}", *(f"\n{each}\n" for each in wrong), RULE.format("two", 2)]))
    assert [rule.title for rule in rules.rules] == ["one", "two"] and len(rules.left_out) == len(wrong)
    ids = [rules.left_out_ids[place][-2:] for place in rules.left_out]
    assert sorted(ids) == ["#2", "03", "04", "ny", "ny"]
    assert "it is no Sigma rule, but a list" in rules.left_out.values() and rules.lost == 4


def test_files_that_are_no_rules_are_said_and_empty_ones_are_none(tmp_path):
    rules = found(tmp_path, list="- a\n", text="words", empty="", comment="# nothing\n", documents="---\n---\n", ci="on: push\nname: x\n")
    assert sorted(Path(place).stem for place in rules.left_out) == ["ci", "list", "text"] and rules.rules == [] and rules.lost == 0


def test_with_a_rule_that_its_authors_gave_up_nothing_is_lost(tmp_path):
    old = RULE.format("old", 1).replace("condition: s", "condition: s | count() by A > 5")
    rules = found(tmp_path, old=old + "status: unsupported\n", other=old)
    assert len(rules.left_out) == 2 and rules.no_loss == {str(tmp_path / "old.yml")} and rules.lost == 1


def test_filters_in_other_files_are_part_of_the_rules_that_they_are_about(tmp_path):
    base = RULE.format("one", 1) + "---" + RULE.format("two", 2)
    before = found(tmp_path, rules=base)
    rules = found(tmp_path, filters=FILTER.format("ada", 1, "x", "[one]") + "---" + FILTER.format("bo", 2, "x", "any"), rules=base)
    assert (met(rules, "ada"), met(rules, "bo"), met(rules, "eve")) == (["two"], [], ["one", "two"]) and rules.left_out == {}
    assert {rule.title: rule.digest for rule in rules.rules} != {rule.title: rule.digest for rule in before.rules}
    by_id = found(tmp_path, filters=FILTER.format("ada", 1, "x", "00000000-0000-4000-8000-000000000002"), rules=base)
    assert (met(by_id, "ada"), met(by_id, "bo")) == (["one"], ["one", "two"])


def test_rules_are_named_by_their_ids_however_these_are_written(tmp_path):
    id = "ABCDEF00-0000-4000-8000-000000000001"
    base = RULE.format("one", 1).replace("00000000-0000-4000-8000-000000000001", id.lower())
    many = f"title: many\ncorrelation: {{type: event_count, rules: [{id}], timespan: 5m, condition: {{gte: 2}}}}\n"
    rules = found(tmp_path, rules=base, many=many, filters=FILTER.format("ada", 1, "x", f"[{id}]"))
    assert rules.left_out == {} and rules.correlations[0].rules == (id.lower(),) and met(rules, "ada") == []


def test_a_filter_about_nothing_or_that_is_wrong_is_said_and_filters_nothing(tmp_path):
    rules = found(
        tmp_path,
        rules=RULE.format("one", 1),
        other=FILTER.format("ada", 1, "y", "[one]"),
        gone=FILTER.format("ada", 2, "x", "[three]"),
        wrong=FILTER.format("ada", 3, "x", "[one]").replace("not s", "[s]"),
    )
    assert met(rules, "ada") == ["one"] and sorted(Path(place).stem for place in rules.left_out) == ["gone", "other", "wrong"]
