"""`upheld restore`: bring a backup back, or try whether it can be."""

from dataclasses import asdict
from pathlib import Path

import click

from upheld import workspace
from upheld.cli.shell import Bar, counted, print_json
from upheld.evidence.visible import visible
from upheld.ledger.checkpoint import MalformedKey, VerificationKey, parse_key
from upheld.sources.source import resolve_secret
from upheld.upkeep import restoring
from upheld.upkeep.restoring import Restored, Source
from upheld.upkeep.sealing import identities
from upheld.workspace import Workspace, use

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--check", is_flag=True, help="Only try it out: bring it back beside the workspace, verify it in full, remove it, and enter the result."
)
@click.option("--keys", is_flag=True, help="FILE is a backup of keys: bring them back, where there are none.")
@click.option(
    "--identity", "references", multiple=True, metavar="REFERENCE", help="Private key of age: env:NAME, file:PATH or command:PROGRAM."
)
@click.option("--key", "trusted", multiple=True, help="Public key of the ledger whose backups to trust, beside those in the key directory.")
@click.option("--unsigned", is_flag=True, help="Take the backup as it is, although nothing shows whose it is.")
@click.option("--despite", is_flag=True, help="Also where what came back is not in order; it stays so.")
@_AS_JSON
@click.pass_context
def restore(
    context: click.Context,
    file: Path,
    check: bool,
    keys: bool,
    references: tuple[str, ...],
    trusted: tuple[str, ...],
    unsigned: bool,
    despite: bool,
    as_json: bool,
) -> None:
    """Put the backup in FILE in the place of the workspace, all or nothing. The old state is kept beside it, and named.

    Before anything is changed, every digest, the database, the ledger and the Merkle roots are verified. Exit status 1 if
    the backup is not what it should be, 2 if it cannot be brought back here.
    """
    space = workspace.current()
    source = Source(file, [key for text in references for key in identities(resolve_secret(text))], _parsed(trusted), unsigned)
    if keys:
        _keys(space, source, as_json)
    elif check:
        context.exit(_check(space, source, as_json))
    else:
        _restore(space, source, despite, as_json)


def _parsed(texts: tuple[str, ...]) -> list[VerificationKey]:
    try:
        return [parse_key(text) for text in texts]
    except MalformedKey as error:
        raise click.BadParameter(str(error)) from error


def _restore(space: Workspace, source: Source, despite: bool, as_json: bool) -> None:
    with Bar("restore") as progress:
        done = restoring.restore(space, source, despite=despite, progress=progress)
    if as_json:
        print_json(
            {
                "backup": done.manifest.backup,
                "taken_at": done.manifest.taken_at,
                "product": done.manifest.product,
                "files": len(done.manifest.files),
                "changes": done.upgraded,
                "erased_again": asdict(done.erased),
                "aside": str(done.aside) if done.aside else None,
                "way_on": done.way_on,
            }
        )
    else:
        _say(space, done)


def _say(space: Workspace, done: Restored) -> None:
    manifest = done.manifest
    click.echo(f"Restored {space.root}: {counted(len(manifest.files), 'file')}, as of {manifest.taken_at}, every one verified.")
    if done.upgraded:
        click.echo(f"  It was taken by {manifest.product}; {counted(done.upgraded, 'change')} of tables brought it to this release.")
    if done.erased:
        click.echo("  What had been erased since it was taken was erased in it again, before anybody could read it.")
    if done.aside:
        click.echo(f"  The state before lies in {done.aside}; delete it once you are sure.")
    for said in manifest.wrong:
        click.echo(f"  WRONG already when it was taken: {visible(said)}", err=True)
    if done.way_on:
        click.echo(f"  Its ledger does not go on by itself: {visible(done.way_on)}", err=True)
        click.echo("  The way on: upheld ledger new-shard --reason 'restored from a backup'", err=True)
    if not any(space.keys.glob("ledger/*.key")):
        click.echo("  There are no keys here yet: upheld restore --keys FILE", err=True)


def _check(space: Workspace, source: Source, as_json: bool) -> int:
    if space.exists:
        use(space)
    with Bar("restore test") as progress:
        tested, _ = restoring.try_out(space, source, progress=progress)
    if as_json:
        print_json({**asdict(tested), "took": tested.took.total_seconds(), "content_verified": not tested.wrong, "entered": space.exists})
    else:
        said = "comes back whole: every digest, the database, the ledger and the Merkle roots hold"
        cost = f"{counted(tested.files, 'file')}, {tested.took.total_seconds():.1f} s"
        click.echo(f"{source.path}: {'does NOT come back' if tested.wrong else said} ({cost})")
        for wrong in tested.wrong:
            click.echo(f"  WRONG: {visible(wrong)}", err=True)
        if not space.exists:
            click.echo(f"  Entered nowhere: there is no workspace at {space.root}", err=True)
    return 1 if tested.wrong else 0


def _keys(space: Workspace, source: Source, as_json: bool) -> None:
    manifest = restoring.restore_keys(space, source)
    if as_json:
        print_json({"backup": manifest.backup, "taken_at": manifest.taken_at, "files": len(manifest.files), "keys": str(space.keys)})
        return
    click.echo(f"Brought {counted(len(manifest.files), 'file')} back to {space.keys}, as of {manifest.taken_at}.")
    click.echo("  The ledger's high-water mark is lost with the old key directory: after restoring the workspace, upheld ledger new-shard")
