"""`upheld notices`: mail and webhooks - what waits, what was given up, and whether they work."""

import click

from upheld.cli.shell import print_json, ready
from upheld.evidence.visible import visible
from upheld.notices import delivering, queueing, webhooks
from upheld.notices.errors import NoticesMisconfigured
from upheld.notices.models import Notice


@click.group()
def notices() -> None:
    """See, test and retry mail and webhooks. Mail is set up in mail.toml of the workspace."""
    ready()


@notices.command("list")
@click.option("--given-up", is_flag=True, help="Only what was given up.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_notices(given_up: bool, as_json: bool) -> None:
    """List what waits and what was given up, oldest first."""
    found = Notice.objects.filter(sent_at=None)
    if given_up:
        found = found.exclude(given_up_at=None)
    if as_json:
        print_json([_as_json(each) for each in found])
        return
    if not found:
        click.echo("Nothing waits and nothing was given up.")
    for each in found:
        how = "given up" if each.given_up_at else f"waits until {each.not_before_at:%Y-%m-%d %H:%M}"
        why = f": {visible(each.error)}" if each.error else ""
        click.echo(f"{each.id} {each.channel} to {visible(each.to)}: {visible(each.title)} ({how}){why}")


@notices.command()
@click.argument("notice_id")
def retry(notice_id: str) -> None:
    """Try a notice that was given up again."""
    found = Notice.objects.filter(pk=notice_id, sent_at=None).exclude(given_up_at=None).first()
    if found is None:
        raise click.ClickException(f"No notice {visible(notice_id)[:60]} was given up. See: upheld notices list --given-up")
    delivering.retry(found)
    click.echo("It is sent with the next delivery.")


@notices.command()
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def test(context: click.Context, address: str, as_json: bool) -> None:
    """Send a test to a mail ADDRESS, or to the webhook of that name, now. Exit status 1 if it does not go out."""
    told = queueing.Told("notice.test", "A test from Upheld", "Mail from Upheld reaches this address.", "/")
    hooks = [each for each in queueing.webhooks() if each.name == address]
    sent = queueing.program(told, hooks[0]) if hooks else queueing.mail(told, to=address)
    delivering.deliver_one(sent)
    sent.refresh_from_db()
    if as_json:
        print_json(_as_json(sent))
    else:
        click.echo("It was sent." if sent.sent_at else f"It was not sent: {visible(sent.error)}")
    context.exit(0 if sent.sent_at else 1)


@notices.group()
def webhook() -> None:
    """Add, list and remove programs that are told."""


@webhook.command()
@click.argument("name")
@click.argument("url")
@click.option("--style", default="json", show_default=True, type=click.Choice(webhooks.STYLES), help="How it is told.")
@click.option("--secret", default="", help="Reference to the secret it is signed with: env:NAME, file:PATH or command:...")
@click.option("--kind", "kinds", multiple=True, help="A kind it wants, such as finding or finding.opened; all where none is given.")
def add(name: str, url: str, style: str, secret: str, kinds: tuple[str, ...]) -> None:
    """Tell the program at URL from now on; for slack and teams, URL is a reference such as env:NAME, since it is a secret."""
    try:
        webhooks.add(name, url, style=style, secret_reference=secret, kinds=kinds)
    except NoticesMisconfigured as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"Try it: upheld notices test {name}")


@webhook.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_webhooks(as_json: bool) -> None:
    """List the programs that are told."""
    found = [{"name": each.name, "url": each.url, "style": each.style, "kinds": each.kinds} for each in queueing.webhooks()]
    if as_json:
        print_json(found)
        return
    for each in found:
        click.echo(f"{each['name']} ({each['style']}): {visible(str(each['url']))}")
    if not found:
        click.echo("No program is told. Add one with: upheld notices webhook add NAME URL --secret REFERENCE")


@webhook.command()
@click.argument("name")
def remove(name: str) -> None:
    """Tell a program nothing any more."""
    try:
        webhooks.remove(name)
    except NoticesMisconfigured as error:
        raise click.UsageError(str(error)) from error


def _as_json(notice: Notice) -> dict[str, object]:
    return {
        "id": notice.id,
        "channel": notice.channel,
        "to": notice.to,
        "kind": notice.kind,
        "title": notice.title,
        "made_at": notice.made_at,
        "not_before_at": notice.not_before_at,
        "attempts": notice.attempts,
        "error": notice.error,
        "sent_at": notice.sent_at,
        "given_up_at": notice.given_up_at,
    }
