"""All that a workspace holds, held against what was signed: its database, its ledger, its history and its populations."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing

from django.db import connection

from upheld import workspace
from upheld.evidence.collection import Progress
from upheld.evidence.loading import HistoryError
from upheld.evidence.store import Store
from upheld.ledger import reading, signers, store, whole
from upheld.ledger.checkpoint import MalformedKey, VerificationKey
from upheld.ledger.rotation import UntrustedRotation
from upheld.ledger.store import StoredLog
from upheld.ledger.verify.trust import Trusted
from upheld.sources.frames import files
from upheld.sources.models import CollectedTable
from upheld.verdicts.attesting import disagreements
from upheld.verdicts.models import MeasureVerdict
from upheld.web.unaltered import alteration
from upheld.workspace import Workspace

KEYLESS = "its key is not here, so that nothing shows who signed it"
_SHOWN = 5


def wrong(trusted: Sequence[VerificationKey], progress: Progress) -> list[str]:
    """Return, in sentences, everything in the current workspace that is not as it was written and signed.

    A log is verified by the key of `trusted` that has its name; one without a key is said, since nothing then shows
    who signed it. No sentence names the place that the workspace lies in.
    """
    space = workspace.current()
    found = _database(space) or _looked(lambda: _ledger(trusted), 1, progress)
    if all(said.endswith(KEYLESS) for said in found):
        # What else is looked at is held against the ledger's entries, which must be sound for that.
        looks: tuple[Callable[[], Iterable[str]], ...] = (_files, _roots, disagreements, lambda: _populations(space))
        found += [said for step, look in enumerate(looks, 2) for said in _looked(look, step, progress)]
    return [said.replace(f"{space.root}/", "") for said in found]


def _looked(look: Callable[[], Iterable[str]], step: int, progress: Progress) -> list[str]:
    progress("verifying", step, 5)
    return list(look())


def _database(space: Workspace) -> list[str]:
    """What SQLite finds wrong with its own file. PostgreSQL checks what points elsewhere at each commit, and pages by its own tools."""
    if connection.vendor != "sqlite":
        return []
    with closing(sqlite3.connect(space.database)) as database:
        try:
            said = [str(line) for (line,) in database.execute(f"PRAGMA integrity_check({_SHOWN})")]
            loose = database.execute("PRAGMA foreign_key_check").fetchmany(_SHOWN)
        except sqlite3.DatabaseError as error:
            return [f"the database cannot be read: {error}"]
    found = [] if said == ["ok"] else [f"the database is damaged: {line}" for line in said]
    return found + [f"a row of {row[0]} in the database points to one of {row[2]} that is not there" for row in loose]


def _ledger(trusted: Sequence[VerificationKey]) -> Iterator[str]:
    logs = store.all_logs()
    for place, log in enumerate(logs):
        if log.checkpoint() is None:
            continue  # opened and not signed yet: nothing is claimed of it
        mine = [key for key in trusted if key.name == log.origin]
        if not mine:
            yield f"the ledger {log.origin}: {KEYLESS}"
            continue
        try:
            report = reading.verify(log, _in_force(log, mine))
        except UntrustedRotation as error:
            yield f"the ledger {log.origin}: {error}"
            continue
        if place:
            whole.join(logs[place - 1], log, report)
        yield from (f"the ledger {log.origin}: {said}" for said in report.failed)


def _in_force(log: StoredLog, mine: Sequence[VerificationKey]) -> Trusted:
    """Which keys may sign which sizes of `log`, where its key is here; else those that somebody trusts."""
    try:
        return signers.policy(log)
    except (OSError, MalformedKey):
        return mine


def _files() -> list[str]:
    return list(Store(workspace.current().history, files()).altered().values())


def _roots() -> Iterator[str]:
    """Derive each table's Merkle root anew, of each source, as its last reading left it."""
    newest: dict[tuple[str, str], CollectedTable] = {}
    told = CollectedTable.objects.exclude(digest="").select_related("collection__source").order_by("collection__started_at")
    for row in told:
        newest[row.table, row.collection.source.name] = row
    kept = Store(workspace.current().history, files())
    for (table, source), row in newest.items():
        try:
            kept.verify(table, source, row.collection.started_at, row.digest)
        except HistoryError as error:
            yield str(error)


def _populations(space: Workspace) -> Iterator[str]:
    for verdict in MeasureVerdict.objects.filter(until_at=None).exclude(outcomes="").order_by("measure"):
        file = space.root / verdict.outcomes
        said = alteration(file, verdict) if file.is_file() else f"the population of {verdict.measure} is gone: {file}"
        if said:
            yield said
