"""`upheld ahead`: what is dated later than now, because a clock ran ahead, and setting it aside."""

from dataclasses import asdict
from datetime import datetime

import click

from upheld import clock
from upheld.checks.words import instant
from upheld.cli.shell import AS_JSON, one_at_a_time, print_json, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.sources.models import Collection
from upheld.verdicts import setting_aside
from upheld.verdicts.models import Judgement
from upheld.verdicts.setting_aside import Ahead

_FEW = 3  # named in a sentence about many


@click.command()
@click.option("--set-aside", "aside", is_flag=True, help="Set it aside: kept, marked, entered in the ledger, and counted for nothing.")
@AS_JSON
@click.pass_context
def ahead(context: click.Context, aside: bool, as_json: bool) -> None:
    """List what is dated later than now, because a clock ran ahead, or set it aside. Exit status 1 where something is.

    Look at this machine's clock first: if it is behind now, set it right, and nothing is ahead.
    """
    space = ready_to_enter()
    if aside:
        with one_at_a_time(space):
            found = setting_aside.set_aside(clock.now())
            sequence()
    else:
        found = setting_aside.ahead(clock.now())
    if as_json:
        print_json({"now": clock.now(), "set_aside": aside, **asdict(found)})
    else:
        _print(found, clock.now(), aside)
    context.exit(1 if found and not aside else 0)


def standing(now: datetime) -> tuple[bool, str]:
    """Return whether nothing is dated later than `now`, and what the doctor says of it."""
    found = lines(setting_aside.ahead(now))
    if found:
        more = f", and {len(found) - _FEW:,} more" if len(found) > _FEW else ""
        told = "; ".join(line.removesuffix(",") for line in found[:_FEW])
        return False, f"dated later than this clock's {instant(now)}: {told}{more}. If the clock is right: upheld ahead --set-aside"
    kept = [each.every.exclude(set_aside_at=None).count() for each in (Collection, Judgement)]
    before = f"; set aside before: {kept[0]:,} collections, {kept[1]:,} judgements" if any(kept) else ""
    return True, f"nothing is dated ahead{before}"


def _print(found: Ahead, now: datetime, aside: bool) -> None:
    click.echo(f"This machine's clock says {instant(now)}.")
    for line in lines(found):
        click.echo(f"{line} {'was set aside' if aside else 'is dated ahead'}")
    if not found:
        click.echo("Nothing is dated later.")
    elif aside:
        click.echo("All of it is kept, and counts for nothing. Next: upheld run")
    else:
        click.echo("If this clock is right: upheld ahead --set-aside. If it is behind: set it right.")


def lines(found: Ahead) -> list[str]:
    """Return what was found, a line each."""
    told = [f"a collection of {visible(source)}, {instant(at)}," for source, at in found.collections]
    told += [f"a judgement, {instant(at)}," for at in found.judgements]
    return told + [f"source {visible(name)}, added or removed later than now," for name in found.sources]
