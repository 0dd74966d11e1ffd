"""What the verifier says a second time, in its own few lines, is what the product says: states, floors, spans, digests, canonical rows."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from upheld.checks import deciding as product
from upheld.checks import floor, library, span, sql
from upheld.checks.engines.tally import Tally, digest, line
from upheld.checks.evidence import Evidence
from upheld.checks.measure import parse as parse_measure
from upheld.checks.verdict import Outcome, Seen, State
from upheld.evidence import merkle
from upheld.evidence.canonical import canonical
from upheld.evidence.derived import HISTORY
from upheld.evidence.table import tables
from upheld.ledger.verify import strict
from upheld.ledger.verify.bundle import contracts, deciding, judgements, measures, parameters, readme, rows, spans
from upheld.ledger.verify.bundle.deciding import Counts, Piece
from upheld.ledger.verify.bundle.parameters import Parameter
from upheld.ledger.verify.report import Rejected

AS_OF = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
UNITS = some.sampled_from(["second", "minute", "hour", "day", "week", "month", "year"])
TEXT = """/*---
title = "T"
promise = "P"
why = "W"
clauses = ["GDPR 32(1)(c)"]
kind = "state"
severity = "low"
owner = "o"
{}
---*/
SELECT id AS subject, true AS ok FROM people
"""


@given(some.integers(1, 400), UNITS, some.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC)))
def test_a_span_ends_when_the_products_does(amount, unit, at):
    words = f"{amount} {unit}{'' if amount == 1 else 's'}"
    assert spans.parse(words).words == str(span.span(words))
    assert spans.parse(words).after(at) == span.span(words).after(at)
    assert spans.parse(words).about == span.span(words).about


@given(
    some.tuples(*[some.integers(0, 2)] * 4),
    some.booleans(),
    some.sampled_from(["complete", "partial", "failed"]),
    some.sampled_from([None, -1, 0, 1]),
    some.sampled_from([None, 1, 6, 8]),
    some.booleans(),
    some.booleans(),
    some.booleans(),
)
@settings(max_examples=120)
def test_a_state_is_the_products(counts, ran, coverage, stale_in_days, flips_in_days, weaker, warned, may_be_empty):
    passed, failed, unknown, excepted = counts if ran else (0, 0, 0, 0)
    file = TEXT.format(('warn = "7 days"\n' if warned else "") + ('may_be_empty = "why not"\n' if may_be_empty else ""))
    measure = parse_measure("people/any", file)
    stale_at = None if stale_in_days is None else AS_OF + timedelta(days=stale_in_days)
    flips_at = None if flips_in_days is None or not ran else AS_OF + timedelta(days=flips_in_days)
    problems = ("It is not whole.",) if coverage == "partial" or stale_at is None or stale_at <= AS_OF else ()
    evidence = Evidence((Seen("people", "hr", AS_OF, "d", False, coverage),), (), problems, (), (), stale_at, ())
    population, error = passed + failed + unknown + excepted, "" if ran else "it did not run"
    tally = Tally(population, passed, failed, excepted, unknown, flips_at=flips_at, error=error)
    said = product.verdict(product.Case(measure, evidence, tally, AS_OF, weaker=("it is weak",) if weaker else ())).state
    weak = [Parameter("p", "integer", 2, {"at_most": 1})] if weaker else []
    piece = Piece("people", "hr", "d", coverage, stale_at)
    counts_again = Counts(population, passed, failed, unknown, excepted, ran)
    again = deciding.state(measures.parse("people/any", file.encode()), counts_again, [piece], weak, AS_OF, flips_at)
    assert again == said.value


VALUES = {
    "duration": some.builds(lambda n, unit: f"{n} {unit}s", some.integers(2, 99), UNITS),
    "integer": some.integers(-9, 9),
    "real": some.sampled_from(["0.5", "1.25", "-3.0", "1e-05"]),
    "boolean": some.booleans(),
    "list": some.lists(some.sampled_from(["a", "b", "it's"]), unique=True),
    "text": some.sampled_from(["a", "b", "it's; --"]),
    "date": some.dates(date(2020, 1, 1), date(2030, 1, 1)).map(date.isoformat),
}


def of_toml(kind: str, value: object) -> floor.Value:
    return library.parameters.typed(
        {"real": float, "date": date.fromisoformat}.get(kind, lambda each: each)(value), floor.Kind(kind), "p", "f"
    )


@given(some.data(), some.sampled_from(sorted(VALUES)))
@settings(max_examples=40)
def test_a_parameter_has_the_products_words_weakness_and_meaning(data, kind):
    value, bound = data.draw(VALUES[kind]), data.draw(VALUES[kind])
    sized = kind in ("duration", "integer", "date")
    names = data.draw(
        some.sampled_from(["at_most", "at_least"] if sized else ["includes", "within"] if kind in ("list", "text") else ["none"])
    )
    limit = bound if kind != "text" else [bound]
    typed = of_toml(kind, value)
    declared = {} if names == "none" else {names: of_toml(kind if kind != "text" else "list", limit)}
    mine = Parameter("p", kind, value, {} if names == "none" else {names: limit})
    assert mine.words == library.parameters.words(typed)
    assert mine.is_weaker == bool(floor.weakness("p", typed, floor.Floor(**declared)))
    assert duckdb.execute(f"SELECT {mine.literal} IS NOT DISTINCT FROM {sql.literal(typed).sql(dialect='duckdb')}").fetchone() == (True,)


@given(some.dictionaries(some.text(min_size=1, max_size=4), some.sampled_from([False, None]), max_size=9), some.integers(0, 9))
def test_an_outcome_has_the_products_digest(subjects, passed):
    lines = "\n".join(line(Outcome(each, each, subjects[each], "")) for each in sorted(subjects, key=str.encode))
    assert judgements.outcome_digest(passed + len(subjects), passed, subjects) == digest(passed + len(subjects), passed, lines)


@given(some.lists(some.binary(min_size=32, max_size=32), max_size=40))
def test_rows_have_the_products_root(leaves):
    assert rows.root(leaves) == merkle.root(leaves).hex()


@given(some.text(), some.text(), some.integers(-(2**62), 2**62), some.one_of(some.none(), some.lists(some.text(max_size=3), max_size=3)))
def test_a_canonical_row_is_read_and_written_again_byte_for_byte(name, mail, number, words):
    made = canonical(tables()["people"], {"id": name, "mail": mail, "n": number, "w": words})
    assert strict.write(strict.read_wide(made)) == made


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_contract_is_read(name):
    from upheld.evidence.table import HERE

    found = contracts.parse(name, (HERE / f"{name}.toml").read_bytes())
    assert dict(found.kinds) == {column: about.kind.value for column, about in tables()[name].columns.items()}
    assert timedelta(hours=found.fresh_for_hours) == tables()[name].fresh_for


@pytest.mark.parametrize("measure", sorted(library.shipped().values(), key=lambda each: each.id), ids=lambda each: each.id)
def test_every_shipped_measure_is_read_as_the_product_reads_it(measure):
    found = measures.parse(measure.id, (library.SHIPPED / f"{measure.id}.sql").read_bytes())
    assert (found.digest, found.query, found.parameters, found.optional) == (
        measure.digest,
        measure.query,
        measure.parameters,
        measure.optional,
    )
    assert (found.title, found.promise) == (measure.title, measure.promise)
    there = {name.removeprefix(HISTORY) for name in measure.reads if name.startswith(HISTORY)}
    assert parameters.histories(found.query) == there
    assert (found.may_be_empty, found.warn and found.warn.words) == (bool(measure.may_be_empty), measure.warn and str(measure.warn))


def test_a_state_has_the_products_mark():
    assert {State(name): mark for name, mark in readme.MARKS.items()} == {state: state.mark for state in State}


def test_a_name_is_filled_in_where_sql_means_one_and_nowhere_else():
    query = "SELECT '$a', \"$a\", $a -- $a\n /* $a */ FROM t WHERE x = $as_of AND y = 'it''s $a'"
    filled = parameters.filled(query, [Parameter("a", "text", "it's", {})], AS_OF)
    assert (
        filled
        == "SELECT '$a', \"$a\", 'it''s' -- $a\n /* $a */ FROM t WHERE x = CAST('2026-05-04 12:00:00' AS TIMESTAMP) AND y = 'it''s $a'"
    )


def test_a_name_without_a_value_is_refused():
    with pytest.raises(Rejected, match=r"\$nothing"):
        parameters.filled("SELECT $nothing", [], AS_OF)
