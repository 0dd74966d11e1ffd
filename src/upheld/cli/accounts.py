"""`upheld accounts`: who signs in, with which roles, and getting in where nobody can."""

import getpass
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any

import click
from django.conf import settings
from django.urls import reverse

from upheld import clock
from upheld.accounts import attempts, factors, giving, links, tokens
from upheld.accounts.giving import AccountError
from upheld.accounts.models import Account
from upheld.accounts.person import in_force
from upheld.accounts.role import Role, rights
from upheld.cli.shell import print_json, ready
from upheld.ledger.entry import Actor
from upheld.sources.staff import tie

HERE = "http://localhost:8000"


@click.group()
def accounts() -> None:
    """Make and end accounts, give and take roles, hand out links. Each step is entered in the ledger."""
    ready()


def operator() -> Actor:
    """Return whoever runs this command, as an entry's actor: their name on this machine, which the ledger turns into a tag."""
    return Actor("operator", getpass.getuser(), "cli")


def told(step: Callable[..., Any]) -> Callable[..., Any]:
    """Return `step` such that what cannot be done is told in a sentence."""

    @wraps(step)
    def wrapped(*args: Any, **named: Any) -> Any:
        try:
            return step(*args, **named)
        except AccountError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_accounts(as_json: bool) -> None:
    """List accounts with roles, second factors and whether they are locked."""
    known = list(Account.objects.order_by("-is_active", "mail"))
    held = factors.of(known)
    lines = [_line(each, held.get(each.pk, ())) for each in known]
    if as_json:
        print_json(lines)
        return
    for line in lines:
        factor = ", ".join(line["second_factors"]) or "no second factor"
        state = "" if line["active"] else "  ended"
        locked = "  locked" if line["locked"] else ""
        click.echo(f"{line['mail']}  {', '.join(line['roles']) or 'no role'}  {factor}{state}{locked}")
    if not lines:
        click.echo("Nobody has an account. Make the first: upheld init --administrator MAIL")


def _line(account: Account, second_factors: tuple[str, ...]) -> dict[str, Any]:
    return {
        "mail": account.mail,
        "name": account.name,
        "person": account.person,
        "active": account.is_active,
        "sample": account.sample,
        "roles": [str(each) for each in account.roles_given.filter(in_force(clock.now()))] if account.is_active else [],
        "second_factors": list(second_factors),
        "locked": attempts.locked_until(account.mail) is not None,
    }


@accounts.command("add")
@click.argument("mail")
@click.option("--name", default="", help="How the person is called.")
@click.option("--person", default="", help="Their number in the HR list (people.id).")
@click.option("--role", type=click.Choice([each.value for each in Role]), help="A role to give at once.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@told
def add(mail: str, name: str, person: str, role: str | None, as_json: bool) -> None:
    """Make an account for MAIL and print a link that lets its owner in once."""
    account = giving.make(mail, name=name, person=person, by=operator())
    if role:
        giving.give(account, Role(role), by=operator())
    print_link(account, as_json)


@accounts.command()
@click.argument("mail")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@told
def link(mail: str, as_json: bool) -> None:
    """Print a link that lets MAIL in once, within 24 hours; links made before stop working."""
    print_link(giving.account_of(mail), as_json)


def print_link(account: Account, as_json: bool) -> None:
    """Make a link for `account` and print it; it is shown nowhere else."""
    address = sign_in_link(account)
    if as_json:
        print_json({"mail": account.mail, "link": address, "expires_at": clock.now() + links.LASTS})
    else:
        click.echo(f"{account.mail} gets in once, within 24 hours, by this link. Hand it over in private:\n{address}")


def sign_in_link(account: Account) -> str:
    """Return the address of a new link that lets `account` in once; raises `AccountError` for one that ended."""
    if not account.is_active:
        raise AccountError(f"the account {account.mail} has ended")
    return (settings.ADDRESS or HERE) + reverse("sign-in-link", args=[links.make(account, by=operator())])


@accounts.command("end")
@click.argument("mail")
@told
def end_account(mail: str) -> None:
    """End the account of MAIL: its roles, tokens and links end, and its sessions with the next page."""
    giving.end(giving.account_of(mail), by=operator())
    click.echo(f"{mail} can no longer sign in.")


def _over(_context: click.Context, _option: click.Parameter, said: str | None) -> tuple[str, str] | None:
    if said is None:
        return None
    kind, colon, name = said.partition(":")
    if kind not in giving.OVER or not colon or not name:
        raise click.BadParameter(f"{said!r} is written as one of {', '.join(f'{each}:NAME' for each in giving.OVER)}")
    return kind, name


def _day(_context: click.Context, _option: click.Parameter, said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise click.BadParameter(f"{said!r} is no day; write it as 2026-05-03") from error


for_option = click.option(
    "--for", "over", callback=_over, metavar="KIND:NAME", help="What for: chapter:backup, document:iso, owner:it-operations."
)


@accounts.command()
@click.argument("mail")
@click.argument("role", type=click.Choice([each.value for each in Role]))
@for_option
@click.option("--since", callback=_day, metavar="DAY", help="Auditors: first day of the period they read.")
@click.option("--until", callback=_day, metavar="DAY", help="Auditors: last day of the period they read.")
@click.option("--ends", callback=_day, metavar="DAY", help="The day on which the role ends by itself.")
@told
def give(mail: str, role: str, over: tuple[str, str] | None, since: date | None, until: date | None, ends: date | None) -> None:
    """Give MAIL a ROLE."""
    ends_at = datetime(ends.year, ends.month, ends.day, tzinfo=UTC) if ends else None
    given = giving.give(giving.account_of(mail), Role(role), by=operator(), over=over, period=(since, until), ends_at=ends_at)
    click.echo(f"{mail} is now {given}.")


@accounts.command()
@click.argument("mail")
@click.argument("role", type=click.Choice([each.value for each in Role]))
@for_option
@told
def take(mail: str, role: str, over: tuple[str, str] | None) -> None:
    """Take a ROLE from MAIL."""
    giving.take(giving.account_of(mail), Role(role), by=operator(), over=over)
    click.echo(f"{mail} is no longer {role}.")


@accounts.command()
@click.argument("mail")
@told
def unlock(mail: str) -> None:
    """Let passwords for MAIL be looked at again after too many failures."""
    was = attempts.unlock(giving.account_of(mail), by=operator())
    click.echo(f"{mail} is unlocked." if was else f"{mail} was not locked.")


@accounts.command()
@click.argument("mail")
@told
def reset(mail: str) -> None:
    """Take all second factors from MAIL, who then sets up new ones at the next sign-in."""
    taken = factors.reset(giving.account_of(mail), by=operator())
    click.echo(f"{mail} had {taken} second factors and recovery codes; they no longer count.")


@accounts.command()
@click.argument("mail")
@click.option("--name", required=True, help="What it is for.")
@click.option("--may", type=click.Choice(["read", "change"]), default="read", show_default=True, help="What it may do at most.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="How long it lasts.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@told
def token(mail: str, name: str, may: str, days: int, as_json: bool) -> None:
    """Print a new token for the API, as MAIL. It is shown this once."""
    made = tokens.make(giving.account_of(mail), name=name, only_reads=may == "read", lasts=timedelta(days=days), by=operator())
    if as_json:
        print_json({"token": made, "expires_at": clock.now() + timedelta(days=days)})
    else:
        click.echo(made)


@accounts.command("tie")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def tie_people(as_json: bool) -> None:
    """Tie accounts to the people of the HR list by their address, and learn from it who reports to whom."""
    done = tie(by=operator())
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(f"{done.tied} accounts tied to a person, {done.untied} to nobody; {done.lines} people report to somebody.")


@accounts.command("rights")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show_rights(as_json: bool) -> None:
    """Print what each role may see and do, and how far."""
    rows = [
        {"verb": row.verb, "thing": row.thing, "means": row.means, "reach": {role.value: far.value for role, far in row.reach.items()}}
        for row in rights().values()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rights().values():
        click.echo(f"{row.verb} {row.thing}: {row.means}")
        for role, reach in row.reach.items():
            click.echo(f"    {role}: {reach}")
