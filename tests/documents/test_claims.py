"""Times that a sentence states are held against the parameters that its measures judge by."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from upheld.checks.floor import Floor, Kind
from upheld.checks.parameters import Parameter
from upheld.checks.span import Span, span
from upheld.cli.main import upheld
from upheld.documents.catalogue import known
from upheld.documents.claims import disagreements, stated
from upheld.documents.document import shipped
from upheld.documents.lint import lint, parameters_of


def parameter(value: str | Span, **floor: str) -> Parameter:
    value = span(value) if isinstance(value, str) else value
    return Parameter("access", "window", Kind.DURATION, "", value, value, Floor(**{name: span(each) for name, each in floor.items()}))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Accounts are closed within 24 hours.", ["24 hours"]),
        ("Reviewed every quarter and after a year at the latest.", ["3 months", "1 year"]),
        ("Rights are reviewed every three months.", ["3 months"]),
        ("Tested annually, and monthly in part.", ["1 year", "1 month"]),
        ("We have a day of training and an hour-long break.", []),
        ("A 30-day notice, on ISO 27001:2022 terms, in 2026.", ["30 days"]),
        ("Every employee, each system and all of the years.", []),
        ("At least once a week.", ["1 week"]),
    ],
)
def test_what_a_sentence_states(text: str, spans: list[str]) -> None:
    assert [str(each.span) for each in stated(text)] == spans


@pytest.mark.parametrize(
    ("value", "floor", "said", "keeps"),
    [
        ("24 hours", {}, "within 24 hours", True),
        ("1 day", {}, "within 24 hours", True),
        ("90 days", {"at_most": "3 months"}, "every three months", True),
        ("1 month", {"at_most": "3 months"}, "every three months", True),
        ("6 months", {"at_most": "1 year"}, "every three months", False),
        ("2 years", {"at_least": "1 year"}, "kept for at least 1 year", True),
        ("1 month", {"at_least": "1 month"}, "kept for at least 1 year", False),
        ("1 month", {}, "every three months", False),
    ],
)
def test_a_parameter_keeps_what_is_the_same_or_stricter(value: str, floor: dict[str, str], said: str, keeps: bool) -> None:
    assert (list(disagreements(said, [parameter(value, **floor)])) == []) is keeps


def rules(text: str, measure: str, **values: str) -> list[str]:
    from dataclasses import replace

    document = shipped()[0]
    promise = replace(document.promises[0], text=text, measures=(measure,))
    judged_by = parameters_of(Path("none"), Path("none"))
    found = lint(replace(document, promises=(promise,)), known(), judged_by)
    return [each.rule for each in found if each.rule.startswith(("number", "attested"))]


def test_lint_says_which_numbers_differ_and_which_nothing_keeps() -> None:
    assert rules("Restores are proven every 3 months.", "backup/restore_proven") == []
    assert rules("Restores are proven every week.", "backup/restore_proven") == ["number-differs"]
    assert rules("Nobody waits longer than 2 days.", "governance/steps_separated") == ["number-untested"]


def test_the_shipped_documents_say_nothing_that_their_parameters_do_not_keep() -> None:
    judged_by = parameters_of(Path("none"), Path("none"))
    assert [each for document in shipped() for each in lint(document, known(), judged_by) if each.rule.startswith("number")] == []


def test_the_companys_own_value_counts(workspace) -> None:
    workspace.parameters.write_text('[authorization]\nunused_audit_interval = "6 months"\nunused_after = "6 months"\n', encoding="utf-8")
    answer = CliRunner().invoke(upheld, ["document", "lint"])
    assert answer.exit_code == 0, answer.output
    assert "judged by" in answer.output and "authorization.unused_audit_interval = 6 months" in answer.output
