"""`upheld export attestations`."""

from datetime import datetime
from pathlib import Path

import click
import orjson

from upheld.cli.exporting.handing import asks, hand_out, stood
from upheld.exports.attestations import statement
from upheld.exports.position import ExportError
from upheld.exports.writing import write
from upheld.ledger import proving, store

PROOF = "handed-out.tlog-proof"


@click.command()
@asks
def attestations(out: Path, document: str, as_of: datetime | None, as_json: bool) -> None:
    """Write in-toto statements into the new folder OUT, a test result (v0.1) for each document, and the proof that we made them.

    No key signs them: an entry of the ledger has their digests, and its .tlog-proof stands beside them.
    """
    found = stood(document, as_of)
    if out.exists():
        raise click.ClickException(f"{out} exists already: an export never overwrites; name another folder")
    try:
        written = {}
        for each in found.documents:
            name = f"{each.document.id}.intoto.json"
            written[name] = write(out / name, [orjson.dumps(statement(found, each), option=orjson.OPT_INDENT_2)])
        entry_id = hand_out("in-toto", found, written, out, as_json)
        log = store.current()
        assert log is not None, "something was just entered in it"
        write(out / PROOF, [proving.prove(log, log.index_of(entry_id)).text()])
    except ExportError as error:
        raise click.ClickException(str(error)) from error
