"""`upheld source orders`: what came of orders to sources, how long each kind took, and what was refused."""

from dataclasses import asdict
from datetime import timedelta

import click

from upheld import clock
from upheld.cli.shell import AS_JSON, print_json, ready
from upheld.evidence.visible import visible
from upheld.sources.timing import not_done, timings


@click.command("orders")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How many days back.")
@AS_JSON
def orders(days: int, as_json: bool) -> None:
    """Say by source and verb how many orders were carried out, in how many minutes, and which were not."""
    ready()
    since = clock.now() - timedelta(days=days)
    found, left = timings(since), not_done(since)
    if as_json:
        told = [{"order": row.id, "source": row.source.name, "verb": row.verb, "reason": row.reason, "said": row.said} for row in left]
        print_json({"times": [asdict(each) for each in found], "not_done": told})
        return
    for each in found:
        took = f"{each.median_minutes:.1f} minutes, at most {each.longest_minutes:.1f}" if each.median_minutes is not None else "never"
        rest = "".join(f", {count} {word}" for count, word in ((each.refused, "refused"), (each.waiting, "open")) if count)
        click.echo(f"{each.source:16} {each.verb.replace('_', '-'):13} {each.carried_out} of {each.asked} carried out in {took}{rest}")
    for row in left:
        click.echo(
            f"not done: {row.verb} at {row.source.name} for {row.reason or 'nobody'}: {visible(row.said) or 'it waits for its turn'}"
        )
    if not found:
        click.echo(f"No source was ordered anything in {days} days.")
