"""Made-up companies for Hypothesis: rows of any table, made so that they join, decide and come near every limit of the shipped measures."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from hypothesis import strategies as st
from sqlglot import exp
from tests.stage import AS_OF, shipped

from upheld.evidence.collection import Collecting
from upheld.evidence.derived import derived_tables
from upheld.evidence.frame import ChangeFile, Filled, Frame, frame_at
from upheld.evidence.store import Store
from upheld.evidence.table import Kind, tables

Row = Mapping[str, Any]
Day = Mapping[tuple[str, str], Sequence[Row]]

SOURCES = ("one", "two")
_WORDS = ("a", "b", "c")
_DAYS = (-2, 0, 1, 2, 6, 7, 8, 13, 14, 29, 30, 31, 89, 90, 91, 92, 179, 180, 364, 365, 366)


@cache
def said() -> Mapping[str, tuple[str, ...]]:
    """The texts that any shipped query compares a column with, by the column's name."""
    trees = [each.tree for each in shipped().values()]
    trees += [sqlglot.parse_one(each.sql, dialect="duckdb") for each in derived_tables().values() if each.sql]
    found: dict[str, set[str]] = {}
    for node in itertools.chain.from_iterable(tree.find_all(exp.EQ, exp.NEQ, exp.In, exp.Case) for tree in trees):
        texts = {each.name for each in node.find_all(exp.Literal) if each.is_string and len(each.name) < 20}
        for column in {each.name for each in node.find_all(exp.Column)}:
            found.setdefault(column, set()).update(texts)
    return {column: tuple(sorted(texts)) for column, texts in found.items()}


def rows(name: str) -> st.SearchStrategy[list[Row]]:
    """Up to four rows of the table `name`, no two with one key."""
    contract = tables()[name]
    columns = {column: _value(column, about.kind, never=about.null == "never") for column, about in contract.columns.items()}
    return st.lists(st.fixed_dictionaries(columns), max_size=4, unique_by=lambda row: tuple(str(row[part]) for part in contract.key))


def _value(column: str, kind: Kind, *, never: bool) -> st.SearchStrategy[Any]:
    days = st.sampled_from(_DAYS)
    values: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.BOOLEAN: st.sampled_from([True, False]),
        Kind.INTEGER: st.integers(0, 14),
        Kind.TIMESTAMP: st.builds(lambda day, hour: AS_OF - timedelta(days=day, hours=hour), days, st.sampled_from([0, 0, 1, 5])),
        Kind.DATE: st.builds(lambda day: (AS_OF - timedelta(days=day)).date(), days),
        Kind.DURATION: st.sampled_from([timedelta(0), timedelta(hours=1), timedelta(days=3)]),
    }
    texts = st.sampled_from([*_WORDS, *(said().get(column, ()) if column not in ("id", "name", "source") else ())])
    value = values.get(kind, _other(kind) if kind is not Kind.TEXT else texts)
    return value if never else st.none() | value | value


def _other(kind: Kind) -> st.SearchStrategy[Any]:
    if kind.stored == "DOUBLE":
        return st.sampled_from([0.0, 0.5, 60.0])
    return st.lists(st.sampled_from(_WORDS), max_size=2) if kind.stored.endswith("[]") else st.binary(max_size=2)


@st.composite
def days(draw: st.DrawFn, names: Sequence[str], most: int) -> list[tuple[timedelta, Day]]:
    """Some days of the tables `names`, from two sources, and the time that passes to each: a few tables change from one to the next."""
    day: dict[tuple[str, str], Sequence[Row]] = {(source, name): draw(rows(name)) for name in names for source in SOURCES}
    found = [(timedelta(0), dict(day))]
    for _ in range(draw(st.integers(1, most))):
        for place in draw(st.lists(st.sampled_from(sorted(day)), max_size=2, unique=True)):
            day[place] = draw(_edited(place[1], day[place]))
        found.append((timedelta(hours=draw(st.sampled_from([1, 5, 24, 60, 24 * 31]))), dict(day)))
    return found


def _edited(name: str, was: Sequence[Row]) -> st.SearchStrategy[list[Row]]:
    """`was` with rows of the same keys altered in one column or more, some gone and some new."""
    contract = tables()[name]

    def altered(row: Row) -> st.SearchStrategy[Row]:
        other = [column for column in contract.columns if column not in contract.key]
        chosen = st.lists(st.sampled_from(other), min_size=1, max_size=2) if other else st.just([])
        return chosen.flatmap(
            lambda names: st.fixed_dictionaries(
                {each: _value(each, contract.columns[each].kind, never=contract.columns[each].null == "never") for each in names}
            ).map(lambda values: {**row, **values})
        )

    kept = [st.just(row) | altered(row) for row in was]
    return rows(name) | st.tuples(*kept).map(list) if kept else rows(name)


def frames(folder: Path, told: Sequence[tuple[timedelta, Day]]) -> Iterator[Frame]:
    """The frame after each day, as the sources' collections left it."""
    files: list[ChangeFile] = []
    seen_at: datetime = AS_OF
    for number, (passed, day) in enumerate(told):
        seen_at += passed
        filled: list[Filled] = []
        for source in SOURCES:
            brought = {name: rows for (of, name), rows in day.items() if of == source}
            into = Collecting(source, list(brought), seen_at)
            for name, each in brought.items():
                into.rows(name, each)
            recorded = Store(folder, files).record(into, f"{source}-{number}", accept_vanishing=frozenset(brought))
            files += recorded.files
            filled += [each.filled(None) for each in recorded.tables.values()]
        yield frame_at(files, filled, seen_at)
