"""`upheld serve`: the pages, on this machine, or behind a proxy with a certificate."""

import gc
import ipaddress
import socket
from contextlib import nullcontext

import click
from django.conf import settings
from django.urls import get_resolver, reverse
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from upheld import clock
from upheld.accounts.models import Account, RoleGiven
from upheld.accounts.person import in_force
from upheld.accounts.role import Role
from upheld.cli.shell import one_at_a_time, ready
from upheld.erasure.reapplying import reapply
from upheld.jobs.process import beside, ending_with_us
from upheld.verdicts.measures import measures_of

# A few people on one machine: more threads would only wait for one another, each with its own connection to the database.
THREADS = 4


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Others than loopback take an https address, a proxy and an administrator."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--work/--no-work", default=True, show_default=True, help="Also do what is due, in a process beside (see upheld work).")
def serve(host: str, port: int, work: bool) -> None:
    """Serve the pages, and keep what they show up to date. Ctrl-C ends it."""
    space = ready()
    if why := refusal(host) or taken(host, port):
        raise click.ClickException(why)
    with one_at_a_time(space):
        reapply()  # whatever a restore brought back is erased again before anything is shown
    for line in greeting(host, port):
        click.echo(line)
    server = Server(
        "upheld.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        log_access=False,
    )
    import upheld.wsgi  # noqa: F401, PLC0415  all that answers is loaded here, once, and shared with the processes that begin below

    get_resolver().url_patterns  # noqa: B018  as above: every page
    measures_of(space)
    gc.freeze()  # what is loaded by now is shared with the process that answers, and stays so while neither looks through it for garbage
    with beside(_work) if work else nullcontext():
        ending_with_us()
        server.serve()


def _work(process: int) -> None:
    """Do what is due; only the process that does it loads what that takes."""
    from upheld.cli.work import work_beside  # noqa: PLC0415  as said

    work_beside(process)


def refusal(host: str) -> str:
    """Return why the pages are not served on `host`, and what to do; "" where they are.

    Beyond this machine only by https, behind a proxy whose word about the client we know to trust, and with somebody who can let others in.
    """
    beyond = not _is_loopback(host)
    if beyond and not settings.ADDRESS:
        return (
            f"{host} is not a loopback address: set UPHELD_ADDRESS to the https address that people type, and UPHELD_PROXIES to the proxy's"
        )
    if settings.ADDRESS and not settings.PROXIES:
        return "UPHELD_ADDRESS is set and UPHELD_PROXIES is not: say from which network the proxy asks, such as 127.0.0.1/32"
    if settings.ADDRESS and not _administrated():
        return "nobody could let others in: upheld init --administrator MAIL makes the first account"
    return ""


def taken(host: str, port: int) -> str:
    """Return why nothing can be served at `port` of `host`, and what to do; "" where it is free.

    The server shares a port with whoever shares theirs: half of the requests would then be answered from another workspace.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        with socket.socket(*found[0][:3]) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(found[0][4])
    except OSError as error:
        return f"port {port} of {host} cannot be used ({error.strerror}): end what serves there, or choose another with --port"
    return ""


def greeting(host: str, port: int) -> list[str]:
    """Return what to say when serving begins: where, and who can see it."""
    if settings.ADDRESS:
        both = f"{settings.ADDRESS} and {settings.TRUST_ADDRESS}" if settings.TRUST_ADDRESS else settings.ADDRESS
        return [f"Serving {both} on {host}:{port}, for the proxy - Ctrl-C ends it."]
    # Browsers offer passkeys at a name, and at none of the numbers.
    name = "localhost" if host in ("127.0.0.1", "::1") else host
    lines = [f"Serving on http://{name}:{port}/ - Ctrl-C ends it."]
    if not Account.objects.filter(sample=False).exists():
        lines.append(
            "Nobody has an account, so whoever is at this machine reads everything. To change that: upheld init --administrator MAIL"
        )
        if Account.objects.filter(sample=True, is_active=True).exists():
            lines.append(f"To look as somebody of the sample company: http://{name}:{port}{reverse('account_login')}")
    return lines


def _administrated() -> bool:
    given = RoleGiven.objects.filter(in_force(clock.now()), role=Role.ADMINISTRATOR, account__is_active=True, account__sample=False)
    return given.exists()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
