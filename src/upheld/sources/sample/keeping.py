"""Backups of the sample company's systems, and the restores that prove them."""

from collections.abc import Iterator
from datetime import timedelta

from upheld.evidence.table import Row
from upheld.sources.sample.calendar import Calendar
from upheld.sources.sample.dice import Dice
from upheld.sources.sample.systems import SYSTEMS

GENERATIONS = 15
RESTORE_EVERY = 60


def backup_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `backups`: one each night, all kept."""
    for system in SYSTEMS:
        hours = dice.number(f"backup/{system.id}", 2, 20)
        for number, at in calendar.series(hours / 24, 1, GENERATIONS):
            yield {
                "id": f"{system.id}/{number + 10_000}",
                "system_id": system.id,
                "repository": f"backup:{system.id}",
                "started_at": at - timedelta(minutes=12),
                "finished_at": at,
                "content": "all",
                "size_bytes": dice.number(f"size/{system.id}/{number}", 20, 24) * 10**9,
                "complete": True,
                "intact": True,
                "checked_at": at + timedelta(minutes=30),
                "region": "uksouth",
                "automatic": True,
            }


def restore_test_rows(dice: Dice, calendar: Calendar) -> Iterator[Row]:
    """Yield `restore_tests`: one every two months, for each system."""
    for system in SYSTEMS:
        for number, at in calendar.series(dice.number(f"restore/{system.id}", 3, 55), RESTORE_EVERY, 2):
            took = timedelta(minutes=dice.number(f"took/{system.id}/{number}", 9, 140))
            yield {
                "id": restore_id(system.id, number),
                "system_id": system.id,
                "backup_id": None,
                "started_at": at - took,
                "finished_at": at,
                "took": took,
                "content_verified": True,
                "files": dice.number(f"files/{system.id}", 900, 90_000),
                "said": "every file compared by its SHA-256",
            }


def restore_id(system: str, number: int) -> str:
    """Return the identifier of a restore test; 0 is the last one before the first collection."""
    return f"{system}/restore/{number + 100}"
