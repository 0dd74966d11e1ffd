"""Files that records rest on: one goes once every record that names it is over for as long as its register's rule says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from upheld import clock
from upheld.actions.files import DIGEST, everything
from upheld.actions.files import Kept as KeptFile
from upheld.actions.kept_files import FORGOTTEN, names_files
from upheld.actions.models import Record
from upheld.checks.span import span
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.registers.backup.models import FiledRecord
from upheld.registers.privacy.retention_models import Kept, Retention
from upheld.retention.history import rules_of
from upheld.retention.needs import Needs

_IN_ONE_ENTRY = 500


@dataclass(frozen=True)
class Over:
    """The files of a register that go now, and how long such files are kept ("": for good; until it is destroyed, for records)."""

    register: str
    kept: str
    files: tuple[KeptFile, ...]


def planned(needs: Needs) -> list[Over]:
    """Return what files would go now, by the register whose rule lets them; none while a legal hold lasts."""
    rules, now = rules_of(Kept.FILES), clock.now()
    resting: dict[str, list[datetime | None]] = {}
    home: dict[str, str] = {}
    for digest, register, goes_at in _resting(rules):
        resting.setdefault(digest, []).append(goes_at)
        home[digest] = register
    there = {file.sha256: file for file in everything()} if not needs.held else {}
    by_register: dict[str, list[KeptFile]] = {}
    for digest, instants in resting.items():
        if digest in there and all(at is not None and at <= now for at in instants):
            by_register.setdefault(home[digest], []).append(there[digest])
    return [Over(name, _kept(name, rules), tuple(files)) for name, files in sorted(by_register.items())]


def forget(needs: Needs) -> int:
    """Enter that what `planned` returns goes, delete it, and return how many files. Call it outside a transaction. Idempotent."""
    gone = 0
    for over in planned(needs):
        for at in range(0, len(over.files), _IN_ONE_ENTRY):
            some = over.files[at : at + _IN_ONE_ENTRY]
            digests: list[Json] = [file.sha256 for file in some]
            with transaction.atomic():
                append(FORGOTTEN, body={"kept_for": over.kept, "register": over.register, "sha256": digests})
            for file in some:
                file.path.unlink(missing_ok=True)
        gone += len(over.files)
    return gone


def _kept(register: str, rules: dict[str, Retention]) -> str:
    rule = rules.get(register) or rules.get("")
    return "until it is destroyed" if register == FiledRecord.register() else rule.keep if rule else ""


def _resting(rules: dict[str, Retention]) -> Iterator[tuple[str, str, datetime | None]]:
    """Yield each digest of a file that a record names, with its register and from when it may go; None: never."""
    for model in apps.get_models():
        if not issubclass(model, Record) or not (columns := names_files(model)):
            continue
        path = model.files_over
        rule = rules.get(model.register()) or rules.get("")
        for row in model._default_manager.values_list(*columns, *([path] if path else [])).iterator(chunk_size=2_000):
            over = row[len(columns)] if path else None
            yield from (
                (digest, model.register(), _goes_at(model, over, rule)) for digest in row[: len(columns)] if DIGEST.fullmatch(digest or "")
            )


def _goes_at(model: type[models.Model], over: datetime | None, rule: Retention | None) -> datetime | None:
    if over is None or model is FiledRecord:
        return over  # the time of a filed record is its class's, and it was destroyed
    return over + span(rule.keep).about if rule else None
