"""`upheld check`: judge every measure on what was collected."""

from datetime import datetime

import click

from upheld import clock
from upheld.checks.choosing import DUCKDB, SPARK, VARIABLE, NoEngine
from upheld.checks.verdict import State, Verdict
from upheld.cli.shell import Bar, instant, mark, one_at_a_time, print_json, ready, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.verdicts.checking import check as check_all
from upheld.verdicts.checking import judged_as_of


@click.command()
@click.option("--as-of", callback=instant, metavar="T", help="Judge as of a past instant; printed, not kept.")
@click.option("--whole", is_flag=True, help="Judge everything from nothing, not only what changed.")
@click.option("--engine", type=click.Choice([DUCKDB, SPARK]), help=f"What runs the queries; else what {VARIABLE} says, else duckdb.")
@click.option("--strict", is_flag=True, help="Exit with status 1 when any measure is broken or unproven.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def check(context: click.Context, as_of: datetime | None, whole: bool, engine: str | None, strict: bool, as_json: bool) -> None:
    """Judge every measure, now or as of an instant T, on what had been collected by then."""
    space = ready_to_enter() if as_of is None else ready()
    if as_of is not None and as_of > clock.now():
        raise click.BadParameter(f"{as_of:%Y-%m-%d %H:%M} lies in the future; nothing was seen of it yet")
    with one_at_a_time(space):
        verdicts = check_once(whole=whole, engine=engine or "") if as_of is None else _past(as_of, engine or "")
    if as_json:
        print_json([verdict_json(each) for each in verdicts])
    else:
        for each in verdicts:
            click.echo(f"{mark(each.state.value):20} {each.measure}\n    {visible(each.reason)}")
    if strict and any(each.state in (State.BROKEN, State.UNPROVEN) for each in verdicts):
        context.exit(1)


def check_once(*, whole: bool = False, engine: str = "") -> list[Verdict]:
    """Judge now and keep the verdicts; `whole` and `engine` as `verdicts.checking.check` has them. The caller holds the run's lock."""
    try:
        with Bar("judging") as progress:
            verdicts = check_all(clock.now(), whole=whole, engine=engine, progress=progress)
    except NoEngine as error:
        raise click.UsageError(str(error)) from error
    sequence()
    return verdicts


def _past(as_of: datetime, engine: str) -> list[Verdict]:
    try:
        return judged_as_of(as_of, engine)
    except NoEngine as error:
        raise click.UsageError(str(error)) from error


def verdict_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict in the shape that `upheld check --json` prints."""
    return {
        "id": verdict.measure,
        "state": verdict.state.value,
        "reason": verdict.reason,
        "as_of": verdict.as_of,
        "population": verdict.population,
        "pass": verdict.passed,
        "fail": verdict.failed,
        "unknown": verdict.unknown,
        "excepted": verdict.excepted,
        "flips_at": verdict.flips_at,
        "failing": [{"subject": each.subject, "label": each.label, "detail": each.detail} for each in verdict.failing],
    }
