"""The allow-list: every kind of node that a measure's syntax tree may hold. What is not here is refused, known or not."""

from collections.abc import Iterator

from sqlglot import exp

from upheld.checks.sql import Refused

_STRUCTURE = """
    Select With CTE TableAlias From Join Where Group Having Order Ordered Limit Distinct Qualify Subquery Table Column Identifier Alias
    Star Window WindowSpec Filter Unnest Union Intersect Except Values Tuple Paren Case If In Between Like ILike Is Null Boolean
    Literal And Or Not EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Add Sub Mul Div IntDiv Mod Neg DPipe Cast TryCast DataType
    DataTypeParam Interval Var Exists Any All Array Bracket Slice Lambda Placeholder Escape WithinGroup IgnoreNulls RespectNulls
    ColumnDef
"""
_FUNCTIONS = """
    Count Sum Min Max Avg LogicalOr LogicalAnd ArrayAgg GroupConcat ArgMax ArgMin AnyValue First Last Median CountIf PercentileCont
    RowNumber Rank DenseRank Lag Lead FirstValue LastValue Coalesce Nullif Greatest Least
    Lower Upper Trim Length Substring Replace StartsWith EndsWith Contains Concat ConcatWs SplitPart StrPosition Left Right Reverse
    RegexpLike RegexpFullMatch RegexpReplace RegexpExtract Split Pad Initcap
    Abs Round Floor Ceil Sign Sqrt Pow Ln Log
    TimestampTrunc DateTrunc DateDiff TimestampDiff Extract TimeToStr TimeToUnix DateAdd DateSub DateFromParts LastDay Year Month Day Hour
    DayOfWeek DayOfWeekIso DayOfYear Week Quarter Epoch EpochMs ToDays TsOrDsToDate Date Timestamp
    ArrayContains ArrayContainsAll ArrayOverlaps ArraySize ArrayFilter Transform ArraySort SortArray ArrayDistinct ArrayToString ArrayConcat
    ArrayPosition ArrayMax ArrayMin ArrayAny ArrayAll ArrayUniqueAgg ArrayIntersect ArrayExcept ArrayAppend ArrayPrepend Flatten
    List
"""
_NAMES = """
    date_part date_diff date_sub age bool_and bool_or count_star list_sort list_contains list_transform list_filter len strlen
    array_length list_aggregate list_min list_max list_distinct list_reverse_sort to_hours to_minutes to_seconds to_months to_years
    to_weeks epoch regexp_matches prefix suffix instr
"""
KINDS = frozenset((_STRUCTURE + _FUNCTIONS).split())
NAMES = frozenset(_NAMES.split())
_CLOCKS = frozenset(
    [
        "now",
        "current_date",
        "current_time",
        "current_timestamp",
        "today",
        "transaction_timestamp",
        "get_current_timestamp",
        "get_current_time",
        "localtime",
        "localtimestamp",
        "current_datetime",
        "current_timestamp_ltz",
    ]
)
# What these give hangs on the order of rows, which nothing but ORDER BY makes the same each time.
_ORDERED = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)
_CHANCE = frozenset({"random", "rand", "randn", "uuid", "gen_random_uuid", "setseed", "uuidv4", "uuidv7"})


_BETWEEN_TWO = 2  # the arguments with which age() compares two instants; with one it compares with today
_AGE = (
    "age() of one instant asks a clock",
    "give it two, as in age($as_of, started_at); the same evidence must always give the same verdict",
)


def forbidden(tree: exp.Expr) -> Iterator[Refused]:
    """Yield each thing in `tree` that no measure may hold, with what to do instead."""
    for node in tree.walk():
        found = _refusal(node)
        if found is not None:
            yield found


def _refusal(node: exp.Expr) -> Refused | None:
    kind = type(node).__name__
    if kind in KINDS:
        return _misuse(node)
    name = _called(node).lower()
    if isinstance(node, exp.Anonymous) and name in NAMES and not isinstance(node.parent, exp.Table):
        return Refused(*_AGE) if name == "age" and len(node.expressions) < _BETWEEN_TWO else None
    return Refused(*_explained(node, name))


def _called(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        return node.name
    return node.sql_name() if isinstance(node, exp.Func) else type(node).__name__


def _explained(node: exp.Expr, name: str) -> tuple[str, str]:
    if name in _CLOCKS:
        return (
            f"{name} asks a clock",
            "use $as_of, so that the same evidence always gives the same verdict, and any instant can be asked again",
        )
    if name in _CHANCE:
        return f"{name}() is left to chance", "leave it out; the same evidence must always give the same verdict"
    if isinstance(node.parent, exp.Table) or name.startswith(("read", "glob", "parquet", "sqlite", "postgres", "duckdb", "pragma")):
        return f"{name}() reads something else than the frame's tables", "name a table that a source or a register fills"
    if isinstance(node, exp.Func):
        return f"the function {name}() is not among those a measure may call", "see docs/how/add-a-measure.md for those it may"
    return f"{name} is not allowed in a measure", "write it as a plain SELECT with joins, CASE and aggregates"


def _misuse(node: exp.Expr) -> Refused | None:
    """What is refused of a kind of node that is allowed otherwise."""
    if isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier):
        return Refused("it reads from a function", "name a table that a source or a register fills")
    if isinstance(node, exp.Table) and (node.catalog or any(node.args.get(part) for part in ("sample", "version", "when", "pivots"))):
        return Refused(f"the table {node.name} is not read plainly", "leave out catalogue, sample, version and pivot")
    if isinstance(node, exp.Join) and node.args.get("method"):
        return Refused(f"it joins by {node.args['method']}", "write the condition after ON")
    if isinstance(node, exp.Select) and any(node.args.get(part) for part in ("into", "locks", "sample", "kind", "hint", "laterals")):
        return Refused("the SELECT does more than select", "leave out INTO, FOR, SAMPLE and LATERAL")
    return _unordered(node)


def _unordered(node: exp.Expr) -> Refused | None:
    """What is refused because the same rows could give another answer in another order."""
    if isinstance(node, exp.Window) and isinstance(node.this, _ORDERED) and not node.args.get("order"):
        return Refused(f"{node.this.sql_name().lower()}() goes by an order that nothing says", "add ORDER BY to its window")
    inner = node.parent_select is not None or isinstance(node.parent, exp.CTE | exp.Subquery)
    if isinstance(node, exp.Query) and inner and node.args.get("limit") and not node.args.get("order"):
        return Refused("LIMIT takes rows by an order that nothing says", "add ORDER BY before it, or leave it out")
    return None
