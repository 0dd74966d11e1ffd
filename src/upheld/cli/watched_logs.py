"""`upheld logs` on a workspace: which logs are watched, how complete that is, and what rules found in them."""

from collections import Counter
from collections.abc import Sequence

import click

from upheld.cli.shell import counted, one_at_a_time, print_json, ready, ready_to_enter
from upheld.evidence.visible import visible
from upheld.ledger.sequencer import sequence
from upheld.logs import canary, watching
from upheld.logs.blind import Blind, blind
from upheld.logs.finding import Finder
from upheld.logs.models import Detection, Scan, WatchedLog
from upheld.logs.retro import catch_up
from upheld.logs.scanning import Scanner
from upheld.logs.sigma.rule import Rule
from upheld.logs.watching import LogsMisconfigured

_UNTIL_DONE = 1e9  # whoever asks waits until rules that changed ran over all that is kept
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.command()
@click.argument("name")
@click.argument("pattern")
@click.option("--format", "form", required=True, type=click.Choice(sorted(watching.FORMATS)), help="What its lines are.")
@click.option("--system", "system_id", required=True, help="The system it is of (systems.id).")
@click.option("--product", default="", help="linux, windows, aws ...: rules for it apply.")
@click.option("--category", default="", help="As rules say it, such as webserver.")
@click.option("--service", default="", help="As rules say it, such as auth.")
@click.option("--silent-after", default=24 * 3600, show_default=True, type=int, metavar="SECONDS", help="How long it may say nothing.")
@click.option("--keep-days", default=watching.KEPT_DAYS, show_default=True, type=int, help="How long what is read is kept.")
def add(
    name: str, pattern: str, form: str, system_id: str, product: str, category: str, service: str, silent_after: int, keep_days: int
) -> None:
    """Watch the files that PATTERN names (such as '/var/log/auth.log*', rotated ones too) from now on."""
    ready_to_enter()
    try:
        watching.add(
            name,
            pattern,
            form,
            system_id=system_id,
            product=product,
            category=category,
            service=service,
            silent_after_seconds=silent_after,
            kept_days=keep_days,
        )
    except LogsMisconfigured as error:
        raise click.UsageError(str(error)) from error
    sequence()


@click.command()
@click.argument("name")
def remove(name: str) -> None:
    """Watch a log no longer; what was found stays."""
    ready_to_enter()
    try:
        watching.remove(name)
    except LogsMisconfigured as error:
        raise click.UsageError(str(error)) from error
    sequence()


@click.command("list")
@_AS_JSON
def list_logs(as_json: bool) -> None:
    """List the logs that are watched, and how far each was read."""
    ready()
    found = [_log(log, log.scans.order_by("-began_at").first()) for log in watching.watched()]
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("No log is watched. Begin with: upheld logs add NAME '/var/log/auth.log*' --format syslog --system ID")
    for each in found:
        click.echo(f"{each['name']} ({each['format']}): {visible(str(each['pattern']))}, last event {each['last_at'] or 'never'}")


def scan_watched(names: tuple[str, ...], as_json: bool) -> int:
    """Read what is new in the logs `names`, or in all; return the exit status."""
    space = ready_to_enter()
    try:
        chosen = [watching.named(name) for name in names] or watching.watched()
    except LogsMisconfigured as error:
        raise click.UsageError(str(error)) from error
    with one_at_a_time(space):
        rules = watching.rules()
        scans = [Scanner(log, rules).scan() for log in chosen]
        found = sum(canary.look(log) for log in chosen)
        again = sum(catch_up(log, rules, seconds=_UNTIL_DONE) for log in chosen)
    sequence()
    if as_json:
        print_json([_scan(each) for each in scans])
    else:
        for path, why in rules.left_out.items():
            click.echo(f"left out: {visible(path)}: {visible(why)}", err=True)
        for each in scans:
            _say(each)
        if found:
            click.echo(f"{found:,} canar{'y' if found == 1 else 'ies'} came through")
        if again:
            click.echo(f"{counted(again, 'detection')} more in what was read before, by rules that are new or changed")
    return 3 if any(each.troubles for each in scans) else 1 if again or any(each.detections.exists() for each in scans) else 0


@click.command()
@click.option("--log", "name", default="", help="Only of this log.")
@click.option("--level", default="", help="Only of this level, such as high.")
@_AS_JSON
def detections(name: str, level: str, as_json: bool) -> None:
    """List what rules found, the newest first."""
    ready()
    found = Detection.objects.select_related("log")
    found = found.filter(log__name=name) if name else found
    found = found.filter(level=level) if level else found
    if as_json:
        print_json([_detection(each) for each in found])
        return
    for each in found:
        group = ", ".join(f"{key} {value}" for key, value in each.group.items())
        what = visible(each.title) + (f" ({visible(group)})" if group else "")
        click.echo(
            f"{each.pk}: {each.first_at:%Y-%m-%d %H:%M:%S}Z {each.level or '-'} {each.log.name}: {what}, {counted(each.times, 'time')}"
        )
    if not found:
        click.echo("Nothing was found.")


@click.command()
@_AS_JSON
def rules(as_json: bool) -> None:
    """Say which rules there are, which were left out and why, and which can never meet in a log for want of which fields."""
    ready()
    found = watching.rules()
    seen = {name for each in Scan.objects.all() for name in each.fields_seen}
    its = {log: (Finder(log, found).rules, log.fields_seen) for log in watching.watched()}
    blinded = {log.name: blind(about, found.predicates, fields) for log, (about, fields) in its.items()}
    if as_json:
        listed = [{"id": each.id, "title": each.title, "level": each.level, "place": each.place} for each in found.rules]
        logs = [_blinded(log.name, about, blinded[log.name]) for log, (about, _) in its.items()]
        told = {
            "rules": listed,
            "correlations": len(found.correlations),
            "left_out": found.left_out,
            "fields_seen": sorted(seen),
            "logs": logs,
        }
        print_json(told)
        return
    levels = Counter(each.level or "without a level" for each in found.rules)
    click.echo(
        f"{counted(len(found.rules), 'rule')} and {counted(len(found.correlations), 'correlation')}: "
        + ", ".join(f"{n} {level}" for level, n in levels.items())
    )
    for path, why in found.left_out.items():
        click.echo(f"left out: {visible(path)}: {visible(why)}")
    for log, (about, fields) in its.items():
        said = (
            "no event of it was read yet, so that this cannot be told" if not fields else f"{len(blinded[log.name]):,} can never meet there"
        )
        click.echo(f"{log.name}: {counted(len(about), 'rule')} about it; {said}")
        for each in blinded[log.name] if fields else ():
            click.echo(f"  {visible(each.rule.title)}: no event ever had {visible(', '.join(each.lacking))}")


def _blinded(name: str, about: Sequence[Rule], found: Sequence[Blind]) -> dict[str, object]:
    never = [{"id": each.rule.id, "title": each.rule.title, "lacking": each.lacking} for each in found]
    return {"log": name, "rules": len(about), "never": never}


def _say(scan: Scan) -> None:
    parts = [counted(scan.lines, "line")]
    parts += [f"{scan.unread:,} not {scan.log.format}"] if scan.unread else []
    parts += [f"time went back {counted(scan.steps_back, 'time')}"] if scan.steps_back else []
    click.echo(f"{scan.log.name}: {', '.join(parts)}, {counted(scan.detections.count(), 'detection')}")
    for each in scan.troubles:
        click.echo(f"  {visible(each['path'])}: {visible(each['what'])}", err=True)


def _log(log: WatchedLog, last: Scan | None) -> dict[str, object]:
    ends = log.scans.exclude(last_at=None).order_by("-last_at").values_list("last_at", flat=True).first()
    return {
        "name": log.name,
        "system": log.system_id,
        "format": log.format,
        "pattern": log.pattern,
        "product": log.product,
        "category": log.category,
        "service": log.service,
        "kept_days": log.kept_days,
        "scanned_at": last.began_at if last else None,
        "last_at": ends,
    }


def _scan(scan: Scan) -> dict[str, object]:
    return {
        "log": scan.log.name,
        "began_at": scan.began_at,
        "lines": scan.lines,
        "unread": scan.unread,
        "undated": scan.undated,
        "steps_back": scan.steps_back,
        "rules_run": scan.rules_run,
        "detections": scan.detections.count(),
        "troubles": scan.troubles,
    }


def _detection(each: Detection) -> dict[str, object]:
    return {
        "number": each.pk,
        "log": each.log.name,
        "rule": each.rule,
        "title": each.title,
        "level": each.level,
        "author": each.author,
        "licence": each.licence,
        "first_at": each.first_at,
        "last_at": each.last_at,
        "times": each.times,
        "group": each.group,
        "line": each.line,
    }
