"""Derived tables that are kept: computed when everything is judged, and read from a file while what they come from stays as it is."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from upheld.checks import kept_steps
from upheld.checks.engines.job import KeptStep
from upheld.checks.engines.needs import KEPT
from upheld.checks.keeping import Round, files
from upheld.evidence.derived import Derived, bases, derived_tables, needed
from upheld.evidence.duck import quoted
from upheld.evidence.frame import Frame


def names(frame: Frame) -> Mapping[str, str]:
    """Return what each derived table that is worth keeping is kept as: another name for other rows, another definition or another day.

    Worth it are those that others are computed from, of large tables, by a clock that tells no more than the day.
    """
    lie = files(frame)
    return {each.name: _name(each, frame, lie) for each in derived_tables().values() if _worth_keeping(each, frame)}


def made(tables: Iterable[str], frame: Frame, folder: Path) -> tuple[KeptStep, ...]:
    """Return the tables that are worth keeping of those that `tables` need, to be kept below the `folder` of this round."""
    there = {each.name for each in needed(tables)}
    found = {table: name for table, name in names(frame).items() if table in there}
    return tuple(KeptStep(name, f"FROM {quoted(table)}", kept_steps.file_of(folder, name)) for table, name in found.items())


def standing(frame: Frame, kept: Round, below: Path) -> Mapping[str, Path]:
    """Return the files of those derived tables that are what they were when they were `kept`, by name."""
    return {table: below / kept.steps[name].file for table, name in names(frame).items() if name in kept.steps}


def _worth_keeping(derived: Derived, frame: Frame) -> bool:
    read = any(derived.name in each.inputs for each in derived_tables().values())
    rows = max((each.rows for name in bases([derived.name]) for each in frame.filled.get(name, ())), default=0)
    return read and rows >= kept_steps.LARGE_ROWS and all(each.by_day for each in needed([derived.name]))


def _name(derived: Derived, frame: Frame, lie: Mapping[str, tuple[str, ...]]) -> str:
    told = sorted((name, lie.get(name, ())) for name in bases([derived.name]))
    said = [frame.as_of.date().isoformat(), *(each.digest for each in needed([derived.name])), told]
    return f"{KEPT}{derived.name}_{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"
