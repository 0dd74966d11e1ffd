"""`upheld ledger rotate-key`: a new signing key takes over, in a file or in a token."""

from pathlib import Path

import click

from upheld.cli.shell import print_json, ready_to_enter, stated
from upheld.ledger import rotating
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.hardware import Token, TokenFailed
from upheld.ledger.rotating import Rotated, Rotating
from upheld.web.trouble import of_file

FOLLOW = """The key in force is now
  {new}
Whoever trusts the old one, follows by this statement, which both keys signed ({file}):
  - a verifier: give it with --rotation FILE, or put both keys into the policy file,
    the old one with "until": {size}, the new one with "after": {size};
  - a witness: upheld ledger witness for {origin} '{new}' --instead
Keep it beside the old key; upheld ledger policy prints a policy with all of them."""


@click.command("rotate-key")
@click.option("--reason", required=True, callback=stated, help="Why; logged in the clear, so name nobody.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write the statement to.")
@click.option("--pkcs11", help="Keep the new key in a token: the absolute path of its PKCS#11 module.")
@click.option("--token", help="The token's label.")
@click.option("--label", default="upheld", show_default=True, help="The key's label; made in the token if there is none.")
@click.option("--pin", help="Reference to the PIN: env:NAME, file:PATH or command:PROGRAM ARGUMENTS.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def rotate_key(reason: str, output: Path | None, pkcs11: str | None, token: str | None, label: str, pin: str | None, as_json: bool) -> None:
    """Let a new signing key take over; the old one signs that it does, and its file is removed. Everything before stays verifiable."""
    ready_to_enter()
    _require_writable(output)
    try:
        done = rotating.rotate(reason, token=_token(pkcs11, token, label, pin))
    except (TokenFailed, Rotating, LedgerForked, MalformedKey, OSError) as error:
        raise click.ClickException(str(error)) from error
    try:
        if output is not None:
            output.write_text(done.note, encoding="utf-8")
    except OSError as error:
        click.echo(f"The key was rotated, and {of_file(error)}. Keep this statement:\n{done.note}", err=True)
        raise click.exceptions.Exit(1) from error
    if as_json:
        print_json({"old": done.old.text(), "new": done.new.text(), "size": done.size, "statement": done.note, "note": done.sequenced.note})
    else:
        click.echo(_said(done, output))
        if output is None:
            click.echo(f"\n{done.note}", nl=False)


def _require_writable(output: Path | None) -> None:
    """Refuse before anything is rotated what could not be written afterwards."""
    try:
        if output is not None:
            output.open("ab").close()
    except OSError as error:
        raise click.ClickException(f"{of_file(error)}; nothing was rotated") from error


def _token(module: str | None, token: str | None, label: str, pin: str | None) -> Token | None:
    if module is None:
        if token or pin:
            raise click.UsageError("--token and --pin say where a key in a token is: give --pkcs11, too")
        return None
    if not token or not pin:
        raise click.UsageError("--pkcs11 needs --token, the token's label, and --pin, a reference to its PIN")
    return Token(module, token, label, pin)


def _said(done: Rotated, output: Path | None) -> str:
    return FOLLOW.format(new=done.new.text(), size=done.size, origin=done.new.name, file=output or "below")
