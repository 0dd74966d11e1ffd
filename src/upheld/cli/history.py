"""`upheld ledger history`: what the ledger says of one record, as known at a checkpoint and as it held at an instant."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
import orjson

from upheld import clock
from upheld.cli.shell import instant, print_json, ready
from upheld.evidence.visible import visible
from upheld.ledger import history as histories
from upheld.ledger import sequencer, signers
from upheld.ledger.checkpoint import MalformedCheckpoint, UntrustedCheckpoint
from upheld.ledger.history import Told
from upheld.ledger.openings import KeyLost
from upheld.ledger.store import NoEntry


@click.command()
@click.argument("type")
@click.argument("id")
@click.option("--known", help="A size of the log, or a file with a checkpoint: leave out what was not known then.")
@click.option("--effective", "effective_at", callback=instant, help="An instant, as 2026-05-03T09:12Z: leave out what did not hold yet.")
@click.option("--open", "reveal", is_flag=True, help="Open what entries say of people, where it was not erased.")
@click.option("--scan", is_flag=True, help="Read every entry, instead of trusting the index beside the log.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def history(
    context: click.Context, type: str, id: str, known: str | None, effective_at: datetime | None, reveal: bool, scan: bool, as_json: bool
) -> None:
    """Tell what the ledger says of the record ID of TYPE: source hr, measure access/mfa_required, person p42.

    Each entry is held against what was signed; exit status 1 where one is not that.
    """
    ready()
    try:
        at = _known(known)
        found = histories.history(type, id, known=at, effective_at=effective_at, reveal=reveal, scan=scan)
    except (NoEntry, KeyLost, MalformedCheckpoint, UntrustedCheckpoint, OSError) as error:
        raise click.ClickException(str(error)) from error
    forged = sum(each.as_signed is False for each in found)
    if as_json:
        print_json({"known": None if at is None else {"origin": at[0], "size": at[1]}, "entries": [asdict(each) for each in found]})
        context.exit(1 if forged else 0)
    for each in found:
        click.echo(visible(_line(each)))
    upto = "" if at is None else f" under the checkpoint of {at[1]:,} entries of {at[0]}"
    click.echo(f"{len(found):,} entries{upto}. What is newer, or waits to be sequenced, is not among them.")
    if forged:
        click.echo(f"{forged:,} of them do not lead to what was signed: upheld ledger verify says what differs.", err=True)
    context.exit(1 if forged else 0)


def _known(text: str | None) -> tuple[str, int] | None:
    """Return origin and size of what is to be known; a file must hold a checkpoint that we signed."""
    if text is None:
        return None
    log = sequencer.current()
    if text.isascii() and text.isdigit():
        return log.origin, int(text)
    note = Path(text).read_bytes()
    claimed = signers.policy(log).verify(note, log.origin, clock.now()).checkpoint
    if claimed.size <= log.size() and log.root(claimed.size) != claimed.root:
        raise UntrustedCheckpoint(f"the checkpoint of {claimed.size:,} entries is of another history than this database has")
    return claimed.origin, claimed.size


def _line(each: Told) -> str:
    since = "" if each.effective_at == each.at else f", effective {each.effective_at:%Y-%m-%d %H:%M}"
    mended = "" if each.corrected_by is None else f" [put right by entry {each.corrected_by}]"
    said = orjson.dumps({**each.body, **each.opened}).decode() if each.body or each.opened else ""
    forged = "NOT PROVEN  " if each.as_signed is False else ""
    return f"{each.index:>8}  {forged}{each.at:%Y-%m-%d %H:%M:%S}{since}  {each.kind}  by {each.actor}{mended}  {said}"
