"""`upheld drill`: break promises on purpose, on lab services, and see it caught."""

import click

from upheld.cli.shell import Bar, mark, print_json
from upheld.drills.catalogue import all_drills
from upheld.drills.drill import Drill
from upheld.drills.run import DrillResult, run_drill
from upheld.lab.service import DidNotStart, NotInstalled


@click.command()
@click.argument("names", nargs=-1, metavar="[MEASURE]...")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def drill(context: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Break MEASURE (all that have a drill where none is named) on a service that the lab starts, and see it caught.

    Shows it upheld, breaks the real thing, shows it broken and naming the subject, mends it, shows it upheld again.
    Touches nothing that the lab did not start. Exit status 1 if a drill did not go red, or could not be run.
    """
    try:
        drills = all_drills()
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"Drills break real services, which the lab starts, and it is not installed here (no module {error.name}): "
            "run `make lab`, or install upheld[lab]."
        ) from error
    unknown = [name for name in names if name not in drills]
    if unknown:
        raise click.ClickException(f"There is no drill for {', '.join(unknown)}. There are: {', '.join(drills)}")
    results = []
    for name in names or drills:
        result = _run(drills[name])
        results.append(result)
        if not as_json:
            _print(drills[name], result)
    if as_json:
        print_json([_json(drills[each.measure], each) for each in results])
    context.exit(0 if all(each.ok for each in results) else 1)


def _run(chosen: Drill) -> DrillResult:
    try:
        with Bar(chosen.measure) as bar:
            return run_drill(chosen, tell=lambda said: bar(said, 0))
    except (NotInstalled, DidNotStart) as error:
        return DrillResult(chosen.measure, (), ok=False, why=f"not run: {error}")


def _print(chosen: Drill, result: DrillResult) -> None:
    sign = click.style("caught", fg="green") if result.ok else click.style("not shown", fg="red")
    click.echo(f"{click.style(result.measure, bold=True)}  {sign}")
    for step in result.steps:
        click.echo(f"  {mark(step.verdict.state.value):20} {step.what}: {step.verdict.reason}")
    if result.why:
        click.echo(f"  {chosen.breaks}: {result.why}")


def _json(chosen: Drill, result: DrillResult) -> dict[str, object]:
    return {
        "measure": result.measure,
        "breaks": chosen.breaks,
        "ok": result.ok,
        "why": result.why,
        "steps": [
            {"what": step.what, "state": step.verdict.state.value, "reason": step.verdict.reason, "seconds": round(step.seconds, 3)}
            for step in result.steps
        ],
    }
