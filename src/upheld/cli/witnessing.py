"""`upheld ledger witness`: others who cosign our checkpoints, and the logs of others that we cosign."""

from dataclasses import asdict
from pathlib import Path

import click

from upheld.cli.main import BROKEN_OR_UNPROVEN, DONE, SOURCE_FAILED
from upheld.cli.shell import AS_JSON, print_json, ready, ready_to_enter, say
from upheld.ledger import models, sequencer, standing
from upheld.ledger.checkpoint import COSIGNATURE, MalformedKey, parse_key
from upheld.ledger.witness import asking, cosigner, watching
from upheld.ledger.witness.asking import ALARM, NoWitness
from upheld.ledger.witness.cosigner import NotCosigned
from upheld.ledger.witness.watching import NotWatched
from upheld.outgoing import NotAllowed


@click.group()
def witness() -> None:
    """Let others cosign our checkpoints, and cosign those of others: then nobody can keep two histories."""


@witness.command()
@click.argument("name")
@click.argument("url")
@click.argument("key")
@AS_JSON
def add(name: str, url: str, key: str, as_json: bool) -> None:
    """Ask the witness at URL (https://host/prefix) to cosign every checkpoint; KEY is its verification key (name+id+base64)."""
    ready_to_enter()
    try:
        asking.add(name, url, parse_key(key, COSIGNATURE))
    except (NoWitness, NotAllowed, MalformedKey) as error:
        raise click.ClickException(str(error)) from error
    sequencer.sequence()
    ours = sequencer.status().key
    say({"added": name, "url": url, "key": ours}, f"Added {name}. Its operator must know this log, too: {ours}", as_json)


@witness.command()
@click.argument("name")
@AS_JSON
def remove(name: str, as_json: bool) -> None:
    """Ask the witness NAME no more. What it cosigned stays."""
    ready_to_enter()
    try:
        asking.remove(name)
    except NoWitness as error:
        raise click.ClickException(str(error)) from error
    sequencer.sequence()
    say({"removed": name}, f"Removed {name}. What it cosigned stays.", as_json)


@witness.command("list")
@AS_JSON
def list_witnesses(as_json: bool) -> None:
    """List the witnesses that are asked, and the logs that we are a witness for."""
    ready()
    said = {each.name: each.said() for each in standing.standing(sequencer.current()).witnesses}
    asked = [{"name": row.name, "url": row.url, "key": row.key, "trouble": row.trouble} for row in asking.in_use()]
    watched = [{**asdict(each), "keys": [key.text() for key in each.keys]} for each in watching.watching()]
    if as_json:
        print_json({"asked": asked, "watched": watched})
        return
    for row in asked:
        click.echo(f"{row['name']}  {row['url']}  {said[row['name']]}")
    for log in watched:
        click.echo(
            f"for {log['origin']}: seen {log['size']:,} entries" + (", FORKED" if log["forked"] else "") + (", LOST" if log["lost"] else "")
        )
    if not asked and not watched:
        click.echo("No witness is asked, and no log is watched.")


@witness.command()
@AS_JSON
@click.pass_context
def push(context: click.Context, as_json: bool) -> None:
    """Ask every witness for its cosignature now. Exit status 3 if one failed, 1 if one says that the log does not go on as it was."""
    ready()
    found = asking.push(sequencer.current())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        click.echo(
            "\n".join(f"{each.name}: {each.said()}" for each in found)
            or "Nobody was asked: there is no witness. See upheld ledger witness add."
        )
    alarmed = any(each.trouble.startswith(ALARM) for each in found)
    context.exit(BROKEN_OR_UNPROVEN if alarmed else SOURCE_FAILED if any(each.trouble for each in found) else DONE)


@witness.command("for")
@click.argument("origin")
@click.argument("key")
@click.option("--instead", is_flag=True, help="It may sign with no other key any more, as after a rotation.")
@AS_JSON
def watch(origin: str, key: str, instead: bool, as_json: bool) -> None:
    """Be a witness for the log ORIGIN, which signs under KEY. Called again with another KEY, it may sign with that, too."""
    ready_to_enter()
    try:
        theirs = parse_key(key)
    except MalformedKey as error:
        raise click.ClickException(str(error)) from error
    if theirs.name != origin:
        raise click.ClickException(f"the key is of {theirs.name}, not of {origin}")
    try:
        mine = watching.watch(theirs, instead=instead)
    except NotWatched as error:
        raise click.ClickException(str(error)) from error
    sequencer.sequence()
    said = f"Watching {origin}. Its operator adds this witness with the address /witness of this server, and the key\n{mine.text()}"
    say({"watching": origin, "key": mine.text()}, said, as_json)


@witness.command("no-longer-for")
@click.argument("origin")
@AS_JSON
def unwatch(origin: str, as_json: bool) -> None:
    """Be a witness for ORIGIN no more."""
    ready_to_enter()
    try:
        watching.unwatch(origin)
    except NotWatched as error:
        raise click.ClickException(str(error)) from error
    sequencer.sequence()
    say({"no_longer_watching": origin}, f"No longer watching {origin}.", as_json)


@witness.command()
@AS_JSON
def key(as_json: bool) -> None:
    """Print the key that we cosign with."""
    ready()
    try:
        mine = cosigner.own_key().key.text()
    except NotCosigned as error:
        raise click.ClickException("this is no witness yet: upheld ledger witness for ORIGIN KEY") from error
    say({"key": mine}, mine, as_json)


@witness.command()
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the proofs to.")
@AS_JSON
@click.pass_context
def forks(context: click.Context, output: Path | None, as_json: bool) -> None:
    """List logs that signed two histories, as seen by this witness. Exit status 1 if there is one."""
    ready()
    found = list(models.ForkFound.objects.order_by("found_at"))
    for each in found:
        if output is not None:
            output.mkdir(parents=True, exist_ok=True)
            (output / f"{each.digest[:16]}.fork.json").write_bytes(bytes(each.proof))
    if as_json:
        print_json([{"origin": each.origin, "found_at": each.found_at, "proof": bytes(each.proof).decode()} for each in found])
    else:
        click.echo(
            "\n".join(f"{each.origin} forked; found {each.found_at:%Y-%m-%d %H:%M} UTC, {each.digest[:16]}.fork.json" for each in found)
            or "None."
        )
    context.exit(BROKEN_OR_UNPROVEN if found else DONE)
