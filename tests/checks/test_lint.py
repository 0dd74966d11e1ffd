"""What is said of a measure that is wrong: every refusal in words, and nothing hostile let through."""

from dataclasses import replace

import pytest
from tests.checks.example import BY_TIME, FRONT, QUERY, measure
from tests.stage import declared, shipped

from upheld.checks.front import MeasureError
from upheld.checks.lint import problems, refusal
from upheld.checks.measure import parse
from upheld.standards.standard import exists

SAID = "SELECT id AS subject, user_name AS label, enabled AS ok, 'x' AS detail"


def test_what_is_in_order_is_not_refused() -> None:
    assert problems(measure(), parameters=[], clause_exists=exists) == []


def test_every_shipped_measure_is_in_order() -> None:
    wrong = {
        name: problems(each, parameters=[key[1] for key in declared().declared if key[0] == each.chapter], clause_exists=exists)
        for name, each in shipped().items()
    }
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("query", "what"),
    [
        (f"{SAID} FROM acounts", "there is no table acounts"),
        (f"{SAID}, nmae AS more FROM accounts", "column 'nmae' could not be resolved"),
        (f"{SAID} FROM accounts, people", "the column id could be that of accounts or people"),
        ("SELECT * FROM accounts", "it selects * at the end"),
        ("SELECT id AS subject, user_name AS label, true AS ok FROM accounts", "it gives no column detail"),
        (f"{SAID}, 1 AS excepted FROM accounts", "the column excepted cannot be given so"),
        (f"{SAID}, 1 AS ok FROM accounts", "the column ok cannot be given so"),
        ("SELECT id AS subject, '' AS label, 'no' AS ok, '' AS detail FROM accounts", "ok is TEXT and no truth value"),
        ("SELECT id AS subject, '' AS label, user_name AS ok, '' AS detail FROM accounts", "ok is TEXT and no truth value"),
        ("SELECT id AS subject, '' AS label, count(*) AS ok, '' AS detail FROM accounts GROUP BY id", "ok is BIGINT and no truth value"),
        (f"{SAID} FROM accounts LIMIT 5", "LIMIT at the end hides subjects"),
        (f"{SAID} FROM accounts WHERE created_at < $as_of", "it reads $as_of but gives no flips_at"),
        (f"{SAID}, created_at AS flips_at FROM accounts", "it gives flips_at but does not read $as_of"),
        (f"{SAID} FROM accounts WHERE kind = $kind", "it reads $kind, which is not declared"),
        (f"{SAID} FROM accounts WHERE created_at < now()", "now asks a clock"),
        (f"{SAID} FROM accounts WHERE created_at < current_timestamp", "current_timestamp asks a clock"),
        (f"{SAID} FROM accounts WHERE age(created_at) > INTERVAL 1 DAY", "age() of one instant asks a clock"),
        (f"{SAID} FROM (SELECT * FROM accounts LIMIT 3) AS a", "LIMIT takes rows by an order that nothing says"),
        (f"WITH a AS (SELECT * FROM accounts LIMIT 3) {SAID} FROM a", "LIMIT takes rows by an order that nothing says"),
        (f"{SAID} FROM accounts QUALIFY row_number() OVER (PARTITION BY source) = 1", "row_number() goes by an order that nothing says"),
        (f"{SAID} FROM accounts WHERE random() < 0.5", "is left to chance"),
        (f"{SAID} FROM accounts USING SAMPLE 10%", "does more than select"),
        (f"{SAID} FROM accounts TABLESAMPLE 10%", "not read plainly"),
        (f"{SAID} FROM accounts NATURAL JOIN people", "it joins by NATURAL"),
        (f"{SAID} FROM read_csv('/etc/passwd')", "it reads from a function"),
        (f"{SAID} FROM glob('/*')", "it reads from a function"),
        (f"{SAID} FROM duckdb_settings()", "it reads from a function"),
        (f"{SAID} FROM query('SELECT 1')", "it reads from a function"),
        (f"{SAID} FROM range(1000000000000)", "it reads from a function"),
        (f"{SAID} FROM 'stolen.parquet'", "there is no table stolen.parquet"),
        (f"{SAID} FROM information_schema.tables", "there is no table information_schema.tables"),
        (f"{SAID} FROM main.accounts", "there is no table main.accounts"),
        (f"{SAID} FROM other.main.accounts", "not read plainly"),
        (f"{SAID}, getenv('HOME') AS home FROM accounts", "the function getenv() is not among those"),
        (f"{SAID}, current_setting('threads') AS threads FROM accounts", "the function current_setting() is not among those"),
        (f"{SAID}, repeat('x', 1000000000) AS long FROM accounts", "the function repeat() is not among those"),
        (f"{SAID}, (SELECT content FROM read_text('/etc/passwd')) AS stolen FROM accounts", "it reads from a function"),
    ],
)
def test_what_is_not_allowed_is_told_in_words(query: str, what: str) -> None:
    assert what.lower() in refusal(replace(measure(query), shipped=False)).lower()


@pytest.mark.parametrize(
    ("query", "what"),
    [
        (f"{QUERY}; DROP TABLE accounts", "there are 2 statements"),
        (f"/* {QUERY} */ DROP TABLE accounts", "it is a DROP statement"),
        ("ATTACH '/tmp/other.db'", "it is an ATTACH statement"),
        ("COPY accounts TO '/tmp/stolen.csv'", "it is a COPY statement"),
        ("INSTALL httpfs", "it is an INSTALL statement"),
        ("PRAGMA database_list", "it is a PRAGMA statement"),
        ("SET memory_limit = '1TB'", "it is a SET statement"),
        ("CREATE MACRO one() AS 1", "it is a CREATE statement"),
        ("WITH a AS (SELECT 1) INSERT INTO accounts SELECT 1", "it is an INSERT statement"),
        ("", "there are 0 statements"),
        ("SELECT 'never closed", "the query cannot be read"),
        ("SELECT 1 \u202e AS ok", "the invisible character U+202E"),
        ("SELECT 1\u00a0AS ok", "the invisible character U+00A0"),
        ("SELECT 1\u200b AS ok", "the invisible character U+200B"),
        ("SELECT " + "(" * 10_000 + "1" + ")" * 10_000, "keep it below"),
        ("SELECT " + "(" * 1_000 + "1" + ")" * 1_000, "nested too deeply"),
        ("SELECT " + "CASE WHEN true THEN " * 500 + "1" + " END" * 500, "nested too deeply"),
        ("SELECT " + " + ".join(["1"] * 3_900), "nested too deeply"),
        ("SELECT '" + "x" * 1_000_000 + "'", "1,000,009 characters"),
    ],
)
def test_what_is_no_query_is_no_measure(query: str, what: str) -> None:
    with pytest.raises(MeasureError, match=r".") as error:
        measure(query)
    assert what in str(error.value)


def test_a_query_in_comments_and_quotes_stays_there() -> None:
    hidden = "SELECT id AS subject, '; DROP TABLE accounts; --' AS label, true AS ok, 'x' AS detail -- ; DROP TABLE accounts\nFROM accounts"
    assert refusal(measure(hidden)) == ""


def test_a_parameter_that_nobody_declared_or_reads_is_told() -> None:
    example = measure(more='parameters = ["unused"]')
    assert [each.what for each in problems(example, parameters=["other"])] == [
        "it declares unused but does not read $unused",
        "the chapter access declares no parameter unused",
    ]


def test_a_clause_that_does_not_exist_is_told() -> None:
    text = (FRONT.format(more="") + QUERY).replace("GDPR 32(1)(b)", "ISO/IEC 27001:2022 A.9.99")
    found = problems(parse("access/example", text), clause_exists=exists)
    assert [each.what for each in found] == ["there is no clause ISO/IEC 27001:2022 A.9.99"]


def test_an_optional_table_must_be_read() -> None:
    assert "`optional` names people" in refusal(measure(more='optional = ["people"]'))


def test_a_row_of_another_time_is_a_column_of_history_only() -> None:
    assert "'ended' could not be resolved" in refusal(measure(f"{SAID}, ended AS more FROM accounts"))
    assert refusal(measure(f"{SAID}, ended AS more FROM history.accounts")) == ""


def test_a_query_that_reads_the_clock_and_says_when_it_flips_is_in_order() -> None:
    assert refusal(measure(BY_TIME)) == ""
