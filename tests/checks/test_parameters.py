"""Parameters: read, overridden, and held against the floor that the promise gives."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlglot
from tests.checks.example import measure

from upheld.checks import library, parameters, sql
from upheld.checks.front import MeasureError
from upheld.checks.parameters import Parameters
from upheld.checks.span import Span, span

DECLARED = """
[interval]
type = "duration"
default = "90 days"
at_most = "3 months"
meaning = "how often"

[least]
type = "integer"
default = 12
at_least = 8
meaning = "how many"

[schemes]
type = "list"
default = ["yescrypt"]
within = ["yescrypt", "bcrypt"]
includes = ["yescrypt"]
meaning = "which"

[share]
type = "real"
default = 1
meaning = "how much"

[since]
type = "date"
default = 2026-05-03
meaning = "from when"
"""


def _declared() -> Parameters:
    return Parameters({("access", each.name): each for each in parameters.parse("access", DECLARED)})


@pytest.mark.parametrize(
    ("override", "weakness"),
    [
        ({"interval": "3 months"}, ""),
        ({"interval": "92 days"}, "interval is 92 days, but the promise allows at most 3 months"),
        ({"interval": "4 months"}, "interval is 4 months, but the promise allows at most 3 months"),
        ({"least": 7}, "least is 7, but the promise asks for at least 8"),
        ({"schemes": ["yescrypt", "md5"]}, "schemes allows md5, which the promise does not"),
        ({"schemes": ["bcrypt"]}, "schemes leaves out yescrypt, which the promise includes"),
    ],
)
def test_a_value_weaker_than_the_floor_is_told(override: dict[str, object], weakness: str) -> None:
    (name,) = override
    assert _declared().overridden({"access": override}).declared["access", name].weakness == weakness


@pytest.mark.parametrize(
    ("override", "what"),
    [
        ({"access": {"intervall": "1 day"}}, "there is no parameter access.intervall; [access] has interval, least, schemes, share, since"),
        ({"acess": {"interval": "1 day"}}, "there is no parameter acess.interval; the chapters are access"),
        ({"access": {"interval": 90}}, 'access.interval is no duration: it is 90; write it as "3 months"'),
        ({"access": {"interval": "90"}}, '"90" is not a span of time'),
        ({"access": {"least": True}}, "access.least is no integer: it is True; write it as 12"),
        ({"access": {"schemes": "yescrypt"}}, "access.schemes is no list"),
        ({"access": {"since": "2026-05-03"}}, "access.since is no date"),
        ({"access": 3}, "`access` stands outside of any chapter"),
    ],
)
def test_an_override_that_makes_no_sense_is_told(override: dict[str, dict[str, object]], what: str) -> None:
    with pytest.raises(MeasureError) as error:
        _declared().overridden(override, "parameters.toml")
    assert what in str(error.value)


def test_a_workspace_overrides_values_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "measures" / "access").mkdir(parents=True)
    (tmp_path / "measures" / "access" / "parameters.toml").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "parameters.toml").write_text('[access]\ninterval = "30 days"\n', encoding="utf-8")
    found = parameters.load([tmp_path / "measures"], tmp_path / "parameters.toml")
    assert found.declared["access", "interval"].value == Span(30, "day")
    assert found.declared["access", "interval"].in_words == "30 days"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[a]\ntype = "duration"\nmeaning = "x"', "a has no default"),
        ('[a]\ntype = "time"\ndefault = 1\nmeaning = "x"', '`a.type` is "time"'),
        ('[a]\ntype = "integer"\ndefault = 9\nat_most = 8\nmeaning = "x"', "the default is weaker than the floor"),
        ('[a]\ntype = "text"\ndefault = "x"\nat_most = "y"\nmeaning = "x"', "has no size"),
        ('[a]\ntype = "integer"\ndefault = 9\nmost = 8\nmeaning = "x"', "there is no field `a.most`"),
        ("[a", "it is not TOML"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_told(text: str, what: str) -> None:
    with pytest.raises(MeasureError) as error:
        parameters.parse("access", text)
    assert what in str(error.value)


def test_a_measure_sees_its_own_chapters_parameters_only() -> None:
    example = measure(more='parameters = ["elsewhere"]')
    with pytest.raises(MeasureError, match="names the parameter elsewhere, which its chapter does not declare"):
        _declared().of(example)


def test_values_become_literals_and_nothing_can_be_injected() -> None:
    tree = sql.parse("SELECT $a AS a, x IN $b AS b, $as_of - $c AS c, $d AS d, $e AS e, $f AS f FROM accounts")
    values: dict[str, sql.Literal] = {
        "a": "'; DROP TABLE accounts; --",
        "b": ("x", "y'"),
        "c": Span(3, "month"),
        "d": date(2026, 5, 3),
        "e": 0.5,
        "f": True,
        "as_of": datetime(2026, 5, 3, 14, tzinfo=UTC),
    }
    said = sql.filled(sql.template(tree), values)
    assert said == (
        "SELECT '''; DROP TABLE accounts; --' AS a, ARRAY_CONTAINS(CAST(['x', 'y'''] AS TEXT[]), x) AS b, "
        "CAST('2026-05-03 14:00:00' AS TIMESTAMP) - INTERVAL '3' MONTH AS c, "
        "CAST('2026-05-03' AS DATE) AS d, 0.5 AS e, TRUE AS f FROM accounts"
    )
    assert len(sqlglot.parse(said, dialect="duckdb")) == 1


@pytest.mark.parametrize(
    ("words", "from_at", "until_at"),
    [
        ("1 month", datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
        ("3 months", datetime(2026, 11, 30, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
        ("1 year", datetime(2024, 2, 29, tzinfo=UTC), datetime(2025, 2, 28, tzinfo=UTC)),
        ("24 hours", datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
        ("2 weeks", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 15, tzinfo=UTC)),
    ],
)
def test_a_month_is_a_calendar_month(words: str, from_at: datetime, until_at: datetime) -> None:
    assert span(words).after(from_at) == until_at


@pytest.mark.parametrize("words", ["", "3", "months", "3 moons", "-1 day", "1.5 days", "3 months 2 days", "9999999 days"])
def test_what_is_no_span_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="is not a span of time"):
        span(words)


def test_a_span_is_told_in_words_and_compared_by_the_mean_month() -> None:
    assert [str(span(words)) for words in ("1 months", "14 day")] == ["1 month", "14 days"]
    assert timedelta(days=91) < span("3 months").about < timedelta(days=92)


def test_values_that_are_not_utf_8_are_refused_by_the_name_of_their_file(tmp_path):
    values = tmp_path / "parameters.toml"
    values.write_bytes(b"[access]\n# \xff\n")
    with pytest.raises(MeasureError, match=r"parameters\.toml.*not UTF-8"):
        library.parameters_in_force(None, values)
