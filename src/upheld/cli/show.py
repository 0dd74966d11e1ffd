"""`upheld show`: how documents, a promise or a measure stand."""

import textwrap

import click

from upheld.checks.verdict import State
from upheld.cli.shell import counted, mark, print_json, ready
from upheld.cli.untold import next_lines, untold, untold_lines
from upheld.evidence.visible import visible
from upheld.sources import configured
from upheld.sources.models import Collection
from upheld.verdicts.explaining import MeasureExplained, explain
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import DocumentStanding, PromiseStanding, documents


@click.command()
@click.argument("what", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show(what: str | None, as_json: bool) -> None:
    """Show how all documents stand, or WHAT: a document (iso), a promise (iso:4.1.4) or a measure (backup/restore_proven)."""
    ready()
    standing = documents()
    if what is None:
        _all(standing, as_json)
        return
    if "/" in what:
        _measure(what, as_json)
        return
    for document in standing:
        if document.document.id == what:
            _all([document], as_json, together=False)
            return
        for promise in document.promises:
            if promise.promise.id == what:
                _promise(promise, as_json)
                return
    there = ", ".join(document.document.id for document in standing)
    raise click.ClickException(f"There is no document, promise or measure called {what!r}. Documents: {there}; measures: upheld measures")


def print_overview() -> None:
    """Print each document's counts by state, and the promises that are not upheld and were tested."""
    _all(documents(), as_json=False, brief=True)


def _all(standing: list[DocumentStanding], as_json: bool, *, brief: bool = False, together: bool = True) -> None:
    if as_json:
        print_json({"documents": [document.as_json() for document in standing]})
        return
    for notice in configured.notices(configured.in_use()):
        click.echo(click.style(notice, bold=True))
    for document in standing:
        _document(document, brief, together)
    click.echo()
    for line in next_lines(each for document in standing for each in document.promises if untold(each)):
        click.echo(line)
    if nothing_yet := _nothing_yet():
        click.echo(nothing_yet)


def _nothing_yet() -> str:
    """Why nothing can be shown of any promise, in one sentence instead of one for each; empty once something was judged."""
    if MeasureVerdict.objects.exists():
        return ""
    if Collection.objects.exists():
        return "What was collected was not judged yet, so no promise is shown to hold. Next: upheld run"
    if configured.in_use():
        return "Nothing was collected yet, so no promise is shown to hold. Next: upheld run"
    return (
        "No source is in use, so no promise is shown to hold. Next: upheld source kinds says what can be read, upheld source add "
        "puts it into use, and upheld run reads and judges; upheld demo does all of it for a sample company."
    )


def _document(document: DocumentStanding, brief: bool, together: bool) -> None:
    click.echo()
    click.echo(click.style(visible(document.document.title), bold=True) + f" ({document.document.id}, {len(document.promises)} promises)")
    click.echo("  " + "   ".join(f"{mark(state.value)} {count}" for state, count in document.counts.items() if count))
    apart = [each for each in document.promises if together and untold(each)]
    for promise in document.promises:
        if promise in apart or (brief and promise.state is State.UPHELD):
            continue
        text = visible(promise.promise.text)
        click.echo(f"\n  {mark(promise.state.value):20} {click.style(promise.promise.id, bold=True)}  {text}")
        click.echo(textwrap.fill(visible(promise.reason), 110, initial_indent=" " * 15, subsequent_indent=" " * 15))
    if apart:
        number, name = counted(len(apart), "promise"), document.document.id
        said = f"nothing that they rest on was read and judged yet: {number} (upheld show {name} says why of each)"
        click.echo(f"\n  {mark(State.UNPROVEN.value)}: {said}")
    for line in untold_lines(document, apart):
        click.echo(line)


def _promise(promise: PromiseStanding, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "id": promise.promise.id,
                "text": promise.promise.text,
                "state": promise.state.value,
                "reason": promise.reason,
                "since": promise.since,
                "clauses": promise.promise.clauses,
                "measures": [{"id": each.id, "state": each.state.value, "reason": each.reason} for each in promise.measures],
            }
        )
        return
    click.echo(f"{mark(promise.state.value)} {click.style(promise.promise.id, bold=True)}  {promise.promise.text}")
    click.echo("  " + "; ".join(promise.promise.clauses))
    for each in promise.measures:
        click.echo(f"\n  {mark(each.state.value):20} {each.id}")
        click.echo(textwrap.fill(visible(each.reason), 110, initial_indent=" " * 15, subsequent_indent=" " * 15))


def _measure(name: str, as_json: bool) -> None:
    found = explain(name)
    if found is None:
        raise click.ClickException(f"There is no measure called {name!r}. See what there is: upheld measures")
    if as_json:
        print_json(found.as_json())
    else:
        _print_measure(found)


def _print_measure(found: MeasureExplained) -> None:
    click.echo(f"{mark(found.state.value)} {click.style(found.id, bold=True)}  {found.fact}")
    click.echo(f"  {visible(found.reason)}")
    if found.verdict is None:
        return
    since = f"since {found.verdict.from_at:%Y-%m-%d %H:%M} UTC, last judged {found.verdict.judged_until_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"  {since}: {found.verdict.population} subjects, {found.verdict.passed} pass, {found.verdict.failed} fail, ", nl=False)
    click.echo(f"{found.verdict.unknown} unknown")
    for each in found.failing:
        click.echo(f"  {mark('broken')}  {visible(each.label)}: {visible(each.detail)}")
    for seen in found.verdict.evidence:
        stale = ", stale" if seen["stale"] else ""
        click.echo(
            f"  evidence: {seen['table']} from {seen['source']}, seen {seen['seen_at'] or 'never'}{stale}, digest {seen['digest'][:16]}"
        )
    for table in found.verdict.untested:
        click.echo(f"  not tested: {table}, which nobody fills")
    click.echo(textwrap.indent(found.query.strip(), "  | "))
