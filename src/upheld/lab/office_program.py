"""The program behind `Office`: it loads everything once, then gives each office that is asked for a process and a workspace of its own.

Argument: a folder, in which it listens at `offices` and keeps an empty database. It ends when its standard input does.
"""

import os
import select
import shutil
import signal
import socket
import sys
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from io import BufferedRWPair
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson


def _load() -> None:
    """Load what every office needs, and touch no workspace."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"
    os.environ.pop("UPHELD_DATABASE", None)
    import django  # noqa: PLC0415  it reads the variables above when it is loaded

    django.setup()
    from upheld.actions.declaring import declared  # noqa: PLC0415  as above

    declared()


def _set_up(folder: Path, template: Path) -> None:
    """Make a workspace in `folder`, which must be empty: nobody's own can be meant. `template` holds an empty database, or will."""
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty: this program works in a folder of the lab's own")
    os.environ["UPHELD_WORKSPACE"] = str(folder / "workspace")
    from django.db import connection  # noqa: PLC0415  Django is set up by now

    from upheld import workspace  # noqa: PLC0415  as above
    from upheld.ledger import sequencer, tables  # noqa: PLC0415  as above

    space = workspace.current()
    space.create()
    connection.settings_dict["NAME"] = str(space.database)
    if template.is_file():
        shutil.copyfile(template, space.database)
    else:
        tables.make()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(space.database, template)
    sequencer.init("lab.example/ledger/office/1")


def _answer(said: dict[str, Any]) -> Any:
    from upheld import clock  # noqa: PLC0415  Django is set up by now

    at = clock.at(datetime.fromisoformat(said["at"])) if said.get("at") else nullcontext()
    with at:
        return {"act": _act, "sql": _sql, "settle": _settle, "collect": _collect, "log": _log, "read": _read}[said["do"]](said)


def _act(said: dict[str, Any]) -> str:
    from upheld.accounts.person import Held, Person  # noqa: PLC0415  Django is set up by now
    from upheld.accounts.role import Role  # noqa: PLC0415  as above
    from upheld.actions.asking import ask  # noqa: PLC0415  as above
    from upheld.actions.declaring import declared  # noqa: PLC0415  as above
    from upheld.actions.files import keep_file  # noqa: PLC0415  as above

    by = Person(uuid5(NAMESPACE_URL, said["by"]), said["by"], said["by"], tuple(Held(Role(each)) for each in said["roles"]), "cli")
    given = {name: keep_file(b"a letter").sha256 if value == "a letter" else value for name, value in said["given"].items()}
    return ask(declared()[said["action"]], given, by=by, number=said["number"]).record


def _sql(said: dict[str, Any]) -> int:
    from django.db import connection  # noqa: PLC0415  Django is set up by now

    with connection.cursor() as cursor:
        guards = []
        if said.get("past"):
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [said["past"]])
            guards = list(cursor.fetchall())
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(said["statement"], said["values"])
        changed = int(cursor.rowcount)
        for _, guard in guards:
            cursor.execute(guard)
        return changed


def _settle(said: dict[str, Any]) -> int:
    """Give waiting entries of the ledger their place, and sign it; return how many there are."""
    from upheld.ledger import sequencer  # noqa: PLC0415  Django is set up by now

    return sequencer.sequence().size


def _log(said: dict[str, Any]) -> int:
    """Write lines into a log of the office, look for what rules find there, and put that into the queue of events."""
    from upheld import workspace  # noqa: PLC0415  Django is set up by now
    from upheld.logs import watching  # noqa: PLC0415  as above
    from upheld.logs.scanning import Scanner  # noqa: PLC0415  as above
    from upheld.registers.incidents.queueing import queue  # noqa: PLC0415  as above

    path = workspace.current().root / "auth.log"
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in said["lines"]))
    if "replace" in said:
        path.write_text(path.read_text(encoding="utf-8").replace(*said["replace"]), encoding="utf-8")
    if not watching.watched():
        watching.add("auth", str(path), "syslog", system_id="office", product="linux", service="auth")
    for log in watching.watched():
        Scanner(log, watching.rules()).scan()
    return queue()


def _read(said: dict[str, Any]) -> str:
    """Put a source into use in the office, its secrets in files, if it is not yet; and read it."""
    from upheld import workspace  # noqa: PLC0415  Django is set up by now
    from upheld.sources import configured  # noqa: PLC0415  as above
    from upheld.sources.collecting import collect  # noqa: PLC0415  as above
    from upheld.sources.models import ConfiguredSource  # noqa: PLC0415  as above
    from upheld.sources.source import kind  # noqa: PLC0415  as above

    source = ConfiguredSource.objects.filter(name=said["name"]).first()
    if source is None:
        given = dict(said["settings"])
        for name in {each.name for each in kind(said["kind"]).settings if each.secret} & set(given):
            path = workspace.current().root / f"{said['name']}.{name}"
            path.write_text(given[name])
            path.chmod(0o600)
            given[name] = f"file:{path}"
        source = configured.add(said["name"], said["kind"], given)
    return collect(source).coverage


def _collect(said: dict[str, Any]) -> dict[str, Any]:
    from upheld import clock  # noqa: PLC0415  Django is set up by now
    from upheld.evidence.collection import Collecting  # noqa: PLC0415  as above
    from upheld.registers.source import REGISTERS  # noqa: PLC0415  as above

    into = Collecting("registers", said["tables"], clock.now())
    REGISTERS.connect({}).collect(into)
    return {name: {"rows": [_plain(row) for row in seen.rows.values()], "cut_short": seen.cut_short} for name, seen in into.seen.items()}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if value is not None}


def _value(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    return value.isoformat() if isinstance(value, date) else value


def _serve(lines: BufferedRWPair, template: Path) -> None:
    """Answer the lines of one office until there are no more; the first says its folder."""
    for number, line in enumerate(lines):
        try:
            said = orjson.loads(line)
            if number:
                answer = {"told": _answer(said)}
            else:
                _set_up(Path(said["folder"]), template)
                answer = {"told": "open"}
        except Exception as error:  # noqa: BLE001  whatever it was, whoever asked is told
            answer = {"refused": f"{type(error).__name__}: {error}"}
        lines.write(orjson.dumps(answer) + b"\n")
        lines.flush()


def main(folder: Path) -> None:
    """Open offices until whoever started this program ends."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for an office
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "offices"))
        listening.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in (ready := select.select([listening, sys.stdin], [], [])[0]) and ready:
            asked, _ = listening.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listening.close()
                _serve(asked.makefile("rwb"), folder / "empty.sqlite3")
                os._exit(0)
            asked.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
