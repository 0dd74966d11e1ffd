"""Rows of history without somebody: which there are, and files written anew, named by the manifest in one transaction with an entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from upheld import workspace
from upheld.erasure.acting import CLI
from upheld.evidence.frame import ChangeFile
from upheld.evidence.masking import Fate, Masked, counted, files_of
from upheld.evidence.store import Store
from upheld.evidence.table import Row, table, tables
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.sources.belonging import Known, masked, owner
from upheld.sources.collecting import manifest_row, tidy
from upheld.sources.frames import files
from upheld.sources.models import Collection, ConfiguredSource, HistoryFile
from upheld.vault.fence import Fence

NOBODY = Fence(b"", {}, {})


@dataclass(frozen=True)
class Rows:
    """What of one table of one source concerns the person: versions to erase, versions to mask."""

    table: str
    source: str
    erased: int
    masked: int


def planned(known: Known) -> list[Rows]:
    """Return what there is of whom `known` knows, by table and source. Raises `Damaged`."""
    live = _live()
    found = [Rows(name, source, *counted(its, fate(name, known), live=source in live)) for (name, source), its in _all()]
    return [each for each in found if each.erased or each.masked]


def erase(known: Known) -> list[Rows]:
    """Take whom `known` knows out of the history, and delete the files that still had them. Idempotent. Raises `Unwritable`, `Damaged`."""
    return _rewrite(lambda name: fate(name, known))


def fate(name: str, known: Known) -> Fate:
    """Return what becomes of each row of table `name`: a person's own is erased, or masked while its source still shows it."""
    contract = table(name)

    def decide(row: Row, standing: bool) -> Row | None:
        if not standing and owner(contract, row, known):
            return None
        return masked(contract, row, known)

    return decide


def sweep() -> int:
    """Erase rows that were masked while their source still showed them, and that ended since; return how many versions."""

    def decided(name: str) -> Fate:
        contract = table(name)
        return lambda row, standing: None if not standing and owner(contract, row, NOBODY) == "" else row

    return sum(each.erased for each in _rewrite(decided))


def _rewrite(decided: Callable[[str], Fate]) -> list[Rows]:
    tidy()
    live, found = _live(), list[Rows]()
    for source, its_tables in _by_source().items():
        store = Store(workspace.current().history, [file for its in its_tables.values() for file in its])
        done = {name: store.mask(name, source, decided(name), live=source in live) for name in its_tables}
        done = {name: each for name, each in done.items() if each.written}
        if done:
            _record(source, done)
            found += [Rows(name, source, each.erased, each.masked) for name, each in done.items()]
    tidy()
    return found


def _record(source: str, done: dict[str, Masked]) -> None:
    tables_: dict[str, Json] = {
        name: {"file": each.written.digest, "erased": each.erased, "masked": each.masked} for name, each in done.items() if each.written
    }
    with transaction.atomic():
        entry_id = append("history.erased", subject=("source", source), body={"tables": tables_}, actor=CLI)
        for each in done.values():
            assert each.written is not None
            new = manifest_row(Collection.objects.get(pk=each.written.collection), each.written, entry_id)
            new.save()
            replaced = [str(file.path.relative_to(workspace.current().history)) for file in each.replaced]
            HistoryFile.objects.filter(path__in=replaced).update(compacted_into=new)


def _all() -> Iterator[tuple[tuple[str, str], list[ChangeFile]]]:
    known = tables()
    return (((name, source), its) for (name, source), its in files_of(files()).items() if name in known)


def _by_source() -> dict[str, dict[str, list[ChangeFile]]]:
    found: dict[str, dict[str, list[ChangeFile]]] = {}
    for (name, source), its in _all():
        found.setdefault(source, {})[name] = its
    return found


def _live() -> set[str]:
    return set(ConfiguredSource.objects.filter(removed_at=None).values_list("name", flat=True))
