"""The pages of docs/measures/, one for each shipped measure: `python -m upheld.measures.pages` writes them, a test keeps them fresh."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from upheld.checks import library, schema, sql
from upheld.checks.floor import Floor
from upheld.checks.measure import GAPS, Measure
from upheld.checks.parameters import Parameter, Parameters, words
from upheld.evidence.derived import derived_tables
from upheld.evidence.table import Table, tables

SOURCE = Path(__file__).parents[1]
DOCS = SOURCE.parents[1] / "docs" / "measures"
COMMAND = "python -m upheld.measures.pages"
OUTCOMES = (
    ("upheld", "every subject passes, on evidence that is complete and fresh"),
    ("at risk", "every subject passes, but one will fail within the warning time ({warn}) if nothing happens"),
    ("excepted", "what fails is under an approved exception"),
    ("unproven", "evidence is missing, late or unknown for a subject, or {empty}"),
    ("broken", "a subject fails, or a parameter is weaker than its floor"),
)


def columns_read(measure: Measure) -> dict[str, list[str]]:
    """Return the columns that `measure` reads of each table it names, in the order of the table's contract."""
    # Qualifying changes the tree, and parsed queries are shared.
    tree = qualify(sql.parse(measure.query).copy(), dialect=sql.DIALECT, schema=_schema(), db="main", validate_qualify_columns=False)
    used: dict[str, set[str]] = {}
    for scope in traverse_scope(pushdown_projections(tree)):
        for column in scope.columns:
            origin = scope.sources.get(column.table)
            if isinstance(origin, exp.Table):
                name = origin.name if origin.db in ("", "main") else f"{origin.db}.{origin.name}"
                used.setdefault(name.lower(), set()).add(column.name.lower())
    return {name: [column for column in schema.readable()[name] if column in used.get(name, ())] for name in measure.reads}


def page(measure: Measure, parameters: Parameters) -> str:
    """Return the page of `measure` as Markdown."""
    parts = [
        f"# {measure.title}",
        f"`{measure.id}`. This page is generated from `src/upheld/measures/{measure.id}.sql`: `{COMMAND}`.",
        f"**Promise.** {measure.promise}",
        f"**Why.** {measure.why}",
        f"**Clauses.** {', '.join(measure.clauses)}.",
        f"**Kind.** {measure.kind}, {measure.severity}; {measure.owner} answers for it.{_drill(measure)}",
        "## What it reads",
        *_reads(measure),
        "## Parameters",
        _parameters(parameters.of(measure)),
        "## Outcomes",
        _outcomes(measure),
        "## How it is tested",
        f"```sql\n{measure.query.strip()}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def index(measures: Mapping[str, Measure]) -> str:
    """Return the page that lists all measures, by chapter."""
    lines = ["# Measures", "", f"Each is one fact, one file and one query. This page is generated: `{COMMAND}`."]
    chapter = ""
    for measure in measures.values():
        if measure.chapter != chapter:
            chapter = measure.chapter
            lines += ["", f"## {chapter}", "", "| measure | promise | drill |", "|---|---|---|"]
        lines.append(f"| [{measure.title}]({measure.id}.md) | {measure.promise} | {'yes' if _drill(measure) else 'no'} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return every page by its path below docs/measures."""
    measures, parameters = library.shipped(), library.parameters_in_force()
    return {"README.md": index(measures)} | {f"{name}.md": page(measure, parameters) for name, measure in measures.items()}


def write(folder: Path = DOCS) -> None:
    """Write all pages below `folder`, and delete those of measures that are no more."""
    wanted = pages()
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _schema() -> MappingSchema:
    known: dict[str, dict[str, dict[str, str]]] = {"main": {}, "history": {}}
    for name, columns in schema.readable().items():
        place, _, table = name.rpartition(".")
        known[place or "main"][table] = dict.fromkeys(columns, "UNKNOWN")
    return MappingSchema(dict(known), dialect=sql.DIALECT)


def _contracts() -> dict[str, Table]:
    return {**tables(), **{name: each.table for name, each in derived_tables().items()}}


def _reads(measure: Measure) -> Iterator[str]:
    for name, columns in columns_read(measure).items():
        contract = _contracts().get(name.removeprefix("history."))
        if contract is None or name == GAPS:
            yield f"**{name}**: which columns a source could not read. There, an empty value is unknown."
            continue
        yield f"**{name}**{_standing(measure, name)}: {contract.meaning}"
        rows = [_row(contract, column) for column in columns if column in contract.columns]
        yield "\n".join(["| column | meaning | NULL means |", "|---|---|---|", *rows])


def _standing(measure: Measure, name: str) -> str:
    """Whether the table is derived, and whether it is missed where nobody fills it."""
    if name in derived_tables():
        return f" (computed from {', '.join(schema.inputs(name))})"
    return " (not tested where no source fills it)" if name in measure.optional else ""


def _row(contract: Table, name: str) -> str:
    column = contract.columns[name]
    null = "never absent" if column.null == "never" else column.null
    return f"| `{name}` | {column.meaning} | {null} |".replace(" | * ", " | \\* ")


def _parameters(found: Mapping[str, Parameter]) -> str:
    if not found:
        return "None."
    rows = [f"| `{each.name}` | {each.meaning} | {words(each.default)} | {_floor(each.floor)} |" for each in found.values()]
    return "\n".join(["| parameter | meaning | default | the promise allows |", "|---|---|---|---|", *rows])


def _floor(floor: Floor) -> str:
    said = {"at most": floor.at_most, "at least": floor.at_least, "must include": floor.includes, "only": floor.within}
    return "; ".join(f"{how} {words(value)}" for how, value in said.items() if value is not None) or "anything"


def _outcomes(measure: Measure) -> str:
    warn = str(measure.warn) if measure.warn else "none"
    empty = "nothing could be judged" if measure.may_be_empty else "nothing is in scope"
    told = [
        f"- **{state}**: {meaning.format(warn=warn, empty=empty)}." for state, meaning in OUTCOMES if state != "at risk" or measure.warn
    ]
    if measure.may_be_empty:
        told.append(f"\nNothing in scope is upheld here: {measure.may_be_empty}")
    return "\n".join(told)


def _drill(measure: Measure) -> str:
    path = SOURCE / "drills" / f"{measure.id}.py"
    return f" Its drill is `src/upheld/drills/{measure.id}.py`." if path.is_file() else ""


if __name__ == "__main__":
    write()
