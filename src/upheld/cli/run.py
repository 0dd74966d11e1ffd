"""`upheld run`: collect, then check."""

import click

from upheld.cli.check import check_once
from upheld.cli.collect import Told, accept_vanishing_option, collect_all
from upheld.cli.shell import one_at_a_time, print_json, ready_to_enter
from upheld.cli.show import print_overview
from upheld.verdicts.standing import documents


@click.command()
@accept_vanishing_option
@click.option("--strict", is_flag=True, help="Exit with status 1 when anything is broken or unproven, 3 also when a source told only part.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def run(context: click.Context, accept_vanishing: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Collect from every source in use, then judge every measure. A second run at the same time waits."""
    space = ready_to_enter()
    with one_at_a_time(space):
        told = run_once(accept_vanishing)
    if as_json:
        failed, partial = told.failed, told.partial
        print_json({"failed_sources": failed, "partial_sources": partial, "documents": [document.as_json() for document in documents()]})
    else:
        print_overview()
    if status := told.status(strict=strict):
        context.exit(status)
    if strict and any(document.state.value in {"broken", "unproven"} for document in documents()):
        context.exit(1)


def run_once(accept_vanishing: tuple[str, ...] = ()) -> Told:
    """Collect and check, and return which sources failed or told only part. The caller holds the run's lock."""
    told = collect_all([], accept_vanishing)
    check_once()
    return told
