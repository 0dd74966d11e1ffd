"""`upheld source preview`: what a source would bring, without keeping any of it."""

from datetime import UTC, datetime

import click

from upheld import clock
from upheld.cli.shell import Bar, print_json, ready
from upheld.evidence.collection import Collecting, TableSeen
from upheld.evidence.table import Value
from upheld.evidence.visible import visible
from upheld.sources import configured
from upheld.sources.source import SourceError

SOURCE_FAILED = 3
WIDEST = 80  # characters of a cell that are shown


@click.command("preview")
@click.argument("name")
@click.option("--table", "only", metavar="TABLE", help="Show this table alone.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0), help="Rows shown of each table; 0 for all.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def preview(context: click.Context, name: str, only: str | None, limit: int, as_json: bool) -> None:
    """Read the source called NAME and show what it brings. Nothing is recorded; the rows may name people."""
    ready()
    source = configured.named(name)
    with Bar(name) as progress:
        into = Collecting(name, configured.declared(source), clock.now(), progress=progress)
        try:
            configured.connect(source).collect(into)
        except SourceError as error:
            click.echo(visible(str(error), keep="\n"), err=True)
            context.exit(SOURCE_FAILED)
    chosen = {table: seen for table, seen in into.seen.items() if only in (None, table)}
    if as_json:
        print_json({table: _json(seen, limit) for table, seen in chosen.items()})
        return
    for table, seen in chosen.items():
        _print(table, seen, limit)
    for sentence in into.notes:
        click.echo(f"note: {visible(sentence)}")


def _print(table: str, seen: TableSeen, limit: int) -> None:
    count = len(seen.rows)
    click.echo(f"{click.style(table, bold=True)}: {count:,} {'row' if count == 1 else 'rows'}, {seen.coverage.value}")
    for row in list(seen.rows.values())[: limit or None]:
        click.echo("  " + "; ".join(f"{column} {_cell(value)}" for column, value in row.items() if value is not None))
    for why in seen.cut_short:
        click.echo(f"  cut short: {visible(why)}")


def _cell(value: Value) -> str:
    """Return `value` as people read it, on one line, cut at `WIDEST`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    text = ", ".join(value[:WIDEST]) if isinstance(value, list) else str(value)
    # Cut before it is made visible, so that a cell of a megabyte costs nothing; and after, since an escape is longer.
    shown = visible(text[: WIDEST + 1])
    return shown if len(shown) <= WIDEST else shown[: WIDEST - 3] + "..."


def _json(seen: TableSeen, limit: int) -> dict[str, object]:
    rows: list[dict[str, Value]] = list(seen.rows.values())[: limit or None]
    return {"coverage": seen.coverage.value, "count": len(seen.rows), "rows": rows, "cut_short": seen.cut_short}
