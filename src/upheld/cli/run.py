"""`upheld run`: collect, then check."""

import click

from upheld.cli.check import check_once
from upheld.cli.collect import accept_vanishing_option, collect_all
from upheld.cli.shell import one_at_a_time, print_json, ready_to_enter
from upheld.cli.show import print_overview
from upheld.verdicts.standing import documents


@click.command()
@accept_vanishing_option
@click.option("--strict", is_flag=True, help="Exit with status 1 when anything is broken or unproven.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def run(context: click.Context, accept_vanishing: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Collect from every source in use, then judge every measure. A second run at the same time waits."""
    space = ready_to_enter()
    with one_at_a_time(space):
        failed = run_once(accept_vanishing)
    if as_json:
        print_json({"failed_sources": failed, "documents": [document.as_json() for document in documents()]})
    else:
        print_overview()
    if failed:
        context.exit(3)
    if strict and any(document.state.value in {"broken", "unproven"} for document in documents()):
        context.exit(1)


def run_once(accept_vanishing: tuple[str, ...] = ()) -> list[str]:
    """Collect and check, and return the names of sources that failed. The caller holds the run's lock."""
    failed = collect_all([], accept_vanishing)
    check_once()
    return failed
