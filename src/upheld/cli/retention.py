"""`upheld retention`: how long what ended is kept, what would go now, and letting it go."""

from dataclasses import dataclass

import click

from upheld import clock
from upheld.cli.shell import AS_JSON, counted, one_at_a_time, print_json, ready, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.logs import watching
from upheld.retention import handed_in, history
from upheld.retention.handed_in import Over
from upheld.retention.history import Past
from upheld.retention.needs import needs


@dataclass(frozen=True)
class Found:
    """What has a time for which it is kept, and what of it would go now."""

    past: list[Past]
    files: list[Over]

    @property
    def told(self) -> dict[str, object]:
        """All of it as JSON has it."""
        return {
            "history": [
                {"table": each.table, "source": each.source, "kept": each.kept or None, "ended_by": each.until, "why": each.why}
                | {"versions": each.versions}
                for each in self.past
            ],
            "files": [{"register": each.register, "kept": each.kept, "sha256": [one.sha256 for one in each.files]} for each in self.files],
            "logs": [{"log": log.name, "kept_days": log.kept_days} for log in watching.watched()],
        }


@click.group()
def retention() -> None:
    """See how long history, files and logs are kept, and let go what is kept no longer. Rules are set by `upheld act`, by two people."""


@retention.command()
@AS_JSON
def show(as_json: bool) -> None:
    """Show how long everything is kept, and what would go now. Nothing is changed."""
    ready()
    found = _found()
    if as_json:
        print_json(found.told | {"as_of": clock.now()})
    else:
        _print(found)


@retention.command("let-go")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@AS_JSON
def let_go(dry_run: bool, as_json: bool) -> None:
    """Let go now what is kept no longer, as the worker does once a day. The ledger says so; proofs stand."""
    space = ready() if dry_run else ready_to_enter()
    if dry_run:
        found = _found()
        gone = (sum(each.versions for each in found.past), sum(len(each.files) for each in found.files))
    else:
        with one_at_a_time(space):
            needed = needs()
            gone = (sum(count for _, count in history.forget(needed)), handed_in.forget(needed))
        sequence()
    if as_json:
        print_json({"dry_run": dry_run, "versions": gone[0], "files": gone[1]})
    else:
        click.echo(f"{counted(gone[0], 'version')} of rows and {counted(gone[1], 'file')} {'would go' if dry_run else 'went'}.")


def _found() -> Found:
    needed = needs()
    return Found(history.planned(needed), handed_in.planned(needed))


def _print(found: Found) -> None:
    for each in found.past:
        if each.kept:
            until = f"what had ended by {each.until:%Y-%m-%d}" if each.until else "nothing of it"
            why = f" ({each.why})" if each.why else ""
            now = f"{counted(each.versions, 'version')} now"
            click.echo(f"history  {each.table} from {visible(each.source)}: {each.kept}; {until} goes, {now}{why}")
    good = {each.table for each in found.past if not each.kept}
    click.echo(f"history  {counted(len(good), 'other table')}: for good")
    for over in found.files:
        click.echo(f"files    {over.register}: {over.kept}; {counted(len(over.files), 'file')} now")
    click.echo("files    all others: for good")
    for log in watching.watched():
        click.echo(f"log      {log.name}: {counted(log.kept_days, 'day')}")
