"""A measure: one SQL file that begins with its promise in plain words. This reads and writes nothing but that file."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sqlglot import exp

from upheld.checks import sql
from upheld.checks.front import Front, MeasureError
from upheld.checks.span import Span

_FRONT = re.compile(r"\A\s*/\*---[ \t]*\r?\n(?P<toml>.*?)\r?\n---\*/[ \t]*\r?\n?(?P<query>.*)\Z", re.DOTALL)
GAPS = "gaps"  # the table of what sources could not see: it is about evidence, and so none itself
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class Kind(StrEnum):
    """What sort of fact is promised."""

    STATE = "state"
    DEADLINE = "deadline"
    CADENCE = "cadence"
    NEVER = "never"
    CAPACITY = "capacity"
    ATTESTED = "attested"


class Severity(StrEnum):
    """How bad a break is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Scope(StrEnum):
    """Whether a subject's outcome hangs on one row of the driving table, or on whole tables."""

    ROW = "row"
    WHOLE = "whole"


@dataclass(frozen=True)
class Duty:
    """What somebody must do again and again: `do` in words, `action` that records it, `every` names the parameter."""

    do: str
    action: str
    every: str


@dataclass(frozen=True)
class Measure:
    """One fact that is upheld or not. `id` is "chapter/name"; `query` is one SELECT, a row for every subject in scope.

    `parameters` are names of the chapter's parameters; `optional` are tables whose absence does not block;
    `noun` is what its subjects are called together, where that is not the title of the first table it reads.
    `looks_back` says of tables read through time by which parameter it reads no row that had ended before; others are read from
    the beginning. `may_be_empty` is the reason why no subject at all is fine ("" when it is not); `row` is the table whose key drives a
    measure of row scope. `shipped` tells the product's own from a workspace's.
    """

    id: str
    title: str
    promise: str
    why: str
    clauses: tuple[str, ...]
    kind: Kind
    severity: Severity
    owner: str
    query: str
    digest: str
    warn: Span | None = None
    duty: Duty | None = None
    parameters: tuple[str, ...] = ()
    may_be_empty: str = ""
    noun: str = ""
    optional: tuple[str, ...] = ()
    looks_back: tuple[tuple[str, str], ...] = ()
    scope: Scope = Scope.WHOLE
    row: str = ""
    shipped: bool = True
    line: int = 1

    @property
    def chapter(self) -> str:
        """The chapter its file lies in."""
        return self.id.partition("/")[0]

    @property
    def name(self) -> str:
        """The fact, as its file is called."""
        return self.id.partition("/")[2]

    @cached_property
    def tree(self) -> exp.Query:
        """The query's syntax tree; not to be changed."""
        return sql.parse(self.query)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The tables that the query names, in order: "accounts", or "history.accounts" for a table through time."""
        return sql.tables(self.tree)

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables it needs evidence for, whether as of now or through time, in order."""
        return tuple(sorted({name.removeprefix("history.") for name in self.reads} - {GAPS}))

    @cached_property
    def columns(self) -> frozenset[str]:
        """The names of columns that the query mentions, of whichever table."""
        return sql.columns(self.tree)

    @cached_property
    def whole_tables(self) -> frozenset[str]:
        """The tables of which it takes all columns: "accounts", "history.accounts"."""
        return sql.whole_tables(self.tree)

    @cached_property
    def subjects(self) -> str:
        """The table that the query begins from, and so what its subjects are; "" when it begins from none."""
        return sql.first_table(self.tree).removeprefix("history.")


@lru_cache(maxsize=4096)
def parse(measure_id: str, text: str, *, file: str = "", shipped: bool = True) -> Measure:
    """Return the measure that `text` (a whole file) states; `file` is named in errors.

    Raises `MeasureError` saying where, what is wrong and what to do. The query is parsed and refused if it is not one
    SELECT; whether its tables, columns and functions exist is `lint`'s to say. The same text gives the same object, so that what
    was found out about its query is not found out again.
    """
    place = file or f"{measure_id}.sql"
    chapter, _, name = measure_id.partition("/")
    if not (_NAME.match(chapter) and _NAME.match(name)):
        raise MeasureError(place, None, f"`{measure_id}` is no name for a measure", "call the file <chapter>/<fact>.sql in lower case")
    front, query, line = _front(text, place)
    measure = Measure(
        id=measure_id,
        query=query,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        shipped=shipped,
        line=line,
        **_fields(front),
    )
    front.refuse_unread()
    _check(measure, front)
    try:
        sql.parse(query)
    except sql.Refused as refused:
        raise MeasureError(place, refused.line and refused.line + line - 1, refused.what, refused.remedy) from refused
    for table, parameter in measure.looks_back:
        if f"history.{table}" not in measure.reads or parameter not in measure.parameters:
            front.refuse(f"`looks_back` says {table} = {parameter}", "name a table that it reads through time, and one of its parameters")
    return measure


def read(path: Path, *, shipped: bool = True) -> Measure:
    """Read the measure in the file `path`, which lies in its chapter's folder; raises `MeasureError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise MeasureError(str(path), None, f"cannot be read ({error})", "save it as UTF-8 text that this user may read") from error
    return parse(f"{path.parent.name}/{path.stem}", text, file=str(path), shipped=shipped)


def _front(text: str, place: str) -> tuple[Front, str, int]:
    """The front matter, the query after it, and the line the query begins on."""
    found = _FRONT.match(text)
    if found is None:
        raise MeasureError(
            place, 1, "it does not begin with front matter", "open with a line /*--- , then TOML, then a line ---*/ , then the query"
        )
    try:
        said: dict[str, Any] = tomllib.loads(found["toml"])
    except tomllib.TOMLDecodeError as error:
        raise MeasureError(place, None, f"the front matter is not TOML: {error}", "correct it; the first line of TOML is line 1") from error
    query_line = text.count("\n", 0, found.start("query")) + 1
    return Front(said, place), found["query"], query_line


def _fields(front: Front) -> dict[str, Any]:
    scope = front.one_of("scope", Scope, default=Scope.WHOLE)
    return {
        "title": front.text("title"),
        "promise": front.text("promise"),
        "why": front.text("why"),
        "clauses": front.texts("clauses"),
        "kind": front.one_of("kind", Kind),
        "severity": front.one_of("severity", Severity),
        "owner": front.text("owner"),
        "warn": front.span("warn"),
        "duty": _duty(front),
        "parameters": front.texts("parameters"),
        "may_be_empty": front.text("may_be_empty", default=""),
        "noun": front.text("subjects", default=""),
        "optional": front.texts("optional"),
        "looks_back": _looks_back(front),
        "scope": scope,
        "row": front.text("row", default=""),
    }


def _duty(front: Front) -> Duty | None:
    said = front.table("duty")
    if said is None:
        return None
    duty = Duty(said.text("do"), said.text("action"), said.text("every"))
    said.refuse_unread()
    return duty


def _looks_back(front: Front) -> tuple[tuple[str, str], ...]:
    said = front.table("looks_back")
    return () if said is None else tuple((name, said.text(name)) for name in said.names)


def _check(measure: Measure, front: Front) -> None:
    """What the fields must be to one another."""
    if (measure.scope is Scope.ROW) != bool(measure.row):
        front.refuse("`scope` and `row` disagree", 'say both scope = "row" and row = "<table>", or neither')
    if measure.duty and measure.duty.every not in measure.parameters:
        front.refuse(f"the duty is due every `{measure.duty.every}`, which is not among `parameters`", "declare that parameter")
    if len(set(measure.parameters)) != len(measure.parameters):
        front.refuse("`parameters` names one twice", "name each once")
