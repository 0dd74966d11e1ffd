"""What time alone changes: the comparisons with `$as_of` that a measure rests on, said of rows as they were collected.

An outcome can change between two instants though no row did only where a comparison comes out otherwise at the later one. Both
sides are followed through steps and derived tables down to columns of collected tables: whatever CASE, a join or an aggregate
chooses, it chooses among these. So where no row's values compare otherwise, no outcome changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from sqlglot import exp
from sqlglot.errors import SqlglotError

from upheld.checks import qualified, sql
from upheld.checks.measure import GAPS, Measure
from upheld.checks.qualified import name_of
from upheld.evidence.derived import HISTORY, derived_tables, needed

NOW, THEN = "as_of", "as_of_before"
_MOST = 64
_COMPARES = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)
_AGGREGATES = (exp.Max, exp.Min, exp.AnyValue)
_CHOOSES = (*_AGGREGATES, exp.Coalesce, exp.Greatest, exp.Least, exp.Case, exp.Filter, exp.Paren, exp.Nullif)
_INSTANTS = ("TIMESTAMP", "DATE")
_COMPUTES = (exp.Add, exp.Sub, exp.Cast, exp.TryCast, exp.DateAdd, exp.DateSub, exp.Date, exp.Timestamp)


class _Unproven(Exception):
    """Not among what can be followed."""


@dataclass(frozen=True)
class Crossing:
    """That rows of the collected table `table` ("": no row is needed) compare otherwise now than then.

    `now` and `then` are templates (see `sql.template`) of the clock's side, `otherwise` of the condition over a row's columns; its
    `seen_from_at` and `seen_until_at` are any instant at which something was seen of the row. What is compared is `core`, with all of
    `shifts` added to it: a sign and a span each.
    """

    table: str
    now: str
    then: str
    otherwise: str
    core: str
    shifts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Leaf:
    """A value: an expression over the columns of one row of `table`; `row` is the name under which it was read, "" from afar."""

    table: str
    value: exp.Expr
    row: str = ""


@lru_cache(maxsize=4096)
def crossings(measure: Measure) -> tuple[Crossing, ...] | None:
    """Return all that time can change for `measure`, the derived tables that it reads included; None where that is not proven."""
    try:
        trees = [qualified.qualified(measure), *(_tree(each.name) for each in needed(measure.tables))]
        return tuple({each: None for tree in trees for each in _in(tree)})
    except (_Unproven, SqlglotError, RecursionError):
        return None


def _tree(name: str) -> exp.Query:
    tree = qualified.derived(name)
    if tree is None:
        raise _Unproven(f"{name} is made by a function, which is told the time")
    return tree


def _in(tree: exp.Query) -> Iterator[Crossing]:
    for node in [each for each in tree.find_all(exp.Placeholder) if each.name == NOW]:
        for clock, value, comparison in _compared(node):
            for leaf in _leaves(value, _select_of(comparison), ()):
                yield _crossing(clock, leaf)


def _compared(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr, exp.Expr]]:
    """The side that the clock `node` is on, what it is compared with, and the comparison."""
    side = node
    while not isinstance(side.parent, (*_COMPARES, exp.Between)):
        if not isinstance(side.parent, (*_COMPUTES, exp.Paren)) or side.arg_key != "this":
            raise _Unproven("the clock is not only compared")
        side = side.parent
    if side.find(exp.Column, exp.Query) or any(each.to.sql() not in _INSTANTS for each in side.find_all(exp.Cast)):
        raise _Unproven("the clock's side is no instant that grows with time")
    comparison = side.parent
    if isinstance(comparison, exp.Between):
        others = [comparison.args["low"], comparison.args["high"]] if side is comparison.this else [comparison.this]
    else:
        others = [comparison.expression if side is comparison.this else comparison.this]
    for other in others:
        if any(each.name == NOW for each in other.find_all(exp.Placeholder)):
            raise _Unproven("the clock is on both sides")
        yield side, other, comparison


def _crossing(clock: exp.Expr, leaf: _Leaf) -> Crossing:
    """That `leaf` lies between what the clock's side was and what it is; only there a comparison comes out otherwise."""
    then = _then(clock)
    between = exp.Between(this=exp.Paren(this=leaf.value.copy()), low=then.copy(), high=clock.copy())
    core, shifts = _parted(leaf.value)
    said = [_template(each) for each in (clock, then, between, core)]
    return Crossing(leaf.table, said[0], said[1], said[2], said[3], shifts)


def _parted(value: exp.Expr) -> tuple[exp.Expr, tuple[tuple[str, str], ...]]:
    """`value` as what is left when spans that are added to it or taken from it are left out, and these."""
    shifts: list[tuple[str, str]] = []
    value = value.unnest()
    while isinstance(value, exp.Add | exp.Sub) and isinstance(value.expression.unnest(), exp.Interval | exp.Placeholder):
        shifts.append(("+" if isinstance(value, exp.Add) else "-", _template(value.expression.unnest())))
        value = value.this.unnest()
    return value, tuple(shifts)


def _template(expression: exp.Expr) -> str:
    return sql.template(exp.select(expression.copy())).removeprefix("SELECT ")


def _then(clock: exp.Expr) -> exp.Expr:
    then = clock.copy()
    for node in [each for each in then.find_all(exp.Placeholder) if each.name == NOW]:
        node.set("this", THEN)
    return then


def _select_of(node: exp.Expr) -> exp.Select:
    found = node.find_ancestor(exp.Select)
    if found is None:
        raise _Unproven("a comparison outside of a SELECT")
    return found


def _leaves(value: exp.Expr, select: exp.Select, seen: tuple[str, ...]) -> list[_Leaf]:
    """What `value`, which stands in `select`, may come from; `seen` are the steps on the way to it."""
    if isinstance(value, exp.Column):
        return _of_column(value, select, seen)
    if isinstance(value, exp.Null):
        return []  # what is compared with it is NULL at any time
    if isinstance(value, exp.Literal | exp.Placeholder | exp.Boolean):
        return [_Leaf("", value)]
    if isinstance(value, exp.Interval) and not value.find(exp.Column, exp.Query):
        return [_Leaf("", value)]
    if isinstance(value, _CHOOSES):
        found = [leaf for each in _chosen(value) for leaf in _leaves(each, select, seen)]
        return [_afar(leaf) for leaf in found] if isinstance(value, _AGGREGATES) else found
    if isinstance(value, _COMPUTES):
        return _computed(value, select, seen)
    raise _Unproven(f"{type(value).__name__} is not followed")


def _chosen(value: exp.Expr) -> list[exp.Expr]:
    """What a choice chooses among."""
    if isinstance(value, exp.Case):
        ends = [each.args["true"] for each in value.args["ifs"]]
        return [*ends, value.args["default"]] if value.args.get("default") else ends
    if isinstance(value, exp.Filter | exp.Paren | exp.Nullif):
        return [value.this]
    return [value.this, *value.expressions]


def _computed(value: exp.Expr, select: exp.Select, seen: tuple[str, ...]) -> list[_Leaf]:
    """What is computed from every choice of its parts, of which one at most comes from a row, or all from one row."""
    names = [name for name, part in value.args.items() if isinstance(part, exp.Expr) and not isinstance(part, exp.DataType | exp.Var)]
    if any(isinstance(part, list) and part for part in value.args.values()):
        raise _Unproven("more parts than are followed")
    choices = [_leaves(value.args[name], select, seen) for name in names]
    found: list[_Leaf] = []
    for parts in product(*choices):
        rows = {(part.table, part.row) for part in parts if part.table}
        of_rows = [part for part in parts if part.table]
        if len(of_rows) > 1 and (len(rows) > 1 or not of_rows[0].row):
            raise _Unproven("values of several rows")
        made = value.copy()
        for name, part in zip(names, parts, strict=True):
            made.set(name, exp.Paren(this=part.value.copy()))
        found.append(_Leaf(of_rows[0].table if of_rows else "", made, of_rows[0].row if of_rows else ""))
    if len(found) > _MOST:
        raise _Unproven("more choices than are followed")
    return found


def _of_column(column: exp.Column, select: exp.Select, seen: tuple[str, ...]) -> list[_Leaf]:
    source, at = _source(column.table.lower(), select)
    name = column.name.lower()
    if isinstance(source, exp.Subquery):
        return [_afar(leaf) for leaf in _of_query(source.this, name, seen)]
    known = name_of(source)
    step = _step(known, at) if not source.db else None
    if step is not None:
        if known in seen:
            raise _Unproven("a step that reads itself")
        return [_afar(leaf) for leaf in _of_query(step.this, name, (*seen, known))]
    if known in derived_tables():
        return [_afar(leaf) for leaf in _of_query(_tree(known), name, ())]
    if known == GAPS:
        raise _Unproven("gaps have no instants")
    return [_Leaf(known.removeprefix(HISTORY), exp.column(exp.to_identifier(name, quoted=True)), column.table.lower())]


def _afar(leaf: _Leaf) -> _Leaf:
    return _Leaf(leaf.table, leaf.value)


def _of_query(query: exp.Expr, name: str, seen: tuple[str, ...]) -> list[_Leaf]:
    """What the column `name` of `query` may come from, in each of its branches."""
    branches = _branches(query)
    names = [each.lower() for each in branches[0].named_selects]
    if names.count(name) != 1:
        raise _Unproven(f"{name} is not one column")
    return [leaf for each in branches for leaf in _leaves(each.expressions[names.index(name)].unalias(), each, seen)]


def _branches(query: exp.Expr) -> list[exp.Select]:
    if isinstance(query, exp.SetOperation):
        return [*_branches(query.left), *_branches(query.right)]
    if isinstance(query, exp.Subquery):
        return _branches(query.this)
    if not isinstance(query, exp.Select):
        raise _Unproven("not a SELECT")
    return [query]


def _source(alias: str, select: exp.Select) -> tuple[exp.Table | exp.Subquery, exp.Select]:
    """What is called `alias` in `select`, or in a query around it."""
    around: exp.Select | None = select
    while around is not None:
        first = around.args.get("from_")
        for node in [first.this if first else None, *(join.this for join in around.args.get("joins") or ())]:
            if isinstance(node, exp.Table | exp.Subquery) and node.alias_or_name.lower() == alias:
                return node, around
        around = around.find_ancestor(exp.Select)
    raise _Unproven(f"{alias} is nowhere")


def _step(name: str, select: exp.Expr) -> exp.CTE | None:
    """The step called `name` where `select` stands."""
    around: exp.Expr | None = select
    while around is not None:
        if isinstance(around, exp.Query) and name in qualified.steps(around):
            return qualified.steps(around)[name]
        around = around.parent
    return None
