"""The history of tables: what ended longer ago than it is kept loses its values, its leaves stay, and the ledger says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from upheld import clock, workspace
from upheld.checks.span import span
from upheld.evidence.forgetting import Forgotten, ended_before
from upheld.evidence.frame import ChangeFile
from upheld.evidence.masking import files_of
from upheld.evidence.store import Store
from upheld.evidence.table import tables
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.registers.privacy.retention_models import Kept, Retention
from upheld.retention.needs import Needs
from upheld.sources.collecting import manifest_row, tidy
from upheld.sources.frames import files
from upheld.sources.models import Collection, HistoryFile
from upheld.sources.models import Forgotten as Noted


@dataclass(frozen=True)
class Past:
    """The history of one table from one source: how long it is `kept` ("": for good), and what had ended by `until` goes (None: nothing).

    `why` says what keeps it longer than the rule does; `versions` is how many versions of rows would go now.
    """

    table: str
    source: str
    kept: str
    until: datetime | None
    why: str
    versions: int
    files: tuple[ChangeFile, ...]


def planned(needs: Needs, *, count: bool = True) -> list[Past]:
    """Return every table of every source with what would go now; with `count` versions are counted. Raises `Damaged`."""
    now, rules = clock.now(), rules_of(Kept.HISTORY)
    found = []
    for (name, source), its in files_of(files()).items():
        rule = rules.get(name) or rules.get("")
        if name not in tables():
            continue
        if rule is None:
            found.append(Past(name, source, "", None, "", 0, tuple(its)))
            continue
        until, why = needs.of(tables()[name], now - span(rule.keep).about, now)
        reached = [file for file in its if until is not None and file.since <= until]
        versions = ended_before(its, until) if count and reached and until is not None else 0
        found.append(Past(name, source, rule.keep, until, why, versions, tuple(its)))
    return found


def forget(needs: Needs) -> list[tuple[Past, int]]:
    """Take out of the history what is over, and return what lost how many versions. The caller holds the run lock. Idempotent.

    Raises `Unwritable` and `Damaged`.
    """
    tidy()
    done = [(past, _forget(past, past.until)) for past in planned(needs) if past.versions and past.until is not None]
    tidy()
    return done


def _forget(past: Past, until: datetime) -> int:
    store = Store(workspace.current().history, past.files)
    gone = store.forget(past.table, past.source, until)
    if gone.written is not None:
        _record(past, until, gone, gone.written)
    return gone.versions


def _record(past: Past, until: datetime, gone: Forgotten, written: ChangeFile) -> None:
    said: dict[str, Json] = {"file": written.digest, "versions": gone.versions, "ended_by": until.isoformat(), "kept_for": past.kept}
    with transaction.atomic():
        entry_id = append("history.forgotten", subject=("source", past.source), body={"tables": {past.table: said}})
        new = manifest_row(Collection.objects.get(pk=written.collection), written, entry_id)
        new.save()
        replaced = [str(file.path.relative_to(workspace.current().history)) for file in gone.replaced]
        HistoryFile.objects.filter(path__in=replaced).update(compacted_into=new)
        Noted.objects.create(
            table=past.table, source=past.source, ended_by=until, versions=gone.versions, at=clock.now(), entry_id=entry_id
        )


def rules_of(kind: Kept) -> dict[str, Retention]:
    """Return the rules in force that somebody else approved, by what they are on ("": everything else)."""
    return {each.what: each for each in Retention.objects.filter(kind=kind, ended_at=None).exclude(approved_at=None)}


def last_round(count: int) -> Iterator[Noted]:
    """Yield the last `count` times that something was forgotten, newest first."""
    yield from Noted.objects.all()[:count]
