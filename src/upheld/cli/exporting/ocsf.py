"""`upheld export ocsf`."""

from datetime import datetime
from pathlib import Path

import click

from upheld.cli.exporting.handing import asks, hand_out, stood
from upheld.exports.ocsf import findings
from upheld.exports.position import ExportError
from upheld.exports.writing import lines, write


@click.command()
@asks
def ocsf(out: Path, document: str, as_of: datetime | None, as_json: bool) -> None:
    """Write OCSF 1.5 compliance findings (class 2003) to the new file OUT: a line of JSON for each measure, without names of subjects."""
    found = stood(document, as_of)
    try:
        digest = write(out, lines(findings(found)))
    except ExportError as error:
        raise click.ClickException(str(error)) from error
    hand_out("ocsf", found, {out.name: digest}, out, as_json)
