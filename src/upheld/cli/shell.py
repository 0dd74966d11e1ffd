"""What commands share: a ready workspace, the lock of a run, progress, and printing as JSON."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import click
import orjson

from upheld import workspace
from upheld.checks.verdict import State
from upheld.ledger import sequencer
from upheld.ledger.append import NoLedger
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.continuity import LedgerForked
from upheld.runlock import run_lock
from upheld.upkeep.release import require_this
from upheld.upkeep.switching import put_aside
from upheld.web.trouble import of_file
from upheld.workspace import Workspace, use

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


def ready() -> Workspace:
    """Return the current workspace, in use by this process from now on; says how to make one where there is none, or upgrade it."""
    space = workspace.current()
    require_keys(space)
    if not space.exists:
        aside = put_aside(space.root)
        cut_short = (
            f" A restore may have been cut short: its states lie in {', '.join(map(str, aside))}; give one the name back." if aside else ""
        )
        raise click.ClickException(f"There is no workspace at {space.root}. Make one with: upheld init.{cut_short}")
    require_database(space)
    require_this()
    use(space)
    return space


def ready_to_enter() -> Workspace:
    """Return the current workspace as `ready` does, for a command that changes something and enters it in the ledger.

    Refuses, before anything is changed, where the ledger cannot go on: a change that nobody can sign for is none.
    """
    space = ready()
    try:
        sequencer.require_going_on()
    except (LedgerForked, NoLedger, MalformedKey, OSError) as error:
        said = of_file(error) if isinstance(error, OSError) and error.strerror else str(error)
        raise click.ClickException(f"{said.rstrip('.')}. Nothing was changed.") from error
    return space


def require_keys(space: Workspace) -> None:
    """Refuse a workspace whose key directory is gone, before anybody takes it for none, or makes an empty one in its place."""
    if space.has_lost_its_keys:
        raise click.ClickException(
            f"The key directory {space.keys} is missing, though the workspace {space.root} is there. "
            "Bring it back, or restore a backup of it: upheld restore --keys FILE. Nothing was made in its place. "
            f"If it is lost for good: mkdir -m 700 {space.keys}, then upheld ledger new-shard; what was sealed stays sealed."
        )


def require_database(space: Workspace) -> None:
    """Refuse a workspace whose database is gone, before anybody makes an empty one in its place."""
    if space.has_lost_its_database:
        raise click.ClickException(
            f"The database {space.database} is missing, though its ledger was signed. "
            "Bring it back, or restore a backup: upheld restore FILE. Nothing was made in its place."
        )


@contextmanager
def one_at_a_time(space: Workspace) -> Iterator[None]:
    """Hold the workspace's run lock. A second run says that it waits, and waits; a dead process holds nothing."""

    def told(holder: str) -> None:
        click.echo(f"Another run is at work here ({holder}); waiting for it to end ...", err=True)

    with run_lock(space, waits=told):
        yield


class Bar:
    """One line on a terminal that says how far a long step is; silent elsewhere. Also a `Progress`."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._shown = sys.stderr.isatty()
        self._last = 0.0

    def __enter__(self) -> Self:
        self("", 0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        """Show that `done` of `total` are done; at most ten times a second."""
        now = time.monotonic()
        if not self._shown or now - self._last < 0.1:
            return
        self._last = now
        count = f" {done:,}" + (f" of {total:,}" if total else "") if done else ""
        sys.stderr.write(f"\r\033[K{self.title}: {what}{count}"[:120])
        sys.stderr.flush()


def print_json(value: Any) -> None:
    """Print `value` as indented JSON; instants in ISO 8601 with Z."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z, default=str).decode())


def say(told: Mapping[str, Any], said: str, as_json: bool) -> None:
    """Print what a command did: the sentence `said`, or what it `told` as JSON."""
    if as_json:
        print_json(told)
    else:
        click.echo(said)


def stated(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Refuse a reason that says nothing; a callback of options."""
    if not value.strip():
        raise click.BadParameter("it says nothing; say why, in words that name nobody")
    return value


def instant(_context: click.Context, _option: click.Parameter, value: str | None) -> datetime | None:
    """Read an instant given on the command line; a click callback. Without a zone it is taken as UTC."""
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not an instant; write it as 2026-05-03 or 2026-05-03T09:12Z") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def counted(number: int, thing: str) -> str:
    """Return the number and its noun: "1 row", "2,214 rows"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def mark(state: str) -> str:
    """Return a state's mark and word, coloured on a terminal."""
    colours = {"upheld": "green", "at risk": "yellow", "excepted": "magenta", "unproven": "bright_black", "broken": "red"}
    return click.style(f"{State(state).mark} {state}", fg=colours[state])
