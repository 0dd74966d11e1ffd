"""`upheld export oscal`."""

from datetime import datetime
from pathlib import Path

import click

from upheld.cli.exporting.handing import asks, hand_out, stood
from upheld.exports.oscal.files import files
from upheld.exports.position import ExportError
from upheld.exports.writing import pieces, write


@click.command()
@asks
def oscal(out: Path, document: str, as_of: datetime | None, as_json: bool) -> None:
    """Write OSCAL 1.2 into the new folder OUT: the documents as a catalogue, component definition, assessment plan and results, POA&M.

    It names no subject: numbers, states, queries and entries of the ledger. The same judgement gives the same bytes.
    """
    found = stood(document, as_of)
    if out.exists():
        raise click.ClickException(f"{out} exists already: an export never overwrites; name another folder")
    try:
        written = {name: write(out / name, pieces(file)) for name, file in files(found).items()}
    except ExportError as error:
        raise click.ClickException(str(error)) from error
    hand_out("oscal", found, written, out, as_json)
