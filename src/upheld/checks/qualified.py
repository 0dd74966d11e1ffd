"""Queries with every name in full: each column by the table it is of, stars and USING written out. To be looked at, never run."""

from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from upheld.checks import schema, sql
from upheld.checks.measure import Measure
from upheld.evidence.derived import HISTORY, derived_tables

MAIN = "main"


@lru_cache(maxsize=4096)
def qualified(measure: Measure) -> exp.Query:
    """Return the query of `measure` in full; not to be changed. Raises sqlglot's errors for a column that there is not."""
    return _in_full(measure.tree)


def _in_full(query: exp.Query) -> exp.Query:
    tree = qualify(query.copy(), dialect=sql.DIALECT, schema=_schema(), db=MAIN, validate_qualify_columns=True, identify=False)
    assert isinstance(tree, exp.Query), "what goes in is a query"
    return tree


def kind_of(measure: Measure, column: str) -> str:
    """Return the type of what the query gives as `column`, in SQL's words; "" where it cannot be told without rows."""
    tree = annotate_types(qualified(measure).copy(), schema=_schema(typed=True), dialect=sql.DIALECT)
    found = next((each.type for each in tree.selects if each.alias_or_name.lower() == column), None)
    return "" if found is None or found.is_type("unknown", "null") else found.sql(dialect=sql.DIALECT)


@lru_cache(maxsize=256)
def derived(name: str) -> exp.Query | None:
    """Return the query of the derived table `name` in full; None where it is made by a function, or sqlglot cannot read it."""
    said = derived_tables()[name].sql
    if said is None:
        return None
    try:
        tree = sqlglot.parse_one(said, dialect=sql.DIALECT)
        return _in_full(tree) if isinstance(tree, exp.Query) else None
    except sqlglot.errors.SqlglotError:
        return None


def steps(query: exp.Query) -> dict[str, exp.CTE]:
    """Return the steps (`WITH`) that stand right before `query`, by name in lower case, in order."""
    said = query.args.get("with_")
    return {cte.alias.lower(): cte for cte in said.expressions} if said else {}


def own(expression: exp.Expr) -> Iterator[exp.Expr]:
    """Yield `expression` and what it is made of, and each query within it, but not what is in those."""
    yield expression
    if not isinstance(expression, exp.Query):
        for child in expression.iter_expressions():
            yield from own(child)


def name_of(table: exp.Table) -> str:
    """Return how a measure names the table: "accounts", "history.accounts"; a step by its name."""
    return table.name.lower() if table.db in ("", MAIN) else f"{table.db}.{table.name}".lower()


@lru_cache(maxsize=2)
def _schema(typed: bool = False) -> MappingSchema:
    known: dict[str, dict[str, object]] = {MAIN: {}, HISTORY.rstrip("."): {}}
    for name, columns in schema.readable().items():
        place, _, table = name.rpartition(".")
        stored = schema.stored(name) if typed else {}
        known[place or MAIN][table] = {column: stored.get(column, "UNKNOWN") for column in columns}
    return MappingSchema({**known}, dialect=sql.DIALECT)
