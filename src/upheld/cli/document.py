"""`upheld document`: import, lint and list documents of promises, and say what tests them."""

from pathlib import Path
from typing import Any

import click

from upheld import workspace
from upheld.checks.front import MeasureError
from upheld.cli.recording import record
from upheld.cli.shell import print_json
from upheld.documents.catalogue import known
from upheld.documents.coverage import coverage, drilled
from upheld.documents.document import Document, load
from upheld.documents.document import shipped as shipped_documents
from upheld.documents.fields import DocumentError
from upheld.documents.importing.block import UnreadableError
from upheld.documents.lint import Remark, Weight, lint, parameters_of
from upheld.documents.publication import texts
from upheld.evidence.visible import visible

BROKEN = 1


class Refused(click.ClickException):
    """What was named cannot be used; the message says why."""

    exit_code = 2


@click.group()
def document() -> None:
    """Import, lint and list documents of promises, and record the steps of their life."""


document.add_command(record)


@document.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the document here, as TOML.")
@click.option("--id", "document_id", help="The document's id. Default: made of the file's name.")
@click.option("--force", is_flag=True, help="Replace what --output names.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_(file: Path, output: Path | None, document_id: str | None, force: bool, as_json: bool) -> None:
    """Turn the published page FILE (text, Markdown, HTML, DOCX or PDF) into a document of promises, and report on it.

    Without --output and --json the document itself is printed, and the report goes to standard error.
    """
    # Reading pages loads parsers that no other sub-command needs.
    from upheld.cli.imported import report_json, report_lines  # noqa: PLC0415
    from upheld.documents.importing.importing import as_toml, import_file  # noqa: PLC0415

    if output and output.exists() and output.stat().st_size and not force:
        raise Refused(f"{output} exists; name another file, or replace it with --force.")
    try:
        imported = import_file(file, document_id)
        text = as_toml(imported.document)
        if output:
            output.write_text(text, encoding="utf-8")
    except (UnreadableError, DocumentError) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{output} cannot be written ({error.strerror}); choose another place.") from error
    if as_json:
        print_json(report_json(imported, output))
        return
    for line in report_lines(imported, output):
        click.echo(line, err=output is None)
    if output is None:
        click.echo(text, nl=False)


@document.command("lint")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Exit with status 1 when there is a problem.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def lint_(files: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Say what is wrong with the documents in FILES, or with all there are: citations, clauses, measures, numbers, repetitions."""
    try:
        found = [load(path) for path in files] if files else list(texts())
    except DocumentError as error:
        raise Refused(str(error)) from error
    space = workspace.current()
    try:
        measures, judged_by = known(space.measures), parameters_of(space.measures, space.parameters)
    except MeasureError as error:
        raise Refused(str(error)) from error
    remarks = {one.id: lint(one, measures, judged_by) for one in found}
    if as_json:
        print_json({"documents": [{"id": one.id, "promises": len(one.promises), **_by_weight(remarks[one.id])} for one in found]})
    else:
        for one in found:
            _print_remarks(one, remarks[one.id])
    if strict and any(remark.weight is Weight.PROBLEM for said in remarks.values() for remark in said):
        raise click.exceptions.Exit(BROKEN)


@document.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_(as_json: bool) -> None:
    """List the documents there are: the shipped ones and the workspace's own."""
    try:
        found = texts()
    except DocumentError as error:
        raise Refused(str(error)) from error
    if as_json:
        print_json([_listed(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id:20} {len(one.promises):4} promises  version {visible(one.version)}  {visible(one.title)}")


@document.command("coverage")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the page here instead of printing it.")
def coverage_(output: Path | None) -> None:
    """Say for each promise of the shipped documents which measures it rests on, and which evidence is missing; as Markdown."""
    page = coverage(shipped_documents(), drilled())
    if output is None:
        click.echo(page, nl=False)
        return
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{output} cannot be written ({error.strerror}); choose another place.") from error
    click.echo(f"Wrote {output}.")


def _listed(one: Document) -> dict[str, Any]:
    said = {"id": one.id, "title": one.title, "language": one.language, "version": one.version, "digest": one.digest}
    return {**said, "promises": len(one.promises), "sections": len(one.sections)}


def _by_weight(remarks: tuple[Remark, ...]) -> dict[str, list[dict[str, str]]]:
    said: dict[str, list[dict[str, str]]] = {"problems": [], "notes": []}
    for remark in remarks:
        said[f"{remark.weight}s"].append({"promise": remark.promise, "rule": remark.rule, "says": remark.says, "do": remark.do})
    return said


def _print_remarks(one: Document, remarks: tuple[Remark, ...]) -> None:
    problems = [remark for remark in remarks if remark.weight is Weight.PROBLEM]
    click.echo(f"{one.id}: {len(one.promises)} promises, {len(problems)} problems")
    for remark in remarks:
        click.echo(f"  {remark.weight:8} {remark.promise}: {remark.says}; {remark.do}. [{remark.rule}]")
