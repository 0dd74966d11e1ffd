"""A measure's query as a syntax tree: parsed within limits, its tables and parameters found, its parameters put in as literals."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

import sqlglot
from sqlglot import Dialect, exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.tokenizer_core import Token, TokenType

from upheld.checks.span import Span

Literal = str | int | float | bool | date | datetime | Span | tuple[str, ...]

DIALECT = "duckdb"
MAX_CHARACTERS = 50_000
MAX_TOKENS = 8_000
MAX_DEPTH = 24
MAX_HEIGHT = 200
_MARK = "\x01"
_OPENS = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
_CLOSES = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}


class Refused(Exception):
    """A query that will not be run: `what` is wrong with it, `remedy` says what to do, `line` counts from its first line."""

    def __init__(self, what: str, remedy: str, line: int | None = None) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy
        self.line = line


@lru_cache(maxsize=4096)
def parse(text: str) -> exp.Query:
    """Return the syntax tree of the one SELECT in `text`, not to be changed; raises `Refused` for anything else, and for what is too large.

    Trees are kept: reading one takes as long as judging a small table.
    """
    tokens = _within_limits(text)
    try:
        parsed = Dialect.get_or_raise(DIALECT).parser().parse(tokens, text)
        statements = [statement for statement in parsed if statement is not None]
    except SqlglotError as error:
        raise _unreadable(error) from error
    except RecursionError as error:
        raise Refused("the query is nested too deeply to be read", "split it into WITH steps") from error
    if len(statements) != 1:
        raise Refused(f"there are {len(statements)} statements", "a measure is exactly one SELECT")
    (statement,) = statements
    if not isinstance(statement, exp.Select | exp.SetOperation):
        raise Refused(f"it is {_called(statement)}, not a SELECT", "a measure is exactly one SELECT, WITH steps before it if need be")
    if _height(statement) > MAX_HEIGHT:
        raise Refused("the query is nested too deeply to be run", f"keep chains of operators below {MAX_HEIGHT}")
    return statement


def tables(query: exp.Expr) -> tuple[str, ...]:
    """Return the tables that `query` reads, each once, in alphabetical order, CTEs left out: "accounts", "history.accounts"."""
    return tuple(sorted({_table_name(node) for node in table_nodes(query)}))


def table_nodes(query: exp.Expr) -> list[exp.Table]:
    """Return each mention of a table that is not a CTE in whose scope it stands."""
    nodes: dict[int, exp.Table] = {}
    for scope in traverse_scope(query):
        for source in scope.sources.values():
            if isinstance(source, exp.Table):
                nodes[id(source)] = source
    return list(nodes.values())


def columns(query: exp.Expr) -> frozenset[str]:
    """Return the names of all columns that `query` mentions, in lower case; those that tables are joined USING are among them."""
    joined = (name for join in query.find_all(exp.Join) for name in join.args.get("using") or ())
    return frozenset(node.name.lower() for node in (*query.find_all(exp.Column), *joined))


def whole_tables(query: exp.Expr) -> frozenset[str]:
    """Return the tables of which `query` takes all columns, by a star in a SELECT that reads them itself."""
    found: set[str] = set()
    for scope in traverse_scope(query):
        selected = scope.expression.expressions if isinstance(scope.expression, exp.Select) else ()
        if any(node.is_star for node in selected if not isinstance(node, exp.Alias)):
            found.update(_table_name(source) for source in scope.sources.values() if isinstance(source, exp.Table))
    return frozenset(found)


def first_table(query: exp.Expr) -> str:
    """Return the table that `query` begins from, looked up through its CTEs and subqueries; "" when there is none."""
    steps = {cte.alias: cte.this for cte in query.find_all(exp.CTE)}
    seen: set[str] = set()
    node: exp.Expr | None = query
    while node is not None:
        if isinstance(node, exp.Table):
            if node.db or node.name not in steps or node.name in seen:
                return _table_name(node)
            seen.add(node.name)
            node = steps[node.name]
        elif isinstance(node, exp.Select):
            node = node.args.get("from_")
        else:
            node = node.this if isinstance(node, exp.From | exp.SetOperation | exp.Subquery) else None
    return ""


def driving_table(query: exp.Expr) -> exp.Table | None:
    """Return the mention of a table right after FROM at the end of `query`; None when there is none."""
    began = query.args.get("from_") if isinstance(query, exp.Select) else None
    return began.this if began and isinstance(began.this, exp.Table) else None


def parameters(query: exp.Expr) -> frozenset[str]:
    """Return the names that stand as $name in `query`, "as_of" among them."""
    return frozenset(node.name for node in query.find_all(exp.Placeholder))


def template(query: exp.Query) -> str:
    """Return `query` in DuckDB's SQL with a hole for each $name, for `filled`; comments are left out.

    It is written from the tree, so that nothing in a file reaches an engine that was not parsed. Holes are marked with
    a control character, which `parse` refuses in queries, so that no text in a query is taken for one.
    """
    tree = query.copy()
    for node in list(tree.find_all(exp.Placeholder)):
        hole = exp.var(f"{_MARK}{node.name}{_MARK}")
        if isinstance(node.parent, exp.In) and node.arg_key == "field":
            node.parent.replace(exp.ArrayContains(this=hole, expression=node.parent.this))
        else:
            node.replace(hole)
    return tree.sql(dialect=DIALECT, comments=False)


def filled(query: str, values: Mapping[str, Literal]) -> str:
    """Return the template `query` with the literal of each value in its hole.

    Literals are written from the tree, never pasted, so that DuckDB and Spark get the same and nothing can be injected.
    Raises `Refused` for a name without a value.
    """
    parts = query.split(_MARK)
    for number in range(1, len(parts), 2):
        if parts[number] not in values:
            raise Refused(f"${parts[number]} has no value", "declare it under `parameters`")
        parts[number] = _written(values[parts[number]])
    return "".join(parts)


@lru_cache(maxsize=4096, typed=True)
def _written(value: Literal) -> str:
    return literal(value).sql(dialect=DIALECT)


def literal(value: Literal) -> exp.Expr:
    """Return the literal of `value`; an aware instant becomes a TIMESTAMP in UTC, as the engine keeps them."""
    match value:
        case bool():
            return exp.Boolean(this=value)
        case int() | float():
            return exp.convert(value)
        case datetime():
            naive = value.astimezone(UTC).replace(tzinfo=None)
            return exp.cast(exp.Literal.string(naive.isoformat(sep=" ")), exp.DataType.build("TIMESTAMP", dialect=DIALECT))
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), exp.DataType.build("DATE"))
        case Span():
            return exp.Interval(this=exp.Literal.string(str(value.amount)), unit=exp.var(value.unit.upper()))
        case tuple():
            texts = exp.Array(expressions=[exp.Literal.string(entry) for entry in value])
            return exp.cast(texts, exp.DataType.build("VARCHAR[]", dialect=DIALECT))
        case str():
            return exp.Literal.string(value)


def outputs(query: exp.Query) -> list[str]:
    """Return the names of the columns that `query` gives, in order."""
    return [name.lower() for name in query.named_selects]


def _within_limits(text: str) -> list[Token]:
    """The words and signs of `text`."""
    if len(text) > MAX_CHARACTERS:
        raise Refused(f"the query has {len(text):,} characters", f"keep it below {MAX_CHARACTERS:,}")
    if invisible := [character for character in set(text) - set("\n\r\t") if not character.isprintable()]:
        raise Refused(f"the query holds the invisible character U+{ord(min(invisible, key=text.index)):04X}", "delete it")
    try:
        tokens = sqlglot.tokenize(text, dialect=DIALECT)
    except SqlglotError as error:
        raise _unreadable(error) from error
    if len(tokens) > MAX_TOKENS:
        raise Refused(f"the query has {len(tokens):,} words and signs", f"keep it below {MAX_TOKENS:,}")
    if max(_depths(tokens), default=0) > MAX_DEPTH:
        raise Refused("the query is nested too deeply to be read", f"keep brackets and CASE within {MAX_DEPTH} levels")
    return tokens


def _depths(tokens: list[Token]) -> Iterator[int]:
    depth = 0
    for token in tokens:
        depth += (token.token_type in _OPENS) - (token.token_type in _CLOSES)
        yield depth


def _height(tree: exp.Expr) -> int:
    """How many nodes lie above one another at most; found without recursion, which a hostile tree would exhaust."""
    height, level = 0, [tree]
    while level:
        height += 1
        level = [child for node in level for child in node.iter_expressions()]
    return height


def _unreadable(error: SqlglotError) -> Refused:
    details = getattr(error, "errors", None) or [{}]
    line = details[0].get("line")
    what = details[0].get("description") or str(error).splitlines()[0]
    near = details[0].get("highlight")
    if "<class" in what:  # sqlglot's own kinds of nodes tell a writer of SQL nothing
        what = "something is missing or misspelt"
    return Refused(f"the query cannot be read: {what.rstrip('.')}" + (f" (near {near!r})" if near else ""), "correct the SQL", line)


def _called(statement: exp.Expr) -> str:
    name = statement.name.upper() if isinstance(statement, exp.Command) else type(statement).key.upper()
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name} statement"


def _table_name(node: exp.Table) -> str:
    return f"{node.db}.{node.name}".lower() if node.db else node.name.lower()
