"""`upheld backup`: a copy of the workspace, or of its keys, in one file."""

from dataclasses import asdict
from pathlib import Path

import click

from upheld import clock
from upheld.backups.models import Backup
from upheld.backups.recording import Taken
from upheld.cli.shell import Bar, counted, print_json, ready
from upheld.evidence.visible import visible
from upheld.ledger import sequencer
from upheld.ledger.append import NoLedger
from upheld.upkeep.sealing import recipient
from upheld.upkeep.taking import Target, take, take_keys


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--keys", is_flag=True, help="Back up the key directory instead, to keep in another place than the workspace's backups.")
@click.option("--to", "recipients", multiple=True, metavar="AGE1...", help="Public key of age to encrypt to; may be given several times.")
@click.option("--in-the-clear", is_flag=True, help="Write keys without encrypting them.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def backup(context: click.Context, out: Path, keys: bool, recipients: tuple[str, ...], in_the_clear: bool, as_json: bool) -> None:
    """Write a backup of the workspace to OUT, a new file, or a directory in which it gets a name by its time.

    Others may be at work meanwhile. Signing keys and the ledger's high-water mark never go along: see --keys. Exit status
    1 if something in the workspace was not in order already; the backup is taken all the same.
    """
    space = ready()
    if keys and not recipients and not in_the_clear:
        raise click.UsageError("who has the keys can sign in your name: name who may read them (--to age1...), or say --in-the-clear")
    target = Target(_file(out, space.root.name, keys, bool(recipients)), [recipient(text) for text in recipients])
    with Bar("backup") as progress:
        taken = take_keys(space, target) if keys else take(space, target, progress=progress)
    wrong = _ledger_wrong()
    if as_json:
        print_json({**asdict(taken), "path": str(taken.path), "ledger": wrong})
    else:
        _say(taken, wrong)
    context.exit(1 if taken.wrong else 0)


def _file(out: Path, name: str, keys: bool, encrypted: bool) -> Path:
    if not out.is_dir():
        return out
    return out / f"{name}{'-keys' if keys else ''}-{clock.now():%Y%m%dT%H%M%SZ}.tar{'.age' if encrypted else ''}"


def _ledger_wrong() -> list[str]:
    try:
        return list(sequencer.status().wrong)
    except NoLedger as error:
        return [str(error)]


def _lies_with(taken: Taken) -> str:
    """A warning where keys and what they open lie in one place; empty where they do not."""
    others = Backup.objects.exclude(content=taken.content).values_list("path", flat=True)
    beside = [path for path in others if Path(path).parent == taken.path.parent and Path(path).exists()]
    return f"workspace and keys must not lie in one place, and {beside[0]} is there, too: carry one of them away" if beside else ""


def _say(taken: Taken, ledger: list[str]) -> None:
    click.echo(f"Wrote {visible(str(taken.path))}: {counted(taken.files, 'file')}, {taken.size_bytes:,} bytes, SHA-256 {taken.digest}")
    if taken.size is not None and taken.content == "workspace":
        click.echo(f"  taken under the checkpoint at {taken.size:,} entries, root {taken.root}")
    if not taken.encrypted:
        click.echo("  not encrypted: whoever reads the file reads what is in it (--to encrypts)")
    for said in taken.left_out:
        click.echo(f"  left out: {visible(said)}", err=True)
    for said in (*taken.wrong, *ledger):
        click.echo(f"  WRONG: {visible(said)}", err=True)
    if together := _lies_with(taken):
        click.echo(f"  CAREFUL: {visible(together)}", err=True)
    if taken.content == "keys":
        click.echo(
            "  These are the keys. Keep them in another place than the workspace's backups; the ledger's high-water mark is not among them."
        )
    else:
        click.echo("  Keys are not in it: upheld backup --keys. Try it out: upheld restore --check")
