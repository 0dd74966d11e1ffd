"""`upheld drill`: break promises on purpose, on lab services, and see it caught."""

import click

from upheld.cli.shell import Bar, print_json
from upheld.drills.catalogue import all_drills
from upheld.drills.run import DrillResult, run_drill


@click.command()
@click.argument("names", nargs=-1, metavar="[MEASURE]...")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def drill(context: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Break MEASURE (all that have a drill where none is named) on a service that the lab starts, and see it caught.

    Shows it upheld, breaks the real thing, shows it broken and naming the subject, mends it, shows it upheld again.
    Touches nothing that the lab did not start. Exit status 1 if a drill did not go red, or was not run.
    """
    drills = all_drills()
    unknown = [name for name in names if name not in drills]
    if unknown:
        raise click.ClickException(f"There is no drill for {', '.join(unknown)}. There are: {', '.join(sorted(drills))}")
    results = []
    for name in names or sorted(drills):
        with Bar(name):
            result = run_drill(drills[name]())
        results.append(result)
        if not as_json:
            _print(result)
    if as_json:
        print_json([_json(each) for each in results])
    context.exit(0 if all(each.ok for each in results) else 1)


def _print(result: DrillResult) -> None:
    sign = click.style("caught", fg="green") if result.ok else click.style("NOT SHOWN", fg="red")
    click.echo(f"{sign}  {result.measure}: {result.breaks}")
    for step in result.steps:
        click.echo(f"    {step}")
    if result.why:
        click.echo(f"    {result.why}")


def _json(result: DrillResult) -> dict[str, object]:
    return {
        "measure": result.measure,
        "breaks": result.breaks,
        "ok": result.ok,
        "steps": [str(step) for step in result.steps],
        "why": result.why,
    }
