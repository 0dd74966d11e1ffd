"""`upheld work`: do what is due, without anybody asking."""

import os
import signal
import threading
import time
from datetime import datetime

import click

from upheld import clock
from upheld.cli.shell import print_json, ready
from upheld.evidence.visible import visible
from upheld.jobs import worker
from upheld.jobs.chores import chores
from upheld.jobs.models import Turn

_SECONDS_TO_NOTICE = 1.0


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end; exit status 3 if something failed.")
@click.option("--list", "listed", is_flag=True, help="Say what is due when, and how it went last; do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def work(context: click.Context, once: bool, listed: bool, as_json: bool) -> None:
    """Read sources and judge measures when they are due, and place entries in the ledger. `upheld serve` does it too."""
    ready()
    if listed:
        _list(as_json)
        return
    failed: list[str] = []

    def told(chore: str, said: str, well: bool) -> None:
        failed.extend([] if well else [chore])
        if as_json:
            print_json({"chore": chore, "said": said, "well": well, "at": clock.now()})
        else:
            _tell(chore, said, well)

    if once:
        worker.pass_once(told)
        context.exit(3 if failed else 0)
    worker.work(_stopping(0), told)


def work_beside(process: int) -> None:
    """Do what is due until the process of that number, which this one was copied from, is gone, or a signal says so."""
    worker.work(_stopping(process), _tell)


def _tell(chore: str, said: str, well: bool) -> None:
    click.echo(f"{clock.now():%Y-%m-%d %H:%M:%S}Z {chore}: {visible(said)}", err=not well)


def _stopping(beside: int) -> threading.Event:
    """Return the event that a signal sets, or that the process `beside`, which started this one, is gone (0: nobody is waited for)."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    if beside:

        def watch() -> None:
            while os.getppid() == beside:
                time.sleep(_SECONDS_TO_NOTICE)
            stop.set()

        threading.Thread(target=watch, daemon=True).start()
    return stop


def _list(as_json: bool) -> None:
    turns = {turn.chore: turn for turn in Turn.objects.all()}
    found = [_chore(each.name, each.due_at, turns.get(each.name)) for each in chores(clock.now()) if each.due_at]
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("Nothing will be due: no source is in use. See what there is: upheld source kinds")
    for each in found:
        last = f"; last: {visible(str(each['last']))}" if each["last"] else ""
        click.echo(f"{each['due_at']:%Y-%m-%d %H:%M} {each['chore']}{' (at work)' if each['at_work'] else ''}{last}")


def _chore(name: str, due_at: datetime, turn: Turn | None) -> dict[str, object]:
    return {
        "chore": name,
        "due_at": max(due_at, turn.not_before_at) if turn and turn.not_before_at else due_at,
        "at_work": bool(turn and turn.holder),
        "last": turn.said if turn else "",
        "failures": turn.failures if turn else 0,
    }
