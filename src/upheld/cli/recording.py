"""`upheld document record`: a step of a document's life."""

import click

from upheld.cli.shell import one_at_a_time, print_json, ready_to_enter
from upheld.documents.fields import DocumentError
from upheld.documents.models import Step
from upheld.documents.publication import record as record_step
from upheld.ledger.sequencer import sequence


@click.command("record")
@click.argument("document_id")
@click.argument("step", type=click.Choice([step.value for step in Step]))
@click.option("--by", required=True, metavar="PERSON", help="Who did it: the person's id in the HR list.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def record(document_id: str, step: str, by: str, as_json: bool) -> None:
    """Record that DOCUMENT_ID, as its text stands now, was approved, published or reviewed. It becomes an entry of the ledger."""
    space = ready_to_enter()
    try:
        with one_at_a_time(space):
            made = record_step(document_id, Step(step), by=by)
            sequence()
    except DocumentError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json({"document": made.document, "step": made.step, "version": made.version, "digest": made.digest, "entry": made.entry_id})
    else:
        click.echo(f"Recorded: {made.document} version {made.version} {made.step}, entry {made.entry_id}.")
