"""The page docs/tables.md, written from the contracts: `python -m upheld.evidence.page > docs/tables.md`."""

import sys
from collections.abc import Iterable, Iterator

from upheld.evidence.derived import Derived, derived_tables
from upheld.evidence.table import Column, Kind, Table, tables

COMMAND = "python -m upheld.evidence.page > docs/tables.md"

INTRODUCTION = f"""\
# Tables

What measures can read. This page is generated from the contracts in `src/upheld/evidence/`: `{COMMAND}`.

**Collected tables** are filled by sources; several sources may fill one, and `source` tells them apart. Their key is that of a row
within one source. Beside its own columns each has

| column | type | meaning |
|---|---|---|
| source | text | which source brought the row |
| seen_from_at | timestamp | since when it has been seen as it is |

and `history.<table>` has every version of every row up to the instant that is asked about, with `source`, `seen_from_at` and

| column | type | meaning |
|---|---|---|
| seen_until_at | timestamp | when it was no longer seen so; NULL: it still is |
| ended | text | why: changed (another version follows), vanished (a complete collection did not have it), deleted (the system said so) |

**Derived tables** are computed from those, and have exactly the columns named here.

**gaps** has a row for each column that a source could not read, and for each reason why a table is not all there:
source, table_name, column_name (NULL: the whole table), kind (denied, unsupported, cut short), why.

Types: *timestamp* is UTC without a zone, *duration* an interval of exact length, *list* a list of text. A column whose *NULL means* says
"never absent" always has a value. *Personal* columns name or describe somebody. Words of other standards are those for the same thing.
"""

TYPES = {Kind.TIMESTAMP: "timestamp", Kind.LIST: "list of text"}


def tables_page() -> str:
    """Return the page: a section for each collected table and then for each derived one, in alphabetical order."""
    parts = [INTRODUCTION, "# Collected tables\n"]
    parts += ["\n".join(_section(each, _collected(each))) for each in tables().values()]
    parts.append("# Derived tables\n")
    parts += ["\n".join(_section(each.table, _derived(each))) for _, each in sorted(derived_tables().items())]
    return "\n".join(parts)


def _collected(table: Table) -> str:
    hours = table.fresh_for.total_seconds() / 3600
    return f"Key: {_words(table.key)}. A collection speaks for {hours:g} hours."


def _derived(derived: Derived) -> str:
    return f"Key: {_words(derived.table.key)}. Computed from {_words(derived.inputs)}; version {derived.version}."


def _section(table: Table, about: str) -> Iterator[str]:
    yield from (f"## {table.title}: {table.name}", "", table.meaning, "", about, "")
    yield from ("| column | type | meaning | NULL means | elsewhere |", "|---|---|---|---|---|")
    for column in table.columns.values():
        yield f"| {' | '.join(_escaped(cell) for cell in _cells(column))} |"
    yield ""


def _cells(column: Column) -> tuple[str, ...]:
    personal = ". *Personal.*" if column.personal else ""
    null = "never absent" if column.null == "never" else column.null
    elsewhere = "; ".join(f"{standard}: {word}" for standard, word in column.standards.items())
    return f"`{column.name}`", TYPES.get(column.kind, column.kind.value), column.meaning + personal, null, elsewhere


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(tables_page())
