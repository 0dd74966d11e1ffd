"""`upheld measures`: what there is, and what is wrong with a measure's file."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from upheld import workspace
from upheld.cli.shell import print_json

if TYPE_CHECKING:
    from upheld.checks.measure import Measure


@click.group(invoke_without_command=True)
@click.option("--ways", is_flag=True, help="Say also how each is judged again when rows of a table change.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def measures(context: click.Context, ways: bool, as_json: bool) -> None:
    """List every measure: the tables it reads, its parameters, the promises that rest on it, and whether it has a drill.

    Exit status 1 if a file of the workspace's own cannot be read; it is named, and the others are listed.
    """
    if context.invoked_subcommand is None:
        context.exit(_list(ways, as_json))


@measures.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.pass_context
def lint(context: click.Context, files: tuple[Path, ...]) -> None:
    """Say everything that is wrong with measures' files, each lying in a folder called as its chapter. Exit status 1 if anything is."""
    wrong = 0
    for file in files:
        found = _problems(file)
        wrong += len(found)
        for said in found:
            click.echo(said)
        if not found:
            click.echo(f"{file}: in order")
            for told in _ways(_read(file)):
                click.echo(f"    when {told['what']} changes, judged again {told['way']}: {told['why']}")
    if wrong:
        context.exit(1)


def _list(ways: bool, as_json: bool) -> int:
    """List them and return the exit status."""
    from upheld.verdicts.measures import measures_of  # noqa: PLC0415  parses SQL, which `--help` need not wait for

    measures, wrong = measures_of(workspace.current())
    found = measures.values()
    promises = _promises()
    listed = [
        {
            "id": each.id,
            "tables": list(each.tables),
            "parameters": list(each.parameters),
            "documents": promises.get(each.id, []),
            "drill": _has_drill(each.id),
            **({"ways": _ways(each)} if ways else {}),
        }
        for each in found
    ]
    if as_json:
        print_json(listed)
    else:
        _print(found, listed)
    for name, said in wrong.items():
        click.echo(f"{name} is left out: {said}", err=True)
    return 1 if wrong else 0


def _print(found: "Iterable[Measure]", listed: Sequence[Mapping[str, Any]]) -> None:
    for measure, entry in zip(found, listed, strict=True):
        click.echo(f"{click.style(measure.id, bold=True)}  {measure.title}" + ("" if measure.shipped else "  (your own)"))
        drill = "has a drill" if entry["drill"] else "no drill"
        parameters = f"; parameters {', '.join(measure.parameters)}" if measure.parameters else ""
        click.echo(f"    reads {', '.join(measure.tables)}{parameters}; {len(entry['documents'])} promises; {drill}")
        for told in entry.get("ways", ()):
            click.echo(f"    when {told['what']} changes, judged again {told['way']}: {told['why']}")


def _ways(measure: "Measure") -> list[dict[str, str]]:
    """How `measure` is judged again, a record for each table and one for time."""
    from upheld.checks.ways import ways  # noqa: PLC0415  parses SQL, which `--help` need not wait for

    return [{"what": told.what, "way": told.way.value, "why": told.why} for told in ways(measure)]


def _read(file: Path) -> "Measure":
    from upheld.checks.measure import read  # noqa: PLC0415  as above

    return read(file)


def _promises() -> dict[str, list[str]]:
    """The ids of the promises that rest on each measure, in documents' order."""
    from upheld.documents.publication import texts  # noqa: PLC0415  needs Django set up

    found: dict[str, list[str]] = {}
    for document in texts():
        for promise in document.promises:
            for measure in promise.measures:
                found.setdefault(measure, []).append(promise.id)
    return found


def _has_drill(measure: str) -> bool:
    from upheld import drills  # noqa: PLC0415  only the folder is looked at

    return (Path(drills.__file__).parent / f"{measure}.py").is_file()


def _problems(file: Path) -> list[str]:
    """Everything that is wrong with `file`, a sentence each."""
    from upheld.checks import library  # noqa: PLC0415  parses SQL, which `--help` need not wait for
    from upheld.checks.front import MeasureError  # noqa: PLC0415  as above
    from upheld.checks.lint import problems  # noqa: PLC0415  as above
    from upheld.standards.standard import exists  # noqa: PLC0415  reads the clauses

    try:
        measure = _read(file)
        folders = {library.SHIPPED, file.absolute().parents[1]}
        declared = library.declared(measure.chapter, folders)
    except MeasureError as error:
        return [str(error)]
    return [f"{file}: {each.what}; {each.remedy}" for each in problems(measure, parameters=declared, clause_exists=exists)]
