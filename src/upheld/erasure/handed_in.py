"""Files handed in with records: those about somebody are deleted; those that only name them are told, and deleted if that is wished."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction

from upheld.actions.files import DIGEST, Kept, everything
from upheld.actions.kept_files import ERASED, names_files
from upheld.actions.models import Record
from upheld.erasure import inside
from upheld.erasure.acting import CLI
from upheld.erasure.person import FILE
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.sources.belonging import Known, whole

_IN_ONE_ENTRY = 500


@dataclass(frozen=True)
class HandedIn:
    """A file, the records that rest on it, whether one of these is about the person, and whether the person is named in it."""

    file: Kept
    records: tuple[str, ...]
    theirs: bool
    names: bool


def planned(known: Known, needles: Sequence[str]) -> list[HandedIn]:
    """Return the files that rest with records about whom `known` knows, or in which one of `needles` can be read."""
    resting: dict[str, list[Record]] = {}
    for digest, record in _resting():
        resting.setdefault(digest, []).append(record)
    found = []
    for file in everything():
        records = resting.get(file.sha256, [])
        theirs = any(_is_about(record, known) for record in records)
        names = bool(needles) and inside.names(file.path, needles)
        if theirs or names:
            found.append(HandedIn(file, tuple(sorted({record.reference for record in records})), theirs, names))
    return found


def left(known: Known) -> list[Kept]:
    """Return the files that are to be deleted and are still there: those whose digests `known` knows."""
    return [file for file in everything() if known.erasure(FILE, "", file.sha256)]


def erase(known: Known, erasure: str = "") -> int:
    """Enter that these files go, delete them, and return how many. Call it outside a transaction. Idempotent."""
    files = left(known)
    more: dict[str, Json] = {"erasure": erasure} if erasure else {}
    for at in range(0, len(files), _IN_ONE_ENTRY):
        digests: list[Json] = [file.sha256 for file in files[at : at + _IN_ONE_ENTRY]]
        with transaction.atomic():
            append(ERASED, body={"sha256": digests, **more}, actor=CLI)
    for file in files:
        file.path.unlink(missing_ok=True)
    return len(files)


def _resting() -> Iterator[tuple[str, Record]]:
    """Yield each digest of a file that a column of a record holds, with the record."""
    for model in _registers():
        for record in model._default_manager.all().iterator(chunk_size=2_000):
            yield from ((digest, record) for digest in _digests(record))


def _registers() -> list[type[Record]]:
    return [model for model in apps.get_models() if issubclass(model, Record) and names_files(model)]


def _digests(record: Record) -> Iterable[str]:
    values = (getattr(record, column) for column in names_files(type(record)))
    return [value for value in values if isinstance(value, str) and DIGEST.fullmatch(value)]


def _is_about(record: Record, known: Known) -> bool:
    columns: Collection[str] = {record.ties.concerns, "person"} & {field.attname for field in record._meta.concrete_fields}
    values = (getattr(record, column) for column in columns)
    return any(isinstance(value, str) and whole(value, known) != value for value in values)
