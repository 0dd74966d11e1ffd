"""What the database says of collections and change files, held against the ledger's entries: a change behind the product's back shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from upheld.ledger import lookup
from upheld.sources.models import CollectedTable, HistoryFile

Contradictions = dict[tuple[str, str], str]

_SAME = ("coverage", "rows", "opened", "changed", "ended", "vanished", "quarantined", "digest")


def contradictions(told: Iterable[CollectedTable], files: Iterable[HistoryFile]) -> Contradictions:
    """Return, by (table, source), a sentence for each row of `told` and `files` that is not what its entry of the ledger says."""
    told, files = list(told), list(files)
    entries = lookup.entries({row.collection.entry_id for row in told} | {row.entry_id for row in files})
    found: Contradictions = {}
    for row in told:
        said = _said(entries.get(row.collection.entry_id), row.table)
        if said is None or _facts(row) != {name: said.get(name) for name in (*_SAME, "denied")}:
            found[row.table, row.collection.source.name] = _sentence("what was collected of it", row.collection.entry_id)
    for file in files:
        said = _said(entries.get(file.entry_id), file.table)
        if said is None or said.get("file") != file.digest:
            found[file.table, file.collection.source.name] = _sentence("a change file of it", file.entry_id)
    return found


def _facts(row: CollectedTable) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SAME} | {"denied": sorted(gap["column"] for gap in row.gaps)}


def _said(entry: Mapping[str, Any] | None, table: str) -> Mapping[str, Any] | None:
    if entry is None or entry["kind"] not in ("collection.finished", "history.merged", "history.erased"):
        return None
    said: Mapping[str, Any] | None = entry["body"]["tables"].get(table)
    return said


def _sentence(what: str, entry_id: str) -> str:
    return f"the database says otherwise of {what} than entry {entry_id} of the ledger: it was changed behind the product's back"
