"""`upheld serve`: the pages, on loopback only."""

import ipaddress
from contextlib import nullcontext

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from upheld.cli.shell import one_at_a_time, ready
from upheld.erasure.reapplying import reapply
from upheld.jobs.process import beside

# A few people on one machine: more threads would only wait for one another, each with its own connection to the database.
THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address; others are refused until there is sign-in.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--work/--no-work", default=True, show_default=True, help="Also do what is due, in a process beside (see upheld work).")
def serve(host: str, port: int, work: bool) -> None:
    """Serve the pages on this machine, and keep what they show up to date. Ctrl-C ends it."""
    space = ready()
    if not _is_loopback(host):
        raise click.ClickException(f"{host} is not a loopback address: there is no sign-in yet, so pages stay on this machine")
    with one_at_a_time(space):
        reapply()  # whatever a restore brought back is erased again before anything is shown
    click.echo(f"Serving on http://{host}:{port}/ - Ctrl-C ends it.")
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
    with beside(space) if work else nullcontext():
        server.serve()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
