"""`upheld act`: do something to a register, as the person named, by the same declaration that forms and the API are made from."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import click
import orjson

from upheld.accounts.models import Account
from upheld.accounts.person import Person, person_of
from upheld.actions.acting import Done
from upheld.actions.asking import ask, ask_for_each
from upheld.actions.declaring import Action, declared
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import keep_file
from upheld.actions.kinds import File, ListOf
from upheld.actions.parameters import Parameter
from upheld.cli.shell import print_json, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence

REFUSED, ILL = 1, 2


class Actions(click.Group):
    """A sub-command for each action, made from its declaration."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every action's name."""
        return ["from", *declared()]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command for the action called `name`, or None."""
        if name == "from":
            return from_
        return _command(declared()[name]) if name in declared() else None


@click.group(cls=Actions, invoke_without_command=True)
@click.pass_context
def act(context: click.Context) -> None:
    """Do something to a register. Everything that happens is an entry of the ledger. Without a command, what there is to do."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _command(action: Action[..., Any]) -> click.Command:
    options: list[click.Parameter] = [_option(each) for each in action.parameters]
    if action.on is not None:
        options.insert(0, click.Argument(["numbers"], nargs=-1, required=True, metavar="NUMBER..."))
    options += [
        click.Option(["--by", "who"], envvar="UPHELD_PERSON", required=True, help="Who does it: an account's mail or people.id."),
        click.Option(["--seen"], type=int, help="The version of the record that you saw."),
        click.Option(["--key"], default="", help="An idempotency key."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print as JSON."),
    ]

    def call(who: str, seen: int | None, key: str, as_json: bool, numbers: tuple[str, ...] = (), **given: Any) -> None:
        ready_to_enter()
        values = {each.name: _value(each, given[each.name]) for each in action.parameters if given[each.name] not in (None, ())}
        done = _told(lambda: _ask(action, values, account(who), numbers, seen, key), as_json)
        _print(done, as_json)

    return click.Command(action.name, callback=call, params=options, help=action.meaning, short_help=action.meaning)


def _option(parameter: Parameter) -> click.Option:
    help_text = parameter.meaning + ("" if parameter.required else " (optional)")
    return click.Option(
        [f"--{parameter.name.replace('_', '-')}", parameter.name], multiple=isinstance(parameter.kind, ListOf), help=help_text
    )


def _value(parameter: Parameter, given: Any) -> Any:
    if isinstance(parameter.kind, File):
        path = Path(given)
        return keep_file(path.read_bytes()).sha256 if path.is_file() else given
    return list(given) if isinstance(given, tuple) else given


def _ask(action: Action[..., Any], given: dict[str, Any], by: Person, numbers: Sequence[str], seen: int | None, key: str) -> list[Done]:
    if len(numbers) > 1:
        if seen is not None or key:
            raise Ill({"": ("--seen and --key speak of one record; give one number.",)})
        return ask_for_each(action, given, by=by, numbers=numbers)
    return [ask(action, given, by=by, number=numbers[0] if numbers else None, seen=seen, key=key)]


def account(who: str) -> Person:
    """Return the person at work whose account has the mail or people.id `who`; raises `Ill`."""
    found = (
        Account.objects.filter(is_active=True, mail=who.strip().lower()).first()
        or Account.objects.filter(is_active=True, person=who).first()
    )
    if found is None or not who:
        raise Ill({"by": (f"There is no account of {who!r}; give somebody's mail or people.id.",)})
    return person_of(found, via="cli")


@click.command("from")
@click.argument("file", type=click.File("rb"))
@click.option("--by", "who", envvar="UPHELD_PERSON", default="", help="Who does it, where a line does not say.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def from_(file: IO[bytes], who: str, as_json: bool) -> None:
    """Do one action a line of FILE: {"action": ..., "number": ..., "given": {...}, "by": ...}. Stops at the first that is refused."""
    ready_to_enter()
    for number, line in enumerate(file, 1):
        if line.strip():
            _print(_told(lambda said=line, at=number: [_from_line(said, at, who)], as_json), as_json)


def _from_line(line: bytes, at: int, who: str) -> Done:
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise Ill({"": (f"Line {at} is not JSON: {error}.",)}) from error
    name = str(said.get("action")) if isinstance(said, dict) else ""
    if name not in declared() or not isinstance(said.get("given", {}), dict):
        raise Ill({"": (f"Line {at}: there is no action {name!r}; upheld act lists them.",)})
    by = account(str(said.get("by") or who))
    return ask(
        declared()[name], said.get("given", {}), by=by, number=said.get("number"), seen=said.get("seen"), key=str(said.get("key") or "")
    )


def _told(call: Any, as_json: bool) -> list[Done]:
    """Return what `call` did; where it is refused, say why and exit."""
    try:
        done: list[Done] = call()
    except Refused as error:
        status = ILL if isinstance(error, Ill) else REFUSED
        if as_json:
            fields = error.fields if isinstance(error, Ill) else {}
            print_json({"error": str(error), "refused": type(error).__name__, "fields": fields})
        else:
            click.echo(visible(f"Not done: {error}", keep="\n"), err=True)
        sys.stdout.flush()
        raise click.exceptions.Exit(status) from error
    sequence()
    return done


def _print(done: list[Done], as_json: bool) -> None:
    if as_json:
        print_json([{"record": each.record, "entry": each.entry_id} for each in done])
    else:
        for each in done:
            click.echo(f"{each.record}: done, entry {each.entry_id}")
