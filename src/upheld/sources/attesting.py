"""What the database says of collections and change files, held against the ledger's entries: a change behind the product's back shows."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from upheld.ledger import lookup
from upheld.sources.models import CollectedTable, Collection, ConfiguredSource, HistoryFile

LAST = 20
NAMING = ("collection.finished", "history.merged", "history.erased", "history.set_aside", "history.forgotten")
Contradictions = dict[tuple[str, str], str]

_SAME = ("coverage", "rows", "opened", "changed", "ended", "vanished", "quarantined", "digest")


def contradictions(told: Iterable[CollectedTable], files: Iterable[HistoryFile]) -> Contradictions:
    """Return, by (table, source), a sentence for each row of `told` and `files` that is not what its entry of the ledger says."""
    told, files = list(told), list(files)
    entries = lookup.entries({row.collection.entry_id for row in told} | {row.entry_id for row in files})
    found: Contradictions = {}
    for row in told:
        said = _said(entries.get(row.collection.entry_id), row.table)
        whole = (entries.get(row.collection.entry_id) or {}).get("body", {}).get("coverage")
        same = whole == row.collection.coverage
        if said is None or not same or _facts(row) != {name: said.get(name) for name in (*_SAME, "denied")}:
            found[row.table, row.collection.source.name] = _sentence("what was collected of it", row.collection.entry_id)
    for file in files:
        said = _said(entries.get(file.entry_id), file.table)
        if said is None or said.get("file") != file.digest:
            found[file.table, file.collection.source.name] = _sentence("a change file of it", file.entry_id)
    return found


def settings_digest(source: ConfiguredSource) -> str:
    """Return the SHA-256 of a source's kind and settings, in which a secret is only a reference."""
    return hashlib.sha256(orjson.dumps([source.kind, source.settings], option=orjson.OPT_SORT_KEYS)).hexdigest()


def redirected() -> list[str]:
    """Return a sentence for each source in use whose settings are not those that its last collections were made with.

    Settings are given once, when a source is added: others were written into the database.
    """
    found = []
    for source in ConfiguredSource.objects.filter(removed_at=None):
        last = Collection.objects.filter(source=source).order_by("-started_at")[:LAST]
        told = lookup.entries(each.entry_id for each in last).values()
        digests = {each["body"]["settings"] for each in told if "settings" in each["body"]}
        if digests - {settings_digest(source)}:
            found.append(f"source {source.name}: its settings were changed behind the product's back; it may have read something else")
    return found


def _facts(row: CollectedTable) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SAME} | {"denied": sorted(gap["column"] for gap in row.gaps)}


def _said(entry: Mapping[str, Any] | None, table: str) -> Mapping[str, Any] | None:
    if entry is None or entry["kind"] not in NAMING:
        return None
    said: Mapping[str, Any] | None = entry["body"]["tables"].get(table)
    return said


def _sentence(what: str, entry_id: str) -> str:
    return f"the database says otherwise of {what} than entry {entry_id} of the ledger: it was changed behind the product's back"
