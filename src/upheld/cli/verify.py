"""`upheld verify`: a bundle, an export or a proof, by the same code that its file alone is verified with."""

from pathlib import Path

import click

from upheld.cli.shell import print_json
from upheld.ledger import policy, policy_file, signers
from upheld.ledger.checkpoint import MalformedCheckpoint, MalformedKey, parse_key
from upheld.ledger.policy import MalformedPolicy, Policy
from upheld.ledger.verify.__main__ import notes as checkpoints_in
from upheld.ledger.verify.__main__ import verify as verify_export
from upheld.ledger.verify.bundle import bundle as bundles
from upheld.ledger.verify.bundle import command, program
from upheld.ledger.verify.bundle.command import Verified
from upheld.ledger.verify.bundle.logs import Brought
from upheld.ledger.verify.layout import Unreadable
from upheld.workspace import current


@click.command()
@click.argument("bundle", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--key", "keys", multiple=True, help="Key to trust (name+id+base64). Default: those of this workspace's logs.")
@click.option("--policy", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="File of what to trust.")
@click.option("--held", type=click.Path(path_type=Path, exists=True, dir_okay=False), multiple=True, help="A checkpoint kept from before.")
@click.option("--reperform", is_flag=True, help="Run every query anew on the bundle's own rows.")
@click.option(
    "--write-verifier", type=click.Path(path_type=Path), help=f"Write the verifier as one file, {program.NAME}, and print its SHA-256."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def verify(
    context: click.Context,
    bundle: Path | None,
    keys: tuple[str, ...],
    file: Path | None,
    held: tuple[Path, ...],
    reperform: bool,
    write_verifier: Path | None,
    as_json: bool,
) -> None:
    """Verify BUNDLE (or an export, or a .tlog-proof file). Exit status 1 if anything in it does not hold.

    Nothing of it is believed: not its keys, not its digests, not its queries.
    """
    if write_verifier is not None:
        _write(write_verifier, as_json)
        if bundle is None:
            return
    if bundle is None:
        raise click.UsageError("name the bundle to verify")
    trusted = _trusted(keys, file)
    notes = _held(held)
    if bundles.is_bundle(bundle):
        found = command.verify(bundle, Brought(trusted, notes), reperform=reperform)
    elif reperform:
        raise click.UsageError(f"{bundle} is no bundle: there is nothing in it to re-perform")
    else:
        found = Verified(verify_export(bundle, trusted.keys[0].key.name, trusted, notes))
    if as_json:
        print_json(found.plain())
    else:
        click.echo(command.visible(found.text()))
    context.exit(0 if found.holds else 1)


def _held(paths: tuple[Path, ...]) -> list[bytes]:
    try:
        return [note for path in paths for note in checkpoints_in(path)]
    except (MalformedCheckpoint, Unreadable) as error:
        raise click.UsageError(str(error)) from error


def _write(path: Path, as_json: bool) -> None:
    try:
        digest = program.write(path)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"path": str(path), "sha256": digest})
    else:
        click.echo(f"Wrote {path}, SHA-256 {digest}")


def _trusted(keys: tuple[str, ...], file: Path | None) -> Policy:
    """Return whom to trust: as the command line says, else the keys of this workspace's own logs."""
    if keys and file:
        raise click.UsageError("give --key or --policy: a policy has the keys in it")
    try:
        if file is not None:
            return policy_file.read(file.read_text(encoding="utf-8"))
        if keys:
            return policy.trusting([parse_key(text) for text in keys])
        own = signers.known() if current().exists else []
    except (MalformedKey, MalformedPolicy, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    if not own:
        raise click.UsageError("say whom you trust, by --key or --policy: what is verified cannot say so itself")
    return policy.trusting(own)
