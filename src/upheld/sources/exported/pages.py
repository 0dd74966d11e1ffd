"""Answers that somebody saved from an interface: JSON files of a folder, each a page or a list, and whether more pages were to come."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from upheld.sources.source import SourceError

Json = dict[str, Any]
# A page of a list without a word on whether more follow is full at these sizes, which are what the interfaces give.
FULL = (30, 100)


@dataclass
class Saved:
    """What one kind of answer came to: its `items`, and why they may not be all."""

    items: list[Json] = field(default_factory=list)
    short: str = ""
    files: int = 0


def saved(folder: Path, stem: str, key: str = "", more: Sequence[str] = ()) -> Saved:
    """Return what the files `stem.json` and `stem-*.json` in `folder` hold below `key` ("" where the answer is a list itself).

    `more` are the keys by which an answer says that another page follows: the last page has none. Raises `SourceError` for no JSON.
    """
    found, unfinished = Saved(), 0
    for path in sorted([*folder.glob(f"{stem}.json"), *folder.glob(f"{stem}-*.json")]):
        answer = _read(path)
        items = answer.get(key) if key and isinstance(answer, dict) else answer
        if not isinstance(items, list):
            raise SourceError(f"{path.name} holds no list{f' called {key}' if key else ''}: save the answer as it came", permanent=True)
        found.items += [each for each in items if isinstance(each, dict)]
        found.files += 1
        unfinished += isinstance(answer, dict) and any(answer.get(name) for name in more)
        if not key and len(items) in FULL:
            found.short = f"{path.name} is exactly a page of {len(items)}: nobody can tell whether more followed"
    if not found.files:
        found.short = f"there is no {stem}.json"
    elif unfinished >= found.files:
        found.short = f"the last page of {stem} says that another follows"
    return found


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceError(f"{path.name} could not be read as JSON: {error}", permanent=True) from error
