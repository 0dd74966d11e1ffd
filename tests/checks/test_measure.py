"""The file format: what is read, and what is said where it is wrong."""

import pytest
from tests.checks.example import FRONT, QUERY, measure

from upheld.checks import library
from upheld.checks.front import MeasureError
from upheld.checks.measure import Kind, Severity, parse
from upheld.checks.span import span


def test_a_file_is_read_field_by_field() -> None:
    more = 'warn = "2 weeks"\nduty = { do = "Look", action = "access.look", every = "interval" }\nparameters = ["interval"]'
    found = measure(more=more)
    assert (found.chapter, found.name, found.kind, found.severity) == ("access", "example", Kind.STATE, Severity.LOW)
    assert found.warn == span("14 days") or found.warn == span("2 weeks")
    assert found.duty is not None
    assert found.duty.every == "interval"
    assert found.tables == ("accounts",)
    assert found.subjects == "accounts"


def test_tables_are_found_through_steps_and_beneath_conditions() -> None:
    query = """
    WITH step AS (SELECT system_id FROM history.grants WHERE EXISTS (SELECT 1 FROM people WHERE people.id = grants.holder_id))
    SELECT s.id AS subject, s.name AS label, true AS ok, 'x' AS detail FROM systems AS s JOIN step ON step.system_id = s.id
    """
    assert measure(query).reads == ("history.grants", "people", "systems")
    assert measure(query).tables == ("grants", "people", "systems")


def test_columns_that_tables_are_joined_by_count_as_read() -> None:
    query = "SELECT s.name AS subject, 'x' AS label, true AS ok, 'x' AS detail FROM systems AS s JOIN gaps USING (source)"
    assert measure(query).columns == {"name", "source"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("/*---", "/*"), "access/example.sql:1: it does not begin with front matter"),
        (('title    = "Accounts are used"', ""), "`title` is missing or is no text"),
        (('kind     = "state"', 'kind = "states"'), '`kind` is "states"; use one of state, deadline, cadence, never, capacity, attested'),
        (('severity = "low"', "severity = 3"), "`severity` is missing or is no text"),
        (('owner    = "it-operations"', 'owner = "x"\nwarning = "5 days"'), "there is no field `warning`"),
        (('owner    = "it-operations"', 'owner = "x"\nwarn = "soon"'), '"soon" is not a span of time'),
        (
            ('owner    = "it-operations"', 'owner = "x"\nduty = { do = "a", action = "b", every = "c" }'),
            "every `c`, which is not among `parameters`",
        ),
        (('clauses  = ["GDPR 32(1)(b)"]', "clauses = 3"), "`clauses` is no list of text"),
        (('clauses  = ["GDPR 32(1)(b)"]', "clauses = ["), "the front matter is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(change: tuple[str, str], what: str) -> None:
    with pytest.raises(MeasureError) as error:
        parse("access/example", (FRONT.format(more="") + QUERY).replace(*change))
    assert what in str(error.value)


def test_an_error_in_the_query_is_told_with_its_line_in_the_file() -> None:
    with pytest.raises(MeasureError) as error:
        measure("SELECT id AS subject\nFROM accounts WHERE (")
    assert error.value.line == 12


@pytest.mark.parametrize("name", ["access", "access/", "Access/example", "access/exam ple", "../example", "access/example/more"])
def test_a_name_is_a_chapter_and_a_fact(name: str) -> None:
    with pytest.raises(MeasureError, match="no name for a measure"):
        parse(name, FRONT.format(more="") + QUERY)


def test_a_workspace_adds_measures_and_replaces_none(tmp_path: "library.Path") -> None:
    (tmp_path / "access").mkdir()
    (tmp_path / "access" / "our_own.sql").write_text(FRONT.format(more="") + QUERY, encoding="utf-8")
    found = library.measures(tmp_path)
    assert not found["access/our_own"].shipped
    assert len(found) == len(library.shipped()) + 1
    (tmp_path / "access" / "mfa_required.sql").write_text(FRONT.format(more="") + QUERY, encoding="utf-8")
    with pytest.raises(MeasureError, match="access/mfa_required is a shipped measure"):
        library.measures(tmp_path)
