"""What restic prints -> snapshots, which of them to restore now, rows of backups and restore_tests."""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from upheld.evidence.table import Row
from upheld.sources.restic.manifest import Compared
from upheld.sources.source import Misconfigured, SourceError


@dataclass(frozen=True)
class Snapshot:
    """One snapshot, and the system that it is of. restic writes a snapshot when it is complete; until then there is none."""

    id: str
    system: str
    started_at: datetime
    finished_at: datetime
    paths: tuple[str, ...]
    size_bytes: int | None
    marks: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Belongs:
    """One rule: snapshots with this host, tag, path or user are of this `system`, or hold this kind of content."""

    field: str
    value: str
    system: str

    def matches(self, snapshot: Mapping[str, object]) -> bool:
        """Whether `snapshot`, as restic prints it, is meant."""
        held = snapshot.get({"host": "hostname", "tag": "tags", "path": "paths", "user": "username"}[self.field])
        return self.value in held if isinstance(held, list) else held == self.value


def belongings(text: str, what: str = "SYSTEM") -> tuple[Belongs, ...]:
    """Return the rules written as host:NAME=SYSTEM, tag:NAME=SYSTEM and so on; raises `Misconfigured`."""
    found = []
    for word in text.split():
        condition, equals, system = word.rpartition("=")
        field, colon, value = condition.partition(":")
        if not (equals and colon and system and value) or field not in {"host", "tag", "path", "user"}:
            raise Misconfigured(f"{word!r} is not host:NAME={what}, tag:NAME={what}, path:/PATH={what} or user:NAME={what}")
        found.append(Belongs(field, value, system))
    return tuple(found)


def snapshots(text: str, rules: Sequence[Belongs]) -> list[Snapshot]:
    """Return the snapshots of `restic snapshots --json`, oldest first; raises `SourceError` when it is something else."""
    try:
        listed = json.loads(text) or []
        found = [_snapshot(item, rules) for item in listed]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"restic's list of snapshots is not what this version can read: {error!r}", permanent=True) from error
    return sorted(found, key=lambda snapshot: snapshot.started_at)


def _snapshot(item: Mapping[str, object], rules: Sequence[Belongs]) -> Snapshot:
    system = next((rule.system for rule in rules if rule.matches(item)), str(item.get("hostname") or "unknown"))
    summary = item.get("summary")
    told = summary if isinstance(summary, dict) else {}  # from restic 0.17 on
    started = _instant(str(told.get("backup_start") or item["time"]))
    finished = _instant(str(told["backup_end"])) if told.get("backup_end") else started
    paths = item.get("paths")
    size = told.get("total_bytes_processed")
    return Snapshot(
        str(item["id"]),
        system,
        started,
        finished,
        tuple(map(str, paths)) if isinstance(paths, list) else (),
        size if isinstance(size, int) else None,
        item,
    )


def _instant(text: str) -> datetime:
    """Go writes up to nine digits of a second's fraction, or none."""
    head, dot, rest = text.partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{head}.{rest[:digits][:6]:0<6}{rest[digits:]}"
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def total_size(text: str) -> int | None:
    """Return the size that `restic stats --json` tells."""
    try:
        size = json.loads(text)["total_size"]
    except (ValueError, KeyError, TypeError):
        return None
    return size if isinstance(size, int) else None


def to_restore(found: Sequence[Snapshot], tests: Iterable[Row], at: datetime, every: timedelta, choose: random.Random) -> list[Snapshot]:
    """Return what to restore now: of each system whose last test is older than `every`, or failed, the newest and one older snapshot."""
    last: dict[str, Row] = {}
    for row in sorted(tests, key=lambda row: str(row["started_at"])):
        last[str(row["system_id"])] = row
    chosen: list[Snapshot] = []
    for system in sorted({snapshot.system for snapshot in found}):
        test = last.get(system)
        tested_at = test["started_at"] if test else None
        if test is None or test["content_verified"] is False or not isinstance(tested_at, datetime) or tested_at <= at - every:
            *older, newest = [snapshot for snapshot in found if snapshot.system == system]
            chosen += [newest, *([choose.choice(older)] if older else [])]
    return chosen


@dataclass(frozen=True)
class Checked:
    """What the repository's own check found, and when; None where it was not run or could not be."""

    intact: bool | None
    at: datetime | None


CONTENTS = ("configuration", "data", "settings")
REGION = re.compile(r"^s3:(?:https?://)?(?:[^/]*\.)?s3[.-](?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:/|$)")


@dataclass(frozen=True)
class Told:
    """What settings tell of snapshots: by which marks they hold which `contents`, else `content`; which of them a schedule makes."""

    content: str
    region: str
    contents: tuple[Belongs, ...] = ()
    scheduled: tuple[Belongs, ...] = ()

    def content_of(self, snapshot: Snapshot) -> str | None:
        """Return which kinds of content `snapshot` holds: all, or those that are named, in order."""
        held = sorted({rule.system for rule in self.contents if rule.matches(snapshot.marks)})
        return ("all" if set(CONTENTS) <= set(held) else ", ".join(held)) if self.contents else self.content or None

    def automatic(self, snapshot: Snapshot) -> bool | None:
        """Whether a schedule made `snapshot`; None where nobody says by what that is told."""
        return any(rule.matches(snapshot.marks) for rule in self.scheduled) if self.scheduled else None


def region_of(repository: str) -> str:
    """Return the region in which `repository` lies, where its address tells; "" else.

    >>> region_of("s3:https://s3.eu-west-2.amazonaws.com/backups"), region_of("/srv/restic")
    ('eu-west-2', '')
    """
    found = REGION.match(repository)
    return found["region"] if found else ""


def backup_row(repository: str, snapshot: Snapshot, checked: Checked, told: Told) -> Row:
    """Return the row of `snapshot`. Where the repository's address tells its region, that counts, and not the setting."""
    return {
        "id": f"{repository}/{snapshot.id}",
        "system_id": snapshot.system,
        "repository": repository,
        "started_at": snapshot.started_at,
        "finished_at": snapshot.finished_at,
        "content": told.content_of(snapshot) or None,
        "size_bytes": snapshot.size_bytes,
        "complete": True,
        "intact": checked.intact,
        "checked_at": checked.at,
        "region": region_of(repository) or told.region or None,
        "automatic": told.automatic(snapshot),
    }


def test_row(repository: str, snapshot: Snapshot, started_at: datetime, took: timedelta | None, compared: Compared) -> Row:
    """Return the row of one restore; `took` is None if it did not come to its end."""
    return {
        "id": f"{repository}/{snapshot.id}/{started_at:%Y%m%dT%H%M%SZ}",
        "system_id": snapshot.system,
        "backup_id": f"{repository}/{snapshot.id}",
        "started_at": started_at,
        "finished_at": started_at + took if took is not None else None,
        "took": took,
        "content_verified": compared.verified,
        "files": compared.files,
        "said": compared.said,
    }


def checked_before(rows: Iterable[Row], at: datetime, every: timedelta) -> Checked | None:
    """Return what the last check found if it is younger than `every` and found no damage; None when it is time for another."""
    for row in rows:
        when, intact = row.get("checked_at"), row.get("intact")
        if isinstance(when, datetime) and intact is True and when > at - every:
            return Checked(True, when)
    return None
