"""`upheld export site`: the Trust Center as static files."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from upheld.cli.shell import print_json, ready
from upheld.web.trust.gathering import center, gather
from upheld.web.trust.site import Site
from upheld.web.trust.writing import NotOurs, write


def _address(context: click.Context, parameter: click.Parameter, said: str | None) -> str:
    parts = urlsplit((said or "").rstrip("/"))
    if said and (parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment):
        raise click.BadParameter(f"{said!r} is no address that people read pages at, such as https://trust.example.org")
    return parts.geturl()


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--address", callback=_address, help="Where the folder will be read, such as https://trust.example.org: feeds and a sitemap name it."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def site(out: Path, address: str, as_json: bool) -> None:
    """Write the Trust Center to the folder OUT: pages with relative links, for any web host, or to be opened as they lie there.

    What an earlier call left in OUT is replaced; a folder that holds anything else is refused.
    """
    ready()
    opened = center()
    if opened is None:
        raise click.ClickException("no Trust Center is open: upheld act trust.open-trust-center --help")
    try:
        public = gather(opened)
        files = write(Site(replace(public, home=f"{address}/") if address else public), out)
    except NotOurs as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or out} cannot be written: {error.strerror}") from error
    if as_json:
        print_json({"out": str(out), "files": files})
    else:
        click.echo(f"{out}: {files} files; begin with {out / 'index.html'}")
