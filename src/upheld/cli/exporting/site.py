"""`upheld export site`: the Trust Center as static files."""

from pathlib import Path

import click

from upheld.cli.shell import print_json, ready
from upheld.web.trust.gathering import center, gather
from upheld.web.trust.site import Site
from upheld.web.trust.writing import NotOurs, write


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def site(out: Path, as_json: bool) -> None:
    """Write the Trust Center to the folder OUT: pages with relative links, for any web host, or to be opened as they lie there.

    What an earlier call left in OUT is replaced; a folder that holds anything else is refused.
    """
    ready()
    opened = center()
    if opened is None:
        raise click.ClickException("no Trust Center is open: upheld act trust.open-trust-center --help")
    try:
        files = write(Site(gather(opened)), out)
    except NotOurs as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or out} cannot be written: {error.strerror}") from error
    if as_json:
        print_json({"out": str(out), "files": files})
    else:
        click.echo(f"{out}: {files} files; begin with {out / 'index.html'}")
