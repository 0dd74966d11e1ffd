"""What is wrong with a measure's file beyond its form: names that do not exist, what is not allowed, columns that are missing."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError

from upheld.checks import schema, sql
from upheld.checks.allowed import forbidden
from upheld.checks.measure import Measure, Scope
from upheld.checks.qualified import kind_of, qualified
from upheld.checks.sql import Refused

REQUIRED = ("subject", "label", "ok", "detail")
RESERVED = ("excepted", "row_key")
_QUOTED = re.compile(r"'([^']+)'")


@lru_cache(maxsize=4096)
def refusal(measure: Measure) -> str:
    """Return why the query of `measure` will not be run, in words; "" when it may."""
    found = list(_query_problems(measure)) or ([] if measure.shipped else list(_truth(measure)))
    return "; ".join(f"{problem.what} ({problem.remedy})" for problem in found)


def problems(
    measure: Measure, *, parameters: Sequence[str] | None = None, clause_exists: Callable[[str], bool | None] | None = None
) -> list[Refused]:
    """Return everything that is wrong with `measure`; empty when it is in order.

    `parameters` are the names its chapter declares, `clause_exists` tells whether a clause is one (None: cannot be told);
    what is not given is not looked at.
    """
    found = list(_query_problems(measure)) or list(_truth(measure))
    for name in measure.parameters if parameters is not None else ():
        if name not in (parameters or ()):
            there = ", ".join(parameters or ()) or "none"
            found.append(
                Refused(f"the chapter {measure.chapter} declares no parameter {name}", f"declare it in its parameters.toml; there: {there}")
            )
    for clause in measure.clauses if clause_exists else ():
        if clause_exists and clause_exists(clause) is False:
            found.append(Refused(f"there is no clause {clause}", 'cite it in full, as in "ISO/IEC 27001:2022 A.8.13"'))
    return found


def _query_problems(measure: Measure) -> Iterator[Refused]:
    """What is wrong with the query. Names are looked up only in one that holds nothing forbidden."""
    first = list({problem.what: problem for problem in forbidden(measure.tree)}.values())
    if first:
        yield from first
        return
    unknown = list(_unknown_tables(measure))
    yield from unknown
    if not unknown:
        yield from _unknown_columns(measure)
    yield from _outputs(measure)
    yield from _parameters(measure)
    yield from _declarations(measure)


def _truth(measure: Measure) -> Iterator[Refused]:
    """Whether `ok` is a truth value: text such as 'no' or a number could be taken for one."""
    kind = kind_of(measure, "ok")
    if kind not in ("BOOLEAN", ""):
        yield Refused(f"ok is {kind} and no truth value", "let ok be true, false or NULL, as a comparison is")


def _unknown_tables(measure: Measure) -> Iterator[Refused]:
    known = schema.readable()
    for name in measure.reads:
        if name not in known:
            near = get_close_matches(name, known, 3) or sorted(known)[:3]
            yield Refused(f"there is no table {name}", f"perhaps you mean {' or '.join(near)}")


def _unknown_columns(measure: Measure) -> Iterator[Refused]:
    try:
        qualified(measure)
    except SqlglotError as error:
        yield _about_column(measure, str(error).splitlines()[0].partition(". ")[0])


def _about_column(measure: Measure, said: str) -> Refused:
    """What is wrong with the column that the message `said` quotes."""
    quoted = _QUOTED.search(said)
    name = quoted[1].lower() if quoted else ""
    places = [table for table in measure.reads if name in schema.readable()[table]]
    if len(places) > 1:
        return Refused(f"the column {name} could be that of {' or '.join(places)}", "say which, as in accounts.id")
    known = sorted({each for table in measure.reads for each in schema.readable()[table]})
    near = get_close_matches(name, known, 3)
    return Refused(said[:1].lower() + said[1:], f"perhaps you mean {' or '.join(near)}" if near else f"there is {', '.join(known)}")


def _outputs(measure: Measure) -> Iterator[Refused]:
    named = sql.outputs(measure.tree)
    if "*" in named:
        yield Refused("it selects * at the end", "name the columns, so that a new one cannot change what is judged")
        return
    for column in REQUIRED:
        if column not in named:
            yield Refused(
                f"it gives no column {column}", "give subject (a key), label (for people), ok (true, false, NULL), detail (a sentence)"
            )
    for column in sorted({column for column in named if named.count(column) > 1 or column in RESERVED or not column}):
        yield Refused(
            f"the column {column or 'without a name'} cannot be given so",
            f"name each output once, with AS, and none of them {' or '.join(RESERVED)}",
        )
    reads_clock = "as_of" in sql.parameters(measure.tree)
    if reads_clock and "flips_at" not in named:
        remedy = (
            "give the instant at which a passing subject will fail if nothing happens (NULL: never); a break is announced before it happens"
        )
        yield Refused("it reads $as_of but gives no flips_at", remedy)
    if "flips_at" in named and not (reads_clock or schema.versions(measure.tables)):
        yield Refused(
            "it gives flips_at but does not read $as_of", "leave flips_at out: without $as_of no time that passes changes an outcome"
        )
    if isinstance(measure.tree, exp.Select) and measure.tree.args.get("limit"):
        yield Refused("LIMIT at the end hides subjects", "leave it out: a measure returns its whole population")


def _parameters(measure: Measure) -> Iterator[Refused]:
    read = sql.parameters(measure.tree) - {"as_of"}
    for name in sorted(read - set(measure.parameters)):
        yield Refused(f"it reads ${name}, which is not declared", "add it to `parameters`" if name else "write parameters as $name")
    duty = {measure.duty.every} if measure.duty else set()
    for name in sorted(set(measure.parameters) - read - duty):
        yield Refused(f"it declares {name} but does not read ${name}", "read it, or leave it out of `parameters`")


def _declarations(measure: Measure) -> Iterator[Refused]:
    rests_on = {base for name in measure.tables if name in schema.titles() for base in (name, *schema.inputs(name))}
    for name in measure.optional:
        if name not in rests_on:
            yield Refused(f"`optional` names {name}, which the query does not read", "correct the name, or leave it out")
    if measure.scope is Scope.ROW:
        yield from _row_scope(measure)


def _row_scope(measure: Measure) -> Iterator[Refused]:
    """A subject of row scope hangs on one row of the driving table, on whole other tables, and on time only as `flips_at` says."""
    tree, remedy = measure.tree, 'say scope = "whole"'
    mentions = [node for node in sql.table_nodes(tree) if node.name == measure.row]
    if len(mentions) != 1 or sql.driving_table(tree) is not mentions[0] or mentions[0].db:
        yield Refused(f"it is not of row scope: it must say FROM {measure.row} at the end, and read that table nowhere else", remedy)
    if schema.versions(measure.tables) and measure.row in {
        base for name in schema.versions(measure.tables) for base in schema.inputs(name)
    }:
        yield Refused(f"it reads tables made from {measure.row}, so it is not of row scope", remedy)
    for part in ("group", "distinct", "qualify", "limit", "having"):
        if tree.args.get(part):
            yield Refused(f"{part.upper()} compares rows with one another, so it is not of row scope", remedy)
    if tree.find(exp.Window):
        yield Refused("a window compares rows with one another, so it is not of row scope", remedy)
