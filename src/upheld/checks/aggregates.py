"""Which expressions of a query may look at several rows."""

import re

from sqlglot import exp

# Functions of one row's values. One that is not among these may be an aggregate, and no row is judged alone where one stands.
_SCALARS = frozenset(
    re.findall(
        r"\w+",
        """
    And Or Xor Case If Coalesce Nullif Greatest Least Cast TryCast Exists Abs Round Floor Lower Upper Trim Length
    Substring Replace StartsWith EndsWith Contains Concat ConcatWs SplitPart StrPosition Left Right Reverse RegexpLike
    RegexpFullMatch RegexpReplace RegexpExtract Split Pad Initcap Ceil Sign Sqrt Pow Ln Log TimestampTrunc DateTrunc
    DateDiff TimestampDiff Extract TimeToStr TimeToUnix DateAdd DateSub DateFromParts LastDay Year Month Day Hour
    DayOfWeek DayOfWeekIso DayOfYear Week Quarter ToDays TsOrDsToDate Date Timestamp Array ArrayContains ArrayContainsAll
    ArrayOverlaps ArraySize ArrayFilter Transform ArraySort SortArray ArrayDistinct ArrayToString ArrayConcat
    ArrayPosition ArrayIntersect ArrayExcept ArrayAppend ArrayPrepend
    """,
    )
)


def may_aggregate(expression: exp.Expr) -> bool:
    """Whether anything in `expression` may look at several rows, outside of a window."""
    if isinstance(expression, exp.Window):
        function = expression.this
        while isinstance(function, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
            function = function.this
        return any(may_aggregate(each) for each in function.iter_expressions())
    if isinstance(expression, exp.Query):
        return False
    if isinstance(expression, exp.Func) and type(expression).__name__ not in _SCALARS:
        return True
    return any(may_aggregate(each) for each in expression.iter_expressions())
