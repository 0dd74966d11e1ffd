"""`upheld source preview`: what a source would bring, without keeping any of it."""

import click

from upheld import clock
from upheld.cli.shell import Bar, print_json, ready
from upheld.evidence.collection import Collecting, TableSeen
from upheld.evidence.table import Value
from upheld.sources import configured
from upheld.sources.source import SourceError

SOURCE_FAILED = 3


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
            click.echo(str(error), err=True)
            context.exit(SOURCE_FAILED)
    chosen = {table: seen for table, seen in into.seen.items() if only in (None, table)}
    if as_json:
        print_json({table: _json(seen, limit) for table, seen in chosen.items()})
        return
    for table, seen in chosen.items():
        click.echo(f"{click.style(table, bold=True)}: {len(seen.rows):,} rows, {seen.coverage.value}")
        for row in list(seen.rows.values())[: limit or None]:
            click.echo("  " + "; ".join(f"{column} {value}" for column, value in row.items() if value is not None))
        for why in seen.cut_short:
            click.echo(f"  cut short: {why}")


def _json(seen: TableSeen, limit: int) -> dict[str, object]:
    rows: list[dict[str, Value]] = list(seen.rows.values())[: limit or None]
    return {"coverage": seen.coverage.value, "count": len(seen.rows), "rows": rows, "cut_short": seen.cut_short}
