"""`upheld logs` on what is kept: files brought in, searching, why a rule met, for how long it is kept, and whether it is whole."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from upheld import clock
from upheld.cli.shell import counted, instant, one_at_a_time, print_json, ready, ready_to_enter, say
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.logs import canary, storing, watching
from upheld.logs.explaining import pieces
from upheld.logs.models import Detection
from upheld.logs.scanning import Scanner
from upheld.logs.searching import Question, SearchError
from upheld.logs.searching import search as searched
from upheld.logs.watching import LogsMisconfigured
from upheld.logs.why import Why, why

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command("import")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_AS_JSON
@click.pass_context
def import_(context: click.Context, name: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Read FILES into the log NAME, whatever its pattern says: older ones, or of a machine that is gone. Nothing is read twice.

    Rules run over them as over any other; lines are kept as long as the log's others are. Exit status 3 if something is wrong with a file.
    """
    space = ready_to_enter()
    try:
        log = watching.named(name)
    except LogsMisconfigured as error:
        raise click.UsageError(str(error)) from error
    with one_at_a_time(space):
        scan = Scanner(log, watching.rules()).scan([each.absolute() for each in files])
    sequence()
    told: dict[str, object] = {
        "log": name,
        "files": len(files),
        "lines": scan.lines,
        "unread": scan.unread,
        "detections": scan.detections.count(),
    }
    said = f"{name}: {counted(scan.lines, 'new line')} of {counted(len(files), 'file')}, {counted(scan.detections.count(), 'detection')}"
    said += f", {scan.unread:,} not {log.format}" if scan.unread else ""
    say(told | {"troubles": scan.troubles}, said, as_json)
    for each in scan.troubles:
        click.echo(f"  {visible(each['path'])}: {visible(each['what'])}", err=True)
    context.exit(3 if scan.troubles else 0)


@click.command()
@click.argument("words", nargs=-1)
@click.option("--log", "names", multiple=True, help="Only in this log.")
@click.option("--from", "from_at", callback=instant, help="From this instant on; if not given, of the last week.")
@click.option("--until", "until_at", callback=instant, help="Until before this instant.")
@click.option("--most", default=100, show_default=True, type=click.IntRange(1, 100_000), help="So many lines, the newest.")
@_AS_JSON
def search(
    words: tuple[str, ...], names: tuple[str, ...], from_at: datetime | None, until_at: datetime | None, most: int, as_json: bool
) -> None:
    """Search in what is kept of logs: field:value (with *), words that stand anywhere in a line, -without."""
    ready()
    until = until_at or clock.now() + timedelta(days=1)
    try:
        chosen = [watching.named(name) for name in names] or watching.watched()
        question = Question(tuple(chosen), from_at or until - timedelta(days=8), until, " ".join(words))
        found = searched(question, most=most)
    except (LogsMisconfigured, SearchError) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        print_json({"found": found.found, "lines": [{"log": each.log, "at": each.at, "line": each.line} for each in found.hits]})
        return
    for each in reversed(found.hits):
        click.echo(f"{each.log}: {visible(each.line)}")
    click.echo(f"{counted(found.found, 'line')} found" + (f"; the newest {len(found.hits):,} are shown" if found.found > most else ""))


@click.command()
@click.argument("number", type=int)
@_AS_JSON
def explain(number: int, as_json: bool) -> None:
    """Say why a rule met: of the detection NUMBER (see `upheld logs detections`) each condition, and where that stands in the line."""
    ready()
    detection = Detection.objects.select_related("log").filter(pk=number).first()
    if detection is None:
        raise click.UsageError(f"there is no detection {number}: `upheld logs detections` lists them")
    found = why(detection)
    if as_json:
        print_json(_told(found))
        return
    click.echo(f"{visible(detection.title)} ({detection.level or 'no level'}), rule {detection.rule}")
    click.echo(f"by {visible(detection.author) or 'unknown'}, {visible(detection.licence) or 'no licence said'}; in {detection.log.name}")
    marked = pieces(found.line, found.explained.marks if found.explained else ())
    click.echo("".join(click.style(visible(text), reverse=True) if mark else visible(text) for text, mark in marked))
    for each in found.explained.conditions if found.explained else ():
        sign = "yes" if each.holds else "no"
        said = "not there" if each.value is None and each.field else visible(each.value or "")[:200]
        click.echo(
            f"  {sign if each.counts else f'({sign})':>5}  {visible(each.field) or 'anywhere'} {visible(each.asked)}: {said}".rstrip(": ")
        )
    if found.counts:
        click.echo(f"  {visible(found.counts)}: {detection.times}, from {detection.first_at:%H:%M:%S} to {detection.last_at:%H:%M:%S} UTC")
    for line in found.lines:
        click.echo(f"    {visible(line.line)}")
    if found.rule is None and not found.counts:
        click.echo("  The rule is there no more, so that its conditions cannot be shown.")


def _told(found: Why) -> dict[str, object]:
    explained = found.explained
    return {
        "number": found.detection.pk,
        "rule": found.detection.rule,
        "title": found.detection.title,
        "log": found.detection.log.name,
        "line": found.line,
        "rule_is_there": found.rule is not None,
        "met": explained.met if explained else None,
        "conditions": [vars(each) for each in explained.conditions] if explained else [],
        "marks": [list(each) for each in explained.marks] if explained else [],
        "counts": found.counts,
        "lines": [each.line for each in found.lines],
    }


@click.command()
@click.argument("name")
@click.argument("days", type=int)
def keep(name: str, days: int) -> None:
    """Keep what is read of the log NAME for DAYS days. What is older is dropped once a day, and the ledger says so."""
    ready_to_enter()
    try:
        watching.keep_for(name, days)
    except LogsMisconfigured as error:
        raise click.UsageError(str(error)) from error
    sequence()
    click.echo(f"{name} is kept for {counted(days, 'day')}.")


@click.command("canary")
@click.argument("name")
@click.argument("address", required=False)
@click.option("--within", default=600, show_default=True, metavar="SECONDS", help="How soon a rule must have found it in the log.")
@click.option("--now", is_flag=True, help="Try those of the log now.")
@click.option("--remove", is_flag=True, help="Try those of the log no more.")
def canary_(name: str, address: str | None, within: int, now: bool, remove: bool) -> None:
    """Try a sign-in that must fail at ADDRESS (ssh://, postgresql://, ldap://) every day, which must come out in the log NAME in time.

    Without ADDRESS, list those of the log. One that does not come out in time breaks `operations/logs_complete`.
    """
    ready_to_enter()
    try:
        log = watching.named(name)
        if remove:
            click.echo(f"{canary.remove(log)} ended.")
        elif address:
            canary.add(log, address, within)
    except LogsMisconfigured as error:
        raise click.UsageError(str(error)) from error
    for each in log.canaries.filter(removed_at=None):
        last = canary.attempt(each) if now else each.tries.last()
        found = "never tried" if last is None else f"tried {last.tried_at:%Y-%m-%d %H:%M} ({visible(last.said)}), "
        found += "" if last is None else f"found {last.found_at:%H:%M}" if last.found_at else "not found yet"
        click.echo(f"{visible(each.address)}: {found}; at most {each.within_seconds:,} seconds")
    sequence()


@click.command()
@_AS_JSON
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """Hold what is kept of every log against what was read, as the ledger has it. Exit status 1 if something was altered or is missing."""
    ready()
    wrong = {log.name: list(storing.altered(log)) for log in watching.watched()}
    kept = {log.name: sum(log.parts.values_list("rows", flat=True)) for log in watching.watched()}
    if as_json:
        print_json([{"log": name, "lines": kept[name], "wrong": found} for name, found in wrong.items()])
    for name, found in wrong.items() if not as_json else ():
        click.echo(f"{name}: {counted(kept[name], 'line')} kept, {'as they were read' if not found else 'not as they were read'}")
        for each in found:
            click.echo(f"  {visible(each)}", err=True)
    context.exit(1 if any(wrong.values()) else 0)
