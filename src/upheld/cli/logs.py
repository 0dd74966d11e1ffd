"""`upheld logs`: look through files with rules, at once and without a workspace; all else is loaded when it is called."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from upheld.cli.main import set_up
from upheld.evidence.visible import visible

if TYPE_CHECKING:
    from upheld.logs.looking import Looking
    from upheld.logs.meeting import Seen
    from upheld.logs.sigma.compiled import Compiled
    from upheld.logs.spark import SparkLooking, SparkSurveying
    from upheld.logs.surveying import Surveying

DUCKDB, SPARK = "duckdb", "spark"  # as `checks.choosing` has them, which need not be loaded to look through files

_WATCHED = ("add", "detections", "list", "remove", "rules")
_KEPT = ("canary", "explain", "import", "keep", "search", "verify")
_CALLED = {"canary": "canary_", "import": "import_", "list": "list_logs"}


class Logs(click.Group):
    """Loads what needs a workspace only when it is called: looking through files needs none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name."""
        return sorted([*super().list_commands(ctx), *_WATCHED, *_KEPT])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command, or None for one that does not exist."""
        if name not in (*_WATCHED, *_KEPT):
            return super().get_command(ctx, name)
        set_up()
        from upheld.cli import kept_logs, watched_logs  # noqa: PLC0415  they import models, which is possible only after setting up

        command = getattr(kept_logs if name in _KEPT else watched_logs, _CALLED.get(name, name))
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Logs)
def logs() -> None:
    """Watch logs, and see what rules found in them."""


@logs.command()
@click.argument("what", nargs=-1, metavar="[NAME]... | --rules DIR FILE...")
@click.option(
    "--rules", "folders", multiple=True, type=click.Path(exists=True, path_type=Path), help="Look through files with these rules."
)
@click.option("--engine", type=click.Choice([DUCKDB, SPARK]), default=DUCKDB, help="Where files are looked through: here, or on Spark.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON; of files, a line a detection, and a last one with counts.")
@click.pass_context
def scan(context: click.Context, what: tuple[str, ...], folders: tuple[Path, ...], engine: str, as_json: bool) -> None:
    """Read what is new in the logs NAME, or in all that are watched. With --rules, look through FILEs of JSON lines and keep nothing.

    Files may be compressed (gzip, xz, bzip2). Exit status 3 if one could not be read whole; of watched logs, 1 if something was found.
    """
    if folders:
        context.exit(_look(what, folders, engine, as_json))
    if engine != DUCKDB:
        raise click.UsageError("--engine is for files: name a folder of rules with --rules, and the files")
    set_up()
    from upheld.cli.watched_logs import scan_watched  # noqa: PLC0415  as above

    context.exit(scan_watched(what, as_json))


def _look(files: tuple[str, ...], folders: tuple[Path, ...], engine: str, as_json: bool) -> int:
    """Look through `files` with the rules in `folders`; return the exit status."""
    if not files:
        raise click.UsageError("name the files to look through")
    from upheld.logs.looking import said  # noqa: PLC0415  nothing else needs these
    from upheld.logs.meeting import Seen  # noqa: PLC0415  as above
    from upheld.logs.sigma.compiled import compiled, files_in, shelf  # noqa: PLC0415  as above

    def tell(seen: Seen) -> None:
        if as_json:
            told = {"rule_id": seen.rule.id, "title": seen.rule.title, "file": seen.file, "line": seen.line, "time": seen.time}
            write(orjson.dumps(told, default=str) + b"\n")
        else:
            where = f"{visible(seen.file)}:{seen.line}"
            write(f"{visible(seen.time or 'undated')} {seen.rule.level or '-'} {where}: {visible(seen.rule.title)}\n".encode())

    write = sys.stdout.buffer.write
    chosen = files_in(folders)
    if not chosen:
        raise click.UsageError(f"no rule is in {', '.join(map(str, folders))}: name a folder with files *.yml")
    rules = compiled(chosen, shelf())
    looking = _looking(rules, engine, tell)
    with _told_plainly(engine):
        looking.through(files)
    for name, why in looking.troubles.items():
        click.echo(f"{visible(name)}: {visible(why)}", err=True)
    ids = rules.ruleset.left_out_ids
    left_out = [(ids[place], visible(why), said(place)) for place, why in rules.ruleset.left_out.items()]
    told = {
        "events": looking.events,
        "rules": len(rules.ruleset.rules) + len(rules.ruleset.correlations),
        "skipped_rules": [{"id": id, "why": why, "file": place} for id, why, place in left_out],
        "unread_lines": looking.unread,
        "undecided": looking.undecided,
        "undated": looking.undated,
        "troubles": [{"file": name, "why": why} for name, why in looking.troubles.items()],
        "cpu_seconds": round(sum(os.times()[:4]) + looking.elsewhere_seconds, 3),
    }
    if as_json:
        write(orjson.dumps(told) + b"\n")
    else:
        write(_summed(told).encode())
    sys.stdout.flush()
    return 3 if looking.troubles else 0


@logs.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--engine", type=click.Choice([DUCKDB, SPARK]), default=DUCKDB, help="Where files are read: here, or on Spark.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def report(context: click.Context, files: tuple[str, ...], engine: str, as_json: bool) -> None:
    """Say of FILEs how much came of each host in which hour, what of it is irregular, and who was at a host for the first time.

    Files are as for `scan`. Exit status 3 if one could not be read whole.
    """
    from upheld.cli.log_report import told  # noqa: PLC0415  nothing else needs it

    surveying = _surveying(engine)
    with _told_plainly(engine):
        found = surveying.through(files)
    for name, why in surveying.troubles.items():
        click.echo(f"{visible(name)}: {visible(why)}", err=True)
    click.echo(told(found, surveying, as_json=as_json))
    context.exit(3 if surveying.troubles else 0)


def _surveying(engine: str) -> "Surveying | SparkSurveying":
    """What reads files for reports on `engine`."""
    if engine == DUCKDB:
        from upheld.logs.surveying import Surveying  # noqa: PLC0415  nothing else needs it

        return Surveying()
    from upheld.logs.spark import SparkSurveying  # noqa: PLC0415  it needs what may not be installed

    return SparkSurveying(_spark(engine))


def _looking(rules: "Compiled", engine: str, tell: "Callable[[Seen], None]") -> "Looking | SparkLooking":
    """What looks through files with `rules` on `engine`."""
    if engine == DUCKDB:
        from upheld.logs.looking import Looking  # noqa: PLC0415  as above

        gc.freeze()
        gc.disable()  # what is made here is thrown away at once or kept to the end; none of it is a cycle
        return Looking(rules, tell)
    from upheld.logs.spark import SparkLooking  # noqa: PLC0415  it needs what may not be installed

    return SparkLooking(_spark(engine), rules, tell)


def _spark(engine: str) -> object:
    """Start Spark."""
    from upheld.checks.choosing import NoEngine, chosen  # noqa: PLC0415  nothing else needs it

    try:
        chosen(engine)
        from upheld.checks.engines.spark import started  # noqa: PLC0415  it needs what may not be installed

        spark = started()
        spark.sparkContext.setLogLevel("OFF")  # what fails is told once, below
        return spark
    except NoEngine as error:
        raise click.UsageError(str(error)) from error


@contextmanager
def _told_plainly(engine: str) -> Iterator[None]:
    """Tell in one line what failed on Spark."""
    if engine == DUCKDB:
        yield
        return
    from upheld.checks.engines.spark import FAILURES, cause  # noqa: PLC0415  it needs what may not be installed

    try:
        yield
    except FAILURES as error:
        raise _Failed(f"it failed on Spark: {visible(cause(error))}. Workers need Upheld, and the files by the same names") from error


class _Failed(click.ClickException):
    """What was asked could not be done elsewhere."""

    exit_code = 3


def _summed(told: dict[str, object]) -> str:
    skipped = told["skipped_rules"]
    assert isinstance(skipped, list)
    said = [f"{told['events']:,} events, {told['rules']:,} rules, {told['cpu_seconds']} CPU seconds"]
    said += [f"{told['unread_lines']:,} lines are no JSON objects"] if told["unread_lines"] else []
    said += [f"{told['undecided']:,} values took an expression too long"] if told["undecided"] else []
    said += [f"{told['undated']:,} times a rule met that correlations count, in an event without a time"] if told["undated"] else []
    return "\n".join([*said, *(f"left out: {visible(each['file'])}: {each['why']}" for each in skipped), ""])
