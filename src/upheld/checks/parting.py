"""Whether a query falls apart by the rows of one table, proven from its syntax tree; docs/design/verdicts.md gives the rules.

What falls apart can be judged for some keys alone, on tables that hold no other keys' rows. Every rule is one direction only:
what no rule proves is whole.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError

from upheld.checks import qualified, schema, sql
from upheld.checks.measure import Measure
from upheld.checks.qualified import name_of
from upheld.checks.reading import Reader
from upheld.checks.shape import Kind, Shape, tells_apart
from upheld.evidence.derived import derived_tables


def shape(measure: Measure, driving: str, *, light: bool = False) -> Shape:
    """Return how the outcomes of `measure` hang on the rows of the collected table `driving`.

    Where it is `PARTED` or `MIXED`, no two keys give one subject. With `light`, derived tables that fall apart by `driving`, though they
    are not made from it (`Apart`), count as if they were, and need not be there with other keys' rows.
    """
    found = rows_of(measure, driving, light=light)
    if found.kind in (Kind.PARTED, Kind.MIXED) and not tells_apart(found.forms.get("subject", ()), len(found.carry)):
        return Shape(Kind.WHOLE, edges=None)
    return found


@lru_cache(maxsize=4096)
def rows_of(measure: Measure, driving: str, *, light: bool = False) -> Shape:
    """Return how the rows that the query of `measure` gives hang on those of `driving`, whatever their subjects are called."""
    try:
        return Reader(driving, light).query(qualified.qualified(measure), {})
    except SqlglotError:
        return Shape(Kind.WHOLE, edges=None)


def steps(measure: Measure) -> frozenset[str]:
    """Return the names of the steps of `measure`."""
    return frozenset(qualified.steps(measure.tree))


def inner(name: str, driving: str) -> tuple[str, ...]:
    """Return the steps of the derived table `name` by which alone it hangs on the rows of `driving`; none, where there are no such."""
    tree = qualified.derived(name)
    if tree is None or tree.args.get("with_") is None or tree.args["with_"].args.get("recursive"):
        return ()
    reader, known, found = Reader(driving, light=False), dict[str, Shape](), []
    for step, cte in qualified.steps(tree).items():
        given = reader.query(cte.this, known)
        direct = any(reader.hangs(name_of(each)) for each in cte.this.find_all(exp.Table) if name_of(each) not in known)
        # What rests on a step that is the same is the same: it is looked at only where rows are compared that a later step leaves alone.
        known[step] = given
        if direct:
            found.append((step, given))
    last = {name_of(each) for each in tree.find_all(exp.Table) if each.find_ancestor(exp.CTE) is None}
    if any(reader.hangs(each) for each in last - known.keys()) or any(given.kind is not Kind.PARTED for _, given in found):
        return ()
    return tuple(_widest(tree, step, known) for step, _ in found)


def _widest(tree: exp.Query, step: str, known: Mapping[str, Shape]) -> str:
    """The last of the steps that follow `step` one by one, each the only one that reads the one before, as long as they fall apart."""
    while True:
        readers = [name for name, cte in qualified.steps(tree).items() if step in {name_of(each) for each in cte.this.find_all(exp.Table)}]
        last = any(name_of(each) == step for each in tree.find_all(exp.Table) if each.find_ancestor(exp.CTE) is None)
        if last or len(readers) != 1 or known[readers[0]].kind is not Kind.PARTED or _reads_more(tree, readers[0], step):
            return step
        (step,) = readers


def _reads_more(tree: exp.Query, name: str, step: str) -> bool:
    return {name_of(each) for each in qualified.steps(tree)[name].this.find_all(exp.Table)} != {step}


@lru_cache(maxsize=4096)
def part(measure: Measure, edge: str) -> Measure:
    """Return `measure` with a query for `edge` alone, as far as that is read.

    That is a step of it, a table that it reads, or a step of a derived table ("account_owners.folded").
    """
    return replace(measure, query=_asked(measure, edge))


def _asked(measure: Measure, edge: str) -> str:
    table_name, _, inside = edge.rpartition(".")
    if table_name and table_name in derived_tables():
        tree = qualified.derived(table_name)
        assert tree is not None, "only what was read has steps"
        return _of_step(tree, inside)
    if edge in qualified.steps(measure.tree):
        return _of_step(measure.tree, edge)
    columns = (
        schema.readable()[edge] if edge in measure.whole_tables else [each for each in schema.readable()[edge] if each in measure.columns]
    )
    selected: list[exp.Expr] = [exp.column(each) for each in columns]
    return exp.select(*(selected or [exp.Literal.number(1)])).from_(exp.to_table(edge)).sql(dialect=sql.DIALECT)


def _of_step(query: exp.Query, name: str) -> str:
    """The query for the step `name` of `query`, with the steps before it that it needs."""
    needed: set[str] = {name}
    every = qualified.steps(query)
    for step, cte in reversed(every.items()):
        if step in needed:
            needed |= {name_of(each) for each in cte.this.find_all(exp.Table)} & every.keys()
    tree = exp.select("*").from_(exp.to_table(every[name].alias))
    said = query.args["with_"].copy()
    said.set("expressions", [cte for cte in said.expressions if cte.alias.lower() in needed])
    tree.set("with_", said)
    for node in [each for each in tree.find_all(exp.Table) if each.db == qualified.MAIN]:
        node.set("db", None)
    return tree.sql(dialect=sql.DIALECT, comments=False)
