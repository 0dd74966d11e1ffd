"""Many cases of a measure as one: each table says in a further column of which case a row is, and rows meet only rows of their case.

A plan is then made once for all of them, which is nearly all that Spark costs on a few rows.
"""

from sqlglot import exp

NUMBER = "case_number"
CASES = "all_cases"


class Apart(Exception):
    """The query holds what is not said of many cases at once; its message says what."""


def together(query: exp.Query) -> exp.Query:
    """Return `query` on tables that have `NUMBER`, which it gives in a further column; `CASES` must be there, with every number."""
    tree = query.copy()
    if tree.find(exp.Values):
        raise Apart("rows that are written out")
    for select in list(tree.find_all(exp.Select)):
        _number(select)
    return tree


def _number(select: exp.Select) -> None:
    if _in_expression(select):
        raise Apart("a query within an expression")
    first = select.args.get("from_")
    number = _met(select, first.this) if first else exp.column(NUMBER, CASES)
    if first is None:
        select.set("from_", exp.From(this=exp.to_table(CASES)))
    for window in _own(select, exp.Window):
        window.append("partition_by", number.copy())
    if group := select.args.get("group"):
        group.append("expressions", number.copy())
    elif aggregates := [each for each in _own(select, exp.AggFunc) if not each.find_ancestor(exp.Window)]:
        number = _over_all(select, aggregates)
    stars = [each for each in select.expressions if each.is_star]
    if not stars:
        select.append("expressions", exp.alias_(number.copy(), NUMBER))
    elif any(not join.args.get("using") for join in select.args.get("joins") or ()) and not _brings(stars, number):
        raise Apart("all columns of a join")


def _brings(stars: list[exp.Expr], number: exp.Expr) -> bool:
    """Whether `stars` is all columns of one relation, the one that has `number`."""
    (star, *more) = stars
    return not more and isinstance(star, exp.Column) and isinstance(number, exp.Column) and star.table == number.table


def _met(select: exp.Select, first: exp.Expr) -> exp.Expr:
    """Let each join of `select` be one of rows of the same case; what the number is of the rows that come of it."""
    number: exp.Expr = exp.column(NUMBER, first.alias_or_name)
    for join in select.args.get("joins") or ():
        if isinstance(join.this, exp.Unnest):
            continue
        if join.args.get("using"):
            join.append("using", exp.to_identifier(NUMBER))
            continue
        theirs = exp.column(NUMBER, join.this.alias_or_name)
        join.set("kind", None)
        join.on(exp.EQ(this=theirs, expression=number.copy()), copy=False)
        if join.side == "FULL":
            number = exp.func("coalesce", number, theirs.copy())
    return number


def _over_all(select: exp.Select, aggregates: list[exp.Expr]) -> exp.Expr:
    """Let an aggregate of all rows be one of each case's, of a case without rows too; what the number is of what comes of it."""
    rows = select.args["from_"].this
    if select.args.get("joins") or select.args.get("having"):
        raise Apart("an aggregate of all rows of a join")
    theirs, number = exp.column(NUMBER, rows.alias_or_name), exp.column(NUMBER, CASES)
    where = select.args.get("where")
    met = exp.and_(exp.EQ(this=theirs, expression=number), where.this if where else None)
    select.set("where", None)
    select.set("from_", exp.From(this=exp.to_table(CASES)))
    select.set("joins", [exp.Join(this=rows, side="LEFT", on=met)])
    select.set("group", exp.Group(expressions=[number.copy()]))
    for each in aggregates:
        there = exp.Not(this=exp.Is(this=theirs.copy(), expression=exp.null()))
        if isinstance(each.parent, exp.Filter):
            each.parent.set("expression", exp.Where(this=exp.and_(there, each.parent.expression.this)))
        else:
            each.replace(exp.Filter(this=each.copy(), expression=exp.Where(this=there)))
    return number


def _own(select: exp.Select, kind: type[exp.Expr]) -> list[exp.Expr]:
    return [each for each in select.find_all(kind) if each.find_ancestor(exp.Select) is select]


def _in_expression(select: exp.Select) -> bool:
    above = select.parent
    while isinstance(above, exp.Union | exp.Subquery):
        above = above.parent
    return above is not None and not isinstance(above, exp.CTE | exp.From | exp.Join)
