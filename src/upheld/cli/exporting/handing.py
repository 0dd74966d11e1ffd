"""What the formats of `upheld export` share: which document as of when, and saying what was written."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from upheld.cli.shell import instant, print_json, ready_to_enter
from upheld.exports.position import ExportError, Position, position
from upheld.exports.writing import enter

F = TypeVar("F", bound=Callable[..., Any])


def asks(function: F) -> F:
    """Give a command what every format is asked for: OUT, one document or all, as of when, and `--json`."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON."),
        click.option("--as-of", callback=instant, help="How it stood then: 2026-05-03 or 2026-05-03T09:12Z."),
        click.option("--document", default="", help="One document, such as iso. Without it, all of them."),
        click.argument("out", type=click.Path(path_type=Path)),
    ):
        function = option(function)
    return function


def stood(document: str, as_of: datetime | None, *, public: bool = False) -> Position:
    """Return how documents stood (as the `public` is shown it), in a workspace whose ledger can go on; says why not."""
    ready_to_enter()
    try:
        return position(document, as_of, public=public)
    except ExportError as error:
        raise click.ClickException(str(error)) from error


def hand_out(form: str, found: Position, written: Mapping[str, str], out: Path, as_json: bool) -> str:
    """Enter in the ledger what was `written`, names with SHA-256, say so, and return the entry's id."""
    about = found.documents[0].document.id if len(found.documents) == 1 else "all"
    entry_id = enter(form, about, written)
    if as_json:
        files = [{"name": name, "sha256": digest} for name, digest in written.items()]
        print_json({"output": str(out), "format": form, "as_of": found.at, "entry": entry_id, "files": files})
        return entry_id
    click.echo(f"Wrote {out}: how {about} stood by the judgement of {found.judged_at:%Y-%m-%d %H:%M} UTC")
    for name, digest in written.items():
        click.echo(f"  {digest}  {name}")
    click.echo(f"  entered in the ledger as {entry_id}")
    return entry_id
