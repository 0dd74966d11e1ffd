"""`upheld doctor`: look whether this installation and its workspace are in order."""

import os
import shutil
import sqlite3
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from django.db import DatabaseError, connection

from upheld import clock, workspace
from upheld.accounts.policy import FILE as SIGN_IN
from upheld.accounts.policy import PolicyError, policy
from upheld.checks import library
from upheld.checks.front import MeasureError
from upheld.checks.lint import problems
from upheld.checks.measure import read
from upheld.cli.ahead import standing as standing_ahead
from upheld.cli.shell import print_json
from upheld.documents.document import load, load_all
from upheld.documents.fields import DocumentError
from upheld.evidence.store import Store
from upheld.evidence.visible import visible
from upheld.ledger import forgetting, sequencer, standing
from upheld.secret import NoSecret, resolve
from upheld.sources import configured
from upheld.sources.frames import files
from upheld.sources.source import Misconfigured
from upheld.standards.standard import exists
from upheld.upkeep import release
from upheld.upkeep.errors import FromNewerRelease, NotUpgraded
from upheld.upkeep.stage import left_behind
from upheld.upkeep.switching import put_aside
from upheld.vault import erasures, owed
from upheld.vault.keys import here
from upheld.verdicts.attesting import disagreements
from upheld.verdicts.models import MeasureVerdict
from upheld.web.inputs import parameters_in_force
from upheld.web.trouble import trouble
from upheld.web.unaltered import alteration
from upheld.workspace import Workspace

ENOUGH_FREE_BYTES = 500_000_000
_FEW = 3  # names in a sentence about many
PROGRAMS = {
    "git": "the source git",
    "ssh": "the source host, for other machines",
    "restic": "the source restic",
    "openssl": "drills on TLS",
}


@dataclass(frozen=True)
class Observation:
    """One thing looked at: well or not, and what to do if not. `needed` ones decide the exit status."""

    what: str
    well: bool
    said: str
    needed: bool = True


Look = Callable[[Workspace], Iterator[Observation]]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look whether this installation and its workspace are in order. Changes nothing. Exit status 1 if something is not."""
    found = list(observations(workspace.current()))
    if as_json:
        print_json([vars(each) for each in found])
    else:
        for each in found:
            click.echo(f"{_sign(each)}  {each.what}: {visible(each.said)}")
    context.exit(0 if all(each.well for each in found if each.needed) else 1)


def _sign(each: Observation) -> str:
    if each.well:
        return click.style("ok", fg="green")
    return click.style("no", fg="red") if each.needed else "--"


def observations(space: Workspace) -> Iterator[Observation]:
    """Yield what was looked at, installation first."""
    yield Observation("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield Observation("SQLite", sqlite3.sqlite_version_info >= (3, 35), sqlite3.sqlite_version)
    yield Observation("OpenSSL", True, ssl.OPENSSL_VERSION)
    for program, purpose in PROGRAMS.items():
        path = shutil.which(program)
        yield Observation(program, path is not None, path or f"not installed; {purpose} needs it", needed=False)
    if not space.exists:
        yield Observation("workspace", False, f"none at {space.root}; make one with upheld init")
        return
    yield from _workspace(space)


def _workspace(space: Workspace) -> Iterator[Observation]:
    yield Observation("workspace", True, str(space.root))
    yield from _guarded("private", _private, space)
    free = shutil.disk_usage(space.root).free
    yield Observation("disk", free > ENOUGH_FREE_BYTES, f"{free // 1_000_000:,} MB free")
    places = (space.root, space.database, space.history, space.outcomes, space.keys)
    closed = [str(path) for path in places if path.exists() and not os.access(path, os.W_OK)]
    yield Observation("writable", not closed, f"read-only: {', '.join(closed)}; collecting and judging write there" if closed else "yes")
    left = left_behind(space.root, space.root.parent)
    if left:
        said = f"left by a backup or restore that was killed, and removed by the next one: {', '.join(map(str, left))}"
        yield Observation("stages", False, said, needed=False)
    if aside := put_aside(space.root):
        yield Observation("put aside", True, f"states before restores and upgrades, to be deleted by you: {', '.join(map(str, aside))}")
    with _readable_database(space):
        yield from _guarded("tables", _tables, space)


def _private(space: Workspace) -> Iterator[Observation]:
    shared = [str(path) for path in (space.root, space.keys, *space.keys.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077]
    yield Observation("private", not shared, f"readable by others: {', '.join(shared)}" if shared else "only its owner can read it")


def _tables(space: Workspace) -> Iterator[Observation]:
    try:
        release.require_this()
    except (NotUpgraded, FromNewerRelease) as error:
        yield Observation("tables", False, str(error))
    else:
        yield Observation("tables", True, "of this release")
        for what, look in LOOKS.items():
            yield from _guarded(what, look, space)


def _guarded(what: str, look: Look, space: Workspace) -> Iterator[Observation]:
    """Yield what `look` sees; an error that was foreseen is one of the things seen, and the next look goes on."""
    try:
        yield from look(space)
    except Exception as error:
        foreseen = trouble(error, space.database)
        if foreseen is None:
            raise
        yield Observation(what, False, foreseen.said)


@contextmanager
def _readable_database(space: Workspace) -> Iterator[None]:
    """Let the database be read also where nothing can be written beside it: SQLite's own files cannot be made there."""
    before = {name: connection.settings_dict[name] for name in ("NAME", "OPTIONS")}
    if connection.vendor == "sqlite" and not _opens(space):
        connection.close()
        # What waits in the write-ahead log would be passed over as immutable; without it nothing is.
        log = space.database.with_name(f"{space.database.name}-wal")
        frozen = "" if log.exists() and log.stat().st_size else "&immutable=1"
        connection.settings_dict |= {"NAME": f"{space.database.as_uri()}?mode=ro{frozen}", "OPTIONS": {"timeout": 20}}
    try:
        yield
    finally:
        if connection.settings_dict["NAME"] != before["NAME"]:
            connection.close()
            connection.settings_dict |= before


def _opens(space: Workspace) -> bool:
    if not (os.access(space.root, os.W_OK) and os.access(space.database, os.W_OK)):
        return False
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True


def _ledger(_space: Workspace) -> Iterator[Observation]:
    status = sequencer.status()
    wrong = [*status.wrong, *standing.standing(sequencer.current()).wrong]
    said = " ".join(wrong) or f"{status.size:,} entries, {status.waiting} waiting; {status.origin}"
    yield Observation("ledger", status.mark_ok and not wrong, said)


def _erasures(_space: Workspace) -> Iterator[Observation]:
    vault = here()
    done = erasures.listed(vault)
    wrong = [f"{each.id} was stopped after {each.step}: run upheld erased reapply" for each in done if each.done_at is None]
    wrong += [f"{each} is forgotten here, and owed: upheld erase PERSON --again {each}" for each in owed.owed(vault)]
    forgotten = forgetting.why(sequencer.current())
    if forgotten:
        wrong.append(f"{forgotten}: whoever was erased since is here again. The way on: upheld ledger new-shard")
    yield from _each("erasures", wrong, f"{len(done):,}, all of them finished" if done else "none")


def _measures(space: Workspace) -> Iterator[Observation]:
    files = sorted(space.measures.glob("*/*.sql"))
    yield from _each("measures", [said for file in files for said in _wrong_with(file, space)], f"{len(files)} of your own, in order")


def _wrong_with(file: Path, space: Workspace) -> list[str]:
    """Everything that is wrong with a measure of the workspace's own, a sentence each."""
    try:
        measure = read(file, shipped=False)
        declared = library.declared(measure.chapter, (library.SHIPPED, space.measures))
    except (MeasureError, UnicodeDecodeError) as error:
        return [str(error)]
    found = [f"{file}: {each.what}; {each.remedy}" for each in problems(measure, parameters=declared, clause_exists=exists)]
    if (library.SHIPPED / f"{measure.id}.sql").exists():
        found.append(f"{file}: {measure.id} is a shipped measure; give yours another name, or set parameters to change that one")
    return found


def _parameters(space: Workspace) -> Iterator[Observation]:
    try:
        parameters_in_force()
    except MeasureError as error:
        yield Observation("parameters", False, str(error))
    else:
        yield Observation("parameters", True, f"set in {space.parameters}" if space.parameters.is_file() else "as shipped")


def _signing_in(space: Workspace) -> Iterator[Observation]:
    try:
        said = policy()
        for each in said.providers:
            if each.secret:
                resolve(each.secret)
    except (PolicyError, NoSecret) as error:
        yield Observation("signing in", False, str(error))
    else:
        set_in = space.root / SIGN_IN
        yield Observation("signing in", True, f"set in {set_in}" if set_in.is_file() else "as shipped")


def _documents(space: Workspace) -> Iterator[Observation]:
    files, wrong = sorted(space.documents.glob("*.toml")), []
    for file in files:
        try:
            load(file)
        except DocumentError as error:
            wrong.append(str(error))
    if not wrong:
        load_all(files)
    yield from _each("documents", wrong, f"{len(files)} of your own, in order")


def _clock(_space: Workspace) -> Iterator[Observation]:
    yield Observation("clock", *standing_ahead(clock.now()))


def _history(space: Workspace) -> Iterator[Observation]:
    store = Store(space.history, files())
    yield from _each("history", list(store.altered().values()), f"{len(store.files):,} change files, as they were written")


def _populations(space: Workspace) -> Iterator[Observation]:
    wrong, gone, verdicts = list[str](), list[str](), MeasureVerdict.objects.filter(until_at=None).exclude(outcomes="")
    for verdict in verdicts:
        file = space.root / verdict.outcomes
        if not file.is_file():
            gone.append(verdict.measure)
        elif said := alteration(file, verdict):
            wrong.append(said)
    if gone:
        wrong.append(f"{_named(gone)}: the population is gone, as after an erasure that found somebody in it. Run upheld check.")
    yield from _each("populations", wrong, f"{len(verdicts):,} of judged measures, as they were judged")


def _named(names: list[str]) -> str:
    """Return the first few of `names`, and how many more there are."""
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return ", ".join(sorted(names)[:_FEW]) + more


def _sources(_space: Workspace) -> Iterator[Observation]:
    if not configured.in_use():
        yield Observation("sources", False, "none in use; see upheld source kinds")
    for source in configured.in_use():
        try:
            configured.connect(source)
            yield Observation(f"source {source.name}", True, f"kind {source.kind}; settings are complete")
        except Misconfigured as error:
            yield Observation(f"source {source.name}", False, str(error))


def _each(what: str, wrong: list[str], well: str) -> Iterator[Observation]:
    """Yield an observation for each sentence in `wrong`; without any, that it is `well`."""
    yield from [Observation(what, False, said) for said in wrong] or [Observation(what, True, well)]


def _agreement(space: Workspace) -> Iterator[Observation]:
    found = disagreements()
    yield Observation("database", not found, "; ".join(found) or "says what the ledger says")


# What is looked at once the workspace is of this release, in this order; each look yields what it sees.
LOOKS: dict[str, Look] = {
    "ledger": _ledger,
    "erasures": _erasures,
    "database": _agreement,
    "clock": _clock,
    "history": _history,
    "populations": _populations,
    "measures": _measures,
    "parameters": _parameters,
    "signing in": _signing_in,
    "documents": _documents,
    "sources": _sources,
}
