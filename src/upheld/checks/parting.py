"""Whether a query falls apart by the rows of one table, proven from its syntax tree; docs/design/verdicts.md gives the rules.

What falls apart can be judged for some keys alone, on tables that hold no other keys' rows. Every rule is one direction only:
what no rule proves is whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError

from upheld.checks import qualified, schema, sql
from upheld.checks.measure import Measure
from upheld.checks.qualified import name_of, own
from upheld.checks.shape import SAME, Form, Kind, Shape, of_rows, tells_apart, together, whole
from upheld.evidence.derived import HISTORY, bases, derived_tables
from upheld.evidence.table import table

Steps = Mapping[str, Shape]
Column = tuple[str, str]

_PLAIN_JOINS = {("", ""), ("", "INNER"), ("", "CROSS"), ("LEFT", ""), ("LEFT", "OUTER")}
# Functions of one row's values. One that is not among these may be an aggregate, and no row is judged alone where one stands.
_SCALARS = frozenset(
    [
        *(
            "And",
            "Or",
            "Xor",
            "Case",
            "If",
            "Coalesce",
            "Nullif",
            "Greatest",
            "Least",
            "Cast",
            "TryCast",
            "Exists",
            "Abs",
            "Round",
            "Floor",
        ),
        *(
            "Lower",
            "Upper",
            "Trim",
            "Length",
            "Substring",
            "Replace",
            "StartsWith",
            "EndsWith",
            "Contains",
            "Concat",
            "ConcatWs",
            "SplitPart",
        ),
        *("StrPosition", "Left", "Right", "Reverse", "RegexpLike", "RegexpFullMatch", "RegexpReplace", "RegexpExtract", "Split", "Pad"),
        *("Initcap", "Ceil", "Sign", "Sqrt", "Pow", "Ln", "Log", "TimestampTrunc", "DateTrunc", "DateDiff", "TimestampDiff", "Extract"),
        *("TimeToStr", "TimeToUnix", "DateAdd", "DateSub", "DateFromParts", "LastDay", "Year", "Month", "Day", "Hour", "DayOfWeek"),
        *("DayOfWeekIso", "DayOfYear", "Week", "Quarter", "ToDays", "TsOrDsToDate", "Date", "Timestamp", "Array", "ArrayContains"),
        *("ArrayContainsAll", "ArrayOverlaps", "ArraySize", "ArrayFilter", "Transform", "ArraySort", "SortArray", "ArrayDistinct"),
        *("ArrayToString", "ArrayConcat", "ArrayPosition", "ArrayIntersect", "ArrayExcept", "ArrayAppend", "ArrayPrepend"),
    ]
)


@dataclass
class _Joined:
    """What stands after FROM, as far as it is read: as `Shape`, its columns by the name of their table and their own."""

    kind: Kind = Kind.SAME
    carry: tuple[set[Column], ...] = ()
    forms: dict[Column, frozenset[Form]] = field(default_factory=dict)


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
        return _Reader(driving, light).query(qualified.qualified(measure), {})
    except SqlglotError:
        return Shape(Kind.WHOLE, edges=None)


@lru_cache(maxsize=4096)
def _derived(name: str, driving: str, light: bool) -> Shape:
    apart = derived_tables()[name].apart.get(driving)
    if apart is not None:
        return of_rows(apart.key) if light else SAME
    tree = qualified.derived(name)
    found = _Reader(driving, light).query(tree, {}) if tree is not None else whole([None])
    return found if found.kind is not Kind.WHOLE else whole([None])


def steps(measure: Measure) -> frozenset[str]:
    """Return the names of the steps of `measure`."""
    return frozenset(qualified.steps(measure.tree))


def inner(name: str, driving: str) -> tuple[str, ...]:
    """Return the steps of the derived table `name` by which alone it hangs on the rows of `driving`; none, where there are no such."""
    tree = qualified.derived(name)
    if tree is None or tree.args.get("with_") is None or tree.args["with_"].args.get("recursive"):
        return ()
    reader, known, found = _Reader(driving, light=False), dict[str, Shape](), []
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
    return exp.select(*(exp.column(each) for each in columns or ["1"])).from_(exp.to_table(edge)).sql(dialect=sql.DIALECT)


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


class _Reader:
    """Reads one tree, as far as it hangs on the rows of `driving`."""

    def __init__(self, driving: str, light: bool) -> None:
        self._driving = driving
        self._light = light
        self._rows = of_rows(("source", *table(driving).key))

    def hangs(self, name: str) -> bool:
        """Whether the table `name` hangs on the rows at all."""
        return self._of(name, {}).kind is not Kind.SAME

    def query(self, tree: exp.Expr, steps: Steps) -> Shape:
        """Return the shape of what `tree` gives; `steps` are those that it may name."""
        if isinstance(tree, exp.Subquery):
            return self.query(tree.this, steps)
        if not isinstance(tree, exp.Query):
            return whole([None])
        steps = self._steps(tree, steps)
        if isinstance(tree, exp.SetOperation):
            return self._union(tree, steps)
        return self._select(tree, steps) if isinstance(tree, exp.Select) else whole([None])

    def _steps(self, tree: exp.Query, steps: Steps) -> Steps:
        known = dict(steps)
        for name, cte in qualified.steps(tree).items():
            mentioned = {name_of(node) for node in cte.this.find_all(exp.Table)}
            if name in mentioned:  # it reads itself: nothing is proven of it, unless there is nothing to prove
                same = all(self._of(each, known).kind is Kind.SAME for each in mentioned - {name})
                known[name] = SAME if same else whole([None])
            else:
                known[name] = self.query(cte.this, known) if not cte.args["alias"].columns else self._renamed(cte, known)
        return known

    def _renamed(self, cte: exp.CTE, steps: Steps) -> Shape:
        found = self.query(cte.this, steps)
        return found if found.kind is Kind.SAME else whole([None])

    def _of(self, name: str, steps: Steps) -> Shape:
        """The shape of the step or table `name`."""
        if name in steps:
            return steps[name]
        if name.removeprefix(HISTORY) == self._driving:
            return self._rows
        if name in derived_tables() and (self._driving in bases([name]) or self._driving in derived_tables()[name].apart):
            return _derived(name, self._driving, self._light)
        return SAME

    def _edge(self, name: str, steps: Steps) -> frozenset[str] | None:
        found = self._of(name, steps)
        if found.kind is Kind.WHOLE:
            return found.edges
        return frozenset() if found.kind is Kind.SAME else frozenset([name])

    def _unproven(self, tree: exp.Query, steps: Steps) -> Shape:
        """`WHOLE`, next to what `tree` reads; what it reads by a query of its own has no name to be asked for by."""
        parts = [each for name, part in tree.args.items() if name != "with_" for each in (part if isinstance(part, list) else [part])]
        expressions = [each for each in parts if isinstance(each, exp.Expr)]
        mentioned = {name_of(node) for each in expressions for node in each.find_all(exp.Table)}
        nested = any(each.find(exp.With) for each in expressions)
        return whole([None] if nested else [self._edge(name, steps) for name in sorted(mentioned)])

    def _union(self, tree: exp.SetOperation, steps: Steps) -> Shape:
        shapes = [self.query(branch, steps) for branch in (tree.left, tree.right)]
        kinds = {each.kind for each in shapes}
        if kinds == {Kind.SAME}:
            return SAME
        plain = isinstance(tree, exp.Union) and not tree.args.get("distinct") and not tree.args.get("by_name") and not _cut(tree)
        if not plain or Kind.WHOLE in kinds:
            return self._unproven(tree, steps)
        return together(list(zip(shapes, ([name.lower() for name in each.named_selects] for each in (tree.left, tree.right)), strict=True)))

    def _select(self, tree: exp.Select, steps: Steps) -> Shape:
        if all(self._of(name_of(node), steps).kind is Kind.SAME for node in tree.find_all(exp.Table)):
            return SAME
        joined = self._joined(tree, steps)
        if joined is None or self._asks_elsewhere(tree, steps) or not _windows_fit(tree, joined):
            return self._unproven(tree, steps)
        joined = _grouped(tree, joined)
        if joined is None or _cut(tree):
            return self._unproven(tree, steps)
        given = _given(tree, joined)
        if tree.args.get("distinct") and not (joined.kind is Kind.PARTED and all(given.carry) and not tree.args["distinct"].args.get("on")):
            return self._unproven(tree, steps)
        return given

    def _asks_elsewhere(self, tree: exp.Select, steps: Steps) -> bool:
        """Whether a query within an expression reads what hangs on the rows."""
        places = [part for name, part in tree.args.items() if name not in ("with_", "from_", "joins")]
        places += [join.args.get("on") for join in tree.args.get("joins") or ()]
        expressions = [each for part in places for each in (part if isinstance(part, list) else [part]) if isinstance(each, exp.Expr)]
        nested = [node for each in expressions for node in own(each) if isinstance(node, exp.Query)]
        return any(self._of(name_of(node), steps).kind is not Kind.SAME for each in nested for node in each.find_all(exp.Table))

    def _joined(self, tree: exp.Select, steps: Steps) -> _Joined | None:
        """What stands after FROM; None where it does not fall apart."""
        joined = _Joined()
        first = tree.args.get("from_")
        found = self._read(first.this, steps) if first else None
        if found is None:
            return None
        joined = _Joined(found[1].kind, *_named(*found))
        for join in tree.args.get("joins") or ():
            read = self._read(join.this, steps)
            after = _join(joined, join, *read) if read else None
            if after is None:
                return None
            joined = after
        return joined

    def _read(self, node: exp.Expr, steps: Steps) -> tuple[str, Shape] | None:
        """The name and shape of one relation after FROM or JOIN; None where nothing is proven of it."""
        if isinstance(node, exp.Table) and not node.args.get("joins"):
            found = self._of(name_of(node), steps)
        elif isinstance(node, exp.Subquery) and not node.args.get("joins"):
            found = self.query(node.this, steps)
        else:
            return None
        renamed = node.args.get("alias") is not None and node.args["alias"].columns
        return None if found.kind is Kind.WHOLE or renamed else (node.alias_or_name.lower(), found)


def _named(alias: str, found: Shape) -> tuple[tuple[set[Column], ...], dict[Column, frozenset[Form]]]:
    carry = tuple({(alias, name) for name in names} for names in found.carry)
    return carry, {(alias, name): forms for name, forms in found.forms.items()}


def _join(left: _Joined, join: exp.Join, alias: str, right: Shape) -> _Joined | None:
    """`left` joined with `right`; None where the result does not fall apart."""
    side = (str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper())
    if side not in _PLAIN_JOINS or join.args.get("method") or join.args.get("using"):
        return None
    inner = side[0] == ""
    carry, forms = _named(alias, right)
    equal = _equalities(join.args.get("on"))
    known = left.forms | forms
    match left.kind, right.kind:
        case _, Kind.SAME:
            return _Joined(left.kind, _widened(left.carry, equal if inner else set()), known)
        case Kind.SAME, _:
            return _Joined(right.kind, _widened(carry, equal), known) if inner else None
        case Kind.PARTED, _:
            both = inner and right.kind is Kind.PARTED
            more = tuple(one | other for one, other in zip(left.carry, carry, strict=True)) if both else left.carry
            return _Joined(Kind.PARTED, more, known if both else left.forms) if _on_key(left.carry, carry, equal) else None
        case Kind.MIXED, Kind.PARTED:
            return _Joined(Kind.PARTED, carry, forms) if inner and _on_key(left.carry, carry, equal) else None
    return None


def _equalities(on: exp.Expr | None) -> set[frozenset[Column]]:
    """The pairs of columns that the condition `on` holds equal."""
    conjuncts = list(on.flatten()) if isinstance(on, exp.And) else [on]
    pairs = [each.unnest() for each in conjuncts if each is not None]
    return {
        frozenset([_column(each.this), _column(each.expression)])
        for each in pairs
        if isinstance(each, exp.EQ) and isinstance(each.this, exp.Column) and isinstance(each.expression, exp.Column)
    }


def _column(node: exp.Expr) -> Column:
    assert isinstance(node, exp.Column), "the caller looked"
    return node.table.lower(), node.name.lower()


def _widened(carry: tuple[set[Column], ...], equal: set[frozenset[Column]]) -> tuple[set[Column], ...]:
    """`carry` with the columns that an inner join holds equal to it."""
    return tuple(columns | {column for pair in equal if pair & columns for column in pair} for columns in carry)


def _on_key(left: tuple[set[Column], ...], right: tuple[set[Column], ...], equal: set[frozenset[Column]]) -> bool:
    """Whether two relations are joined on every part of the key."""
    return bool(left) and all(
        any(frozenset([one, other]) in equal for one in ones for other in others) for ones, others in zip(left, right, strict=True)
    )


def _windows_fit(tree: exp.Select, joined: _Joined) -> bool:
    """Whether each window looks at rows of one key alone."""
    for part in [*tree.expressions, tree.args.get("qualify"), tree.args.get("order")]:
        for window in (node for node in own(part) if isinstance(node, exp.Window)) if part else ():
            by = {_column(each) for each in window.args.get("partition_by") or () if isinstance(each, exp.Column)}
            if joined.kind is not Kind.PARTED or not all(columns & by for columns in joined.carry) or window.args.get("alias"):
                return False
    return not tree.args.get("windows")


def _grouped(tree: exp.Select, joined: _Joined) -> _Joined | None:
    """What GROUP BY leaves of `joined`; None where a group may hold rows of several keys."""
    group = tree.args.get("group")
    if group is None:
        return None if tree.args.get("having") or any(_may_aggregate(each) for each in tree.expressions) else joined
    sets = any(value for name, value in group.args.items() if name != "expressions")
    by = {_column(each) for each in group.expressions if isinstance(each, exp.Column)}
    if sets or joined.kind is not Kind.PARTED or not all(columns & by for columns in joined.carry):
        return None
    forms = {name: told for name, told in joined.forms.items() if name in by}
    return _Joined(joined.kind, tuple(columns & by for columns in joined.carry), forms)


def _may_aggregate(expression: exp.Expr) -> bool:
    """Whether anything in `expression` may look at several rows, outside of a window."""
    if isinstance(expression, exp.Window):
        function = expression.this
        while isinstance(function, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
            function = function.this
        return any(_may_aggregate(each) for each in function.iter_expressions())
    if isinstance(expression, exp.Query):
        return False
    if isinstance(expression, exp.Func) and type(expression).__name__ not in _SCALARS:
        return True
    return any(_may_aggregate(each) for each in expression.iter_expressions())


def _cut(tree: exp.Query) -> bool:
    return any(tree.args.get(part) for part in ("limit", "offset", "sample", "laterals", "pivots"))


def _given(tree: exp.Select, joined: _Joined) -> Shape:
    """The shape of what `tree` selects of `joined`."""
    forms: dict[str, frozenset[Form]] = {}
    carry: tuple[set[str], ...] = tuple(set() for _ in joined.carry)
    for selected in tree.expressions:
        name, value = selected.alias_or_name.lower(), selected.unalias()
        told = _forms(value, joined)
        if told:
            forms[name] = told
        for names, columns in zip(carry, joined.carry, strict=True):
            if _holds(value, columns):
                names.add(name)
    return Shape(joined.kind, tuple(map(frozenset, carry)), forms)


def _holds(value: exp.Expr, columns: set[Column]) -> bool:
    """Whether `value` is one of `columns`; USING is written out as the first of several that are equal."""
    if isinstance(value, exp.Coalesce):
        return all(_holds(each, columns) for each in (value.this, *value.expressions))
    return isinstance(value, exp.Column) and _column(value) in columns


def _forms(value: exp.Expr, joined: _Joined) -> frozenset[Form]:
    """How `value` is put together from the key; nothing where it is not, or that is not told."""
    for number, columns in enumerate(joined.carry):
        if _holds(value, columns):
            return frozenset([(number,)])
    if isinstance(value, exp.Column):
        return joined.forms.get(_column(value), frozenset())
    if isinstance(value, exp.Paren):
        return _forms(value.this, joined)
    if isinstance(value, exp.Literal) and value.is_string:
        return frozenset([(value.name,)])
    if isinstance(value, exp.DPipe):
        ends = _forms(value.this, joined), _forms(value.expression, joined)
        return frozenset(_plain(one + other) for one in ends[0] for other in ends[1])
    return frozenset()


def _plain(form: Form) -> Form:
    """`form` with texts that follow one another as one."""
    pieces: list[str | int] = []
    for piece in form:
        if pieces and isinstance(piece, str) and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)
