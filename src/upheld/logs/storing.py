"""What is kept of a log: its lines as columns, for as long as was said, merged once a day is over; and that they are what was read."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from upheld import clock, workspace
from upheld.ledger.append import append
from upheld.ledger.lookup import entries
from upheld.ledger.profile import Json
from upheld.logs import parts
from upheld.logs.models import Hour, Pair, Part, Segment, WatchedLog
from upheld.logs.telling import FROM, HOST, WHO, told

# Of a scan so many hosts, and so many pairs of somebody and a host, are told apart; what is more is counted under no host.
_HOSTS, _PAIRS = 500, 5_000
# So many segments of a reading the ledger's entry lists; of more it has one digest of all.
LISTED = 300


class Storing:
    """Takes the lines of one scan of `log`, and what they tell of: who, where, how many an hour."""

    def __init__(self, log: WatchedLog, wanted: frozenset[str]) -> None:
        """Begin; `wanted` are the fields that become columns."""
        self._log, self._wanted = log, wanted
        self._writer: parts.Writer | None = None
        self._written: list[parts.Written] = []
        self._hours: Counter[tuple[str, datetime]] = Counter()
        self._hosts: set[str] = set()
        self._pairs: dict[tuple[str, str], datetime] = {}

    def line(self, row: parts.Row, at: datetime | None, fields: Mapping[str, Any]) -> None:
        """Take one line, with its fields if it has any."""
        if self._writer is None:
            self._writer = parts.Writer(folder(self._log), self._wanted)
        self._writer.add(row, at, fields)
        if self._writer.is_full:
            self._flush()

    def event(self, fields: Mapping[str, Any], at: datetime) -> None:
        """Count an event."""
        host = told(fields, HOST)[:200]
        if host not in self._hosts:
            host = host if len(self._hosts) < _HOSTS else ""
            self._hosts.add(host)
        self._hours[host, at.replace(minute=0, second=0, microsecond=0)] += 1
        who = told(fields, WHO)[:200]
        if who and fields.get("outcome") != "failure" and len(self._pairs) < _PAIRS:
            key = (who, host or told(fields, FROM)[:200])
            self._pairs[key] = min(at, self._pairs.get(key, at))

    def finish(self) -> None:
        """Write what was taken; nothing of it counts before `keep`."""
        self._flush()

    def _flush(self) -> None:
        if self._writer is not None:
            written = self._writer.close()
            self._written += [written] if written else []
            self._writer = None

    def forget(self) -> None:
        """Take back what was written: the scan did not come to its end."""
        if self._writer is not None:
            self._writer.forget()
        for each in self._written:
            each.path.unlink(missing_ok=True)

    def keep(self, read_at: datetime) -> None:
        """Let the database name what was written; the caller holds the transaction."""
        Part.objects.bulk_create([_part(self._log, each, read_at) for each in self._written])
        known = {(each.host, each.at): each for each in self._log.hours.filter(at__in={at for _, at in self._hours})}
        for (host, at), events in self._hours.items():
            if (host, at) in known:
                known[host, at].events += events
            else:
                known[host, at] = Hour(log=self._log, host=host, at=at, events=events)
        Hour.objects.bulk_create([each for each in known.values() if each.pk is None], batch_size=500)
        Hour.objects.bulk_update([each for each in known.values() if each.pk is not None], ["events"], batch_size=500)
        seen = set(self._log.pairs.filter(who__in={who for who, _ in self._pairs}).values_list("who", "host"))
        new = [Pair(log=self._log, who=who, host=host, first_at=at) for (who, host), at in self._pairs.items() if (who, host) not in seen]
        Pair.objects.bulk_create(new, batch_size=500)


def folder(log: WatchedLog) -> Path:
    """Return where the parts of `log` lie."""
    return workspace.current().root / "logs" / log.name


def path(part: Part) -> Path:
    """Return where `part` lies."""
    return workspace.current().root / part.path


def _part(log: WatchedLog, written: parts.Written, read_at: datetime) -> Part:
    return Part(
        log=log,
        path=str(written.path.relative_to(workspace.current().root)),
        read_at=read_at,
        rows=written.rows,
        size_bytes=written.size_bytes,
        sha256=written.sha256,
        first_at=written.first_at,
        last_at=written.last_at,
        fields=list(written.fields),
    )


def drop_old(log: WatchedLog, now: datetime) -> int:
    """Drop what was read of `log` longer ago than it is kept, and return how many lines that were; the ledger says so.

    It counts when a line was read, not when it says that it happened: a forged time makes nothing go sooner.
    """
    before = now - timedelta(days=log.kept_days)
    gone = list(log.parts.filter(read_at__lt=before))
    if not gone:
        return 0
    rows = sum(each.rows for each in gone)
    with transaction.atomic():
        sha256: list[Json] = [each.sha256 for each in gone[:100]]
        body: dict[str, Json] = {"lines": rows, "parts": len(gone), "read_before": before.isoformat(), "sha256": sha256}
        append("log.dropped", subject=("source", f"log {log.name}"), body=body)
        log.parts.filter(pk__in=[each.pk for each in gone]).delete()
        log.hours.filter(at__lt=before).delete()
    for each in gone:
        path(each).unlink(missing_ok=True)
    return rows


def merge(log: WatchedLog, now: datetime) -> int:
    """Make one part of those that were read on one day, for each day that is over; return how many there were of these.

    Not while rules that changed are still to be run over them.
    """
    if log.retros.filter(ended_at=None).exists():
        return 0
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    by_day: dict[Any, list[Part]] = {}
    for part in log.parts.filter(read_at__lt=today):
        by_day.setdefault(part.read_at.date(), []).append(part)
    several = [some for some in by_day.values() if len(some) > 1]
    for some in several:
        _merge(log, some)
    return sum(map(len, several))


def _merge(log: WatchedLog, some: list[Part]) -> None:
    written = parts.merged([path(each) for each in some], folder(log))
    with transaction.atomic():
        _part(log, written, max(each.read_at for each in some)).save()
        Part.objects.filter(pk__in=[each.pk for each in some]).delete()
    for each in some:
        path(each).unlink(missing_ok=True)


def sweep(log: WatchedLog) -> None:
    """Delete what no part names: left by a scan that died. The caller holds the run lock, so that nobody is writing."""
    named = {Path(each).name for each in log.parts.values_list("path", flat=True)}
    if folder(log).is_dir():
        for found in folder(log).iterdir():
            if found.name not in named:
                found.unlink(missing_ok=True)


def altered(log: WatchedLog) -> Iterator[str]:
    """Yield what is wrong with what is kept of `log`: parts that are gone or altered, pieces that are not what the ledger says was read."""
    there: list[Path] = []
    for part in log.parts.all():
        try:
            with path(part).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            yield f"{part.path} cannot be read: {error.strerror}"
            continue
        if digest == part.sha256:
            there.append(path(part))
        else:
            yield f"{part.path} is not as it was written"
    oldest = log.parts.values_list("read_at", flat=True).first()
    if there and oldest is not None:
        pieces = Segment.objects.filter(scan__log=log, scan__began_at__gte=oldest).select_related("file", "scan")
        yield from _pieces(there, sorted(pieces, key=lambda each: (each.file_id, each.first_byte)))


def _pieces(there: list[Path], segments: list[Segment]) -> Iterator[str]:
    """Which of `segments`, in the order of their places, are not kept as they were read, or as the ledger says."""
    entered = _entered(segments)
    rows = iter(parts.in_order(there))
    row = next(rows, None)
    for each in segments:
        its: list[parts.Row] = []
        while row is not None and (row.file, row.place) < (each.file_id, each.first_byte + each.size_bytes):
            if (row.file, row.place) >= (each.file_id, each.first_byte):
                its.append(row)
            row = next(rows, None)
        span = f"bytes {each.first_byte:,} to {each.first_byte + each.size_bytes:,} of {each.file.path}"
        if not _as_read(its, each):
            yield f"{span} are not kept as they were read"
        elif each.root and each.root not in entered.get(each.scan.entry_id, {each.root}):
            yield f"{span} are not what the ledger says was read"


def _entered(segments: Iterable[Segment]) -> Mapping[str, set[str]]:
    """The digests of segments that the entries about their readings have, by entry; of readings with more than an entry lists, none."""
    bodies = {id: entry.get("body", {}) for id, entry in entries(each.scan.entry_id for each in segments).items()}
    return {
        id: {str(each.get("root")) for each in body.get("segments", [])}
        for id, body in bodies.items()
        if len(body.get("segments", [])) < LISTED
    }


def _as_read(rows: Iterable[parts.Row], segment: Segment) -> bool:
    """Whether `rows` are what was read; of masked lines their leaves are."""
    if segment.root:
        return parts.root_of(rows) == segment.root
    found = b"\n".join(row.line for row in rows)  # read before segments had roots
    ended = found if len(found) == segment.size_bytes else found + b"\n"
    return not segment.sha256 or hashlib.sha256(ended).hexdigest() == segment.sha256


def tidy(log: WatchedLog) -> int:
    """Drop what is past its time, merge days that are over, delete what no part names; return how many lines were dropped."""
    now = clock.now()
    dropped = drop_old(log, now)
    merge(log, now)
    sweep(log)
    return dropped
