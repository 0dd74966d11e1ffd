"""What lies in a folder of dumps -> rows of backups, and which dumps to restore now."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.dumps.get import Found, Read
from upheld.sources.restic.manifest import Compared

DATED = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:[T_ -]?(\d\d)[:-]?(\d\d)(?:[:-]?(\d\d))?)?(?!\d)")
ENDINGS = re.compile(r"(\.(sql|dump|pgdump|backup|tar|custom|gz|dir))+$", re.IGNORECASE)


def system_of(name: str) -> str:
    """Return the system that a dump is of by its name: what stands before its date, else the name without its ending.

    >>> system_of("crm-2026-05-04T0200.sql.gz"), system_of("billing.dump")
    ('crm', 'billing')
    """
    bare = ENDINGS.sub("", name)
    match = DATED.search(bare)
    return (bare[: match.start()] if match else bare).strip("-_. ") or bare


def taken_at(found: Found) -> datetime:
    """Return when the dump was complete: the earlier of what its name and what its file says, since copying makes a file new again."""
    named = _named_at(found.name)
    return min(named, found.modified_at) if named else found.modified_at


def _named_at(name: str) -> datetime | None:
    """The time in the name; the end of its day where it tells the day alone. UTC, as the name does not say otherwise."""
    match = DATED.search(name)
    if match is None:
        return None
    year, month, day, hour, minute, second = match.groups()
    try:
        start = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    return start if hour else start + timedelta(days=1)


def backup_id(folder: str, name: str) -> str:
    """Return the id of the dump `name` in `folder`."""
    return f"{folder.rstrip('/')}/{name}"


def backup_row(folder: str, found: Found, read: Read, checked_at: datetime, *, system: str, region: str) -> Row:
    """Return the row of one dump. It is complete, and intact, if it could be read to its end."""
    return {
        "id": backup_id(folder, found.name),
        "system_id": system or system_of(found.name),
        "repository": folder,
        "finished_at": taken_at(found),
        "content": "data",
        "size_bytes": found.size_bytes,
        "complete": read.complete,
        "intact": read.complete,
        "checked_at": checked_at if read.complete is not None else None,
        "region": region or None,
    }


def still_read(found: Found, folder: str, known: Iterable[Row], now: datetime, every: timedelta) -> Row | None:
    """Return the earlier row of a dump that is as it was, was read to its end, and was so less than `every` ago."""
    for row in known:
        checked_at = row.get("checked_at")
        same = (
            row["id"] == backup_id(folder, found.name)
            and row.get("size_bytes") == found.size_bytes
            and row["finished_at"] == taken_at(found)
        )
        if same and row.get("intact") is True and isinstance(checked_at, datetime) and checked_at > now - every:
            return row
    return None


def to_restore(rows: Sequence[Row], tests: Iterable[Row], now: datetime, every: timedelta) -> list[str]:
    """Return the ids of the newest dump of each system whose last restore is older than `every`, or failed."""
    last: dict[str, Row] = {}
    for row in sorted(tests, key=lambda row: str(row["started_at"])):
        last[str(row["system_id"])] = row
    newest = {str(row["system_id"]): str(row["id"]) for row in sorted(rows, key=lambda row: str(row["finished_at"]))}
    return [word for system, word in sorted(newest.items()) if _due(last.get(system), now, every)]


def _due(test: Row | None, now: datetime, every: timedelta) -> bool:
    if test is None or test.get("content_verified") is False:
        return True
    started_at = test["started_at"]
    return not isinstance(started_at, datetime) or started_at <= now - every


def test_row(backup: Row, started_at: datetime, took: timedelta, compared: Compared) -> Row:
    """Return the row of one restore."""
    return {
        "id": f"{backup['id']}/{started_at:%Y%m%dT%H%M%SZ}",
        "system_id": backup["system_id"],
        "backup_id": backup["id"],
        "started_at": started_at,
        "finished_at": started_at + took,
        "took": took,
        "content_verified": compared.verified,
        "files": compared.files,
        "said": compared.said,
    }
