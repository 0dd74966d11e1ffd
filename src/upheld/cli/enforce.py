"""`upheld enforce`: disable, enable, grant, revoke, reset a secret or end sessions at a source that offers it, and read it back."""

import uuid

import click

from upheld.cli.shell import AS_JSON, print_json, ready, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.entry import Actor
from upheld.ledger.sequencer import sequence
from upheld.sources import addressing, configured, journal
from upheld.sources.enforcing import Order, Outcome, Verb
from upheld.sources.journal import Carried
from upheld.sources.models import ConfiguredSource, Enforcement
from upheld.sources.source import SourceError

REFUSED, SOURCE_FAILED = 1, 3
CLI = Actor("system", "upheld", "cli")
WORDS = {Outcome.CARRIED_OUT: "done and read back", Outcome.REFUSED: "refused", Outcome.UNKNOWN: "unknown"}


@click.command("enforce")
@click.argument("source")
@click.argument("verb", type=click.Choice([verb.value.replace("_", "-") for verb in Verb]))
@click.argument("account")
@click.argument("entitlement", required=False, default="")
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
@click.option(
    "--key", default="", help="Says once what is wanted: the same key again finds what came of it, and goes on where that was cut short."
)
@click.option("--reason", default="", help="The record that asks for it, such as leaver-case:12; logged in the clear.")
@AS_JSON
@click.pass_context
def enforce(
    context: click.Context, source: str, verb: str, account: str, entitlement: str, *, dry_run: bool, key: str, reason: str, as_json: bool
) -> None:
    """Do VERB to ACCOUNT (its id, or the name it signs in with) at SOURCE, with ENTITLEMENT for grant and revoke, and read it back.

    `create` is tried with --dry-run alone: accounts are made by the actions make-account and make-account-for-case.

    Exit status 1 where it was refused, 3 where the source did not answer and nobody knows. A new secret is printed once and kept nowhere.
    """
    if verb == Verb.CREATE and not dry_run:
        raise click.UsageError("accounts are made by what was approved: `upheld act` with make-account or make-account-for-case")
    (ready if dry_run else ready_to_enter)()
    asked = configured.named(source)
    order = _order(asked, Verb(verb.replace("-", "_")), account, entitlement)
    if dry_run:
        _plan(context, asked, order, as_json=as_json)
        return
    done = journal.enforce(asked, order, key=key or f"cli/{uuid.uuid4()}", by=CLI, reason=reason)
    sequence()
    _print(done, as_json=as_json)
    context.exit({Outcome.REFUSED: REFUSED, Outcome.UNKNOWN: SOURCE_FAILED}.get(Outcome(done.order.outcome), 0))


def _order(source: ConfiguredSource, verb: Verb, account: str, entitlement: str) -> Order:
    if verb.needs_entitlement != bool(entitlement):
        raise click.UsageError(
            f"{verb.value} {'needs an entitlement: what is given or taken' if verb.needs_entitlement else 'takes no entitlement'}"
        )
    return addressing.order(source, verb, account, entitlement)


def _plan(context: click.Context, source: ConfiguredSource, order: Order, *, as_json: bool) -> None:
    try:
        plan = journal.plan(source, order)
    except SourceError as error:
        click.echo(visible(str(error), keep="\n"), err=True)
        context.exit(REFUSED if error.permanent else SOURCE_FAILED)
    if as_json:
        print_json({"verb": order.verb, "account": order.account, "already_so": plan.holds, "allowed": plan.allowed, "said": plan.said})
    else:
        click.echo(f"Nothing was changed. {visible(plan.said)}")
    context.exit(REFUSED if plan.allowed is False and not plan.holds else 0)


def _print(done: Carried, *, as_json: bool) -> None:
    row = done.order
    if as_json:
        print_json(_json(row) | ({"secret": done.secret} if done.secret else {}))
        return
    click.echo(f"{WORDS[Outcome(row.outcome)]}: {visible(row.said)}")
    if row.outcome == Outcome.UNKNOWN:
        click.echo(f"It is tried again by the worker, and by the same command with --key {row.key}.", err=True)
    if done.secret:
        click.echo(f"The new secret, shown this once: {done.secret}")


def _json(row: Enforcement) -> dict[str, object]:
    told = {"order": row.id, "key": row.key, "verb": row.verb, "source": row.source.name, "account": row.account}
    return told | {"entitlement": row.entitlement, "outcome": row.outcome, "changed": row.changed, "said": row.said, "tries": row.tries}
