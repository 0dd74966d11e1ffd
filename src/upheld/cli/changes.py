"""`upheld changes`: why a measure's verdict is another than it was."""

from datetime import datetime, timedelta

import click

from upheld import clock
from upheld.cli.shell import counted, instant, print_json, ready
from upheld.evidence.visible import visible
from upheld.verdicts.comparing import Comparison, compare
from upheld.verdicts.models import MeasureVerdict

_CHANGED = {True: "changed", False: "the same", None: "not known to have changed"}


@click.command()
@click.argument("measure")
@click.option("--since", callback=instant, help="An instant, as 2026-05-03 or 2026-05-03T09:12Z; 30 days ago if not given.")
@click.option("--until", callback=instant, help="An instant; now if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def changes(measure: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Tell what changed of MEASURE between two instants: who entered and left the failing subjects, and which inputs changed."""
    ready()
    until_at = until or clock.now()
    since_at = since or until_at - timedelta(days=30)
    if since_at > until_at:
        raise click.UsageError("--since lies after --until")
    if not MeasureVerdict.objects.filter(measure=measure).exists():
        raise click.ClickException(f"{visible(measure)} was never judged. See: upheld measures")
    found = compare(measure, since_at, until_at)
    if as_json:
        print_json(_as_json(found))
        return
    for line in _lines(found):
        click.echo(visible(line))


def _lines(found: Comparison) -> list[str]:
    lines = [f"{at:%Y-%m-%d %H:%M}: {_state(verdict)}" for at, verdict in ((found.since_at, found.before), (found.until_at, found.after))]
    lines += [f"+ {each.label}: {each.detail} (since {each.first_seen_at:%Y-%m-%d %H:%M})" for each in found.entered]
    lines += [f"- {each.label}: {each.resolved_how} ({each.resolved_at:%Y-%m-%d %H:%M})" for each in found.left]
    more = found.entered_count - len(found.entered) + found.left_count - len(found.left)
    lines += [f"and {more:,} more"] if more else []
    lines.append(
        f"{counted(found.stayed, 'subject')} failing at both; query {_CHANGED[found.query]}; parameters {_CHANGED[found.parameters]}"
    )
    for each in found.inputs:
        if each.is_changed:
            short = f", {counted(each.short, 'collection')} not whole" if each.short else ""
            lines.append(f"{each.table} of {each.source}: {each.opened:,} new, {each.changed:,} changed, {each.ended:,} ended{short}")
    lines += [f"exception approved: {each.subject} ({each.decided_at:%Y-%m-%d})" for each in found.accepted]
    return lines + [f"exception over: {each.subject} ({each.until_on})" for each in found.lapsed]


def _state(verdict: MeasureVerdict | None) -> str:
    return f"{verdict.state}, {verdict.reason}" if verdict else "not judged"


def _as_json(found: Comparison) -> dict[str, object]:
    return {
        "measure": found.measure,
        "since": found.since_at,
        "until": found.until_at,
        "before": found.before and found.before.state,
        "after": found.after and found.after.state,
        "entered": [{"subject": each.subject, "label": each.label, "detail": each.detail} for each in found.entered],
        "left": [{"subject": each.subject, "label": each.label, "how": each.resolved_how} for each in found.left],
        "entered_count": found.entered_count,
        "left_count": found.left_count,
        "stayed": found.stayed,
        "query_changed": found.query,
        "parameters_changed": found.parameters,
        "inputs": [vars(each) for each in found.inputs],
        "exceptions_approved": [each.subject for each in found.accepted],
        "exceptions_over": [each.subject for each in found.lapsed],
    }
