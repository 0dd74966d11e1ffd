"""One scan of a log: what is new in its files, held against its rules, and kept with the digest of every byte that was read."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from upheld import clock
from upheld.evidence.canonical import SALT_BYTES
from upheld.evidence.merkle import root
from upheld.ledger.append import append
from upheld.logs import sequences, tailing, telling
from upheld.logs.blind import blind
from upheld.logs.event import Event, NoEvent
from upheld.logs.finding import Finder, Found, MetOnce
from upheld.logs.knowing import DEVICE_FIELD, FIELD, Accounts
from upheld.logs.masking import Masker
from upheld.logs.models import Detection, LogFile, Met, Retro, Scan, Segment, WatchedLog
from upheld.logs.parts import Row, decoded, leaf_of
from upheld.logs.sequences import Sequences
from upheld.logs.sigma.predicate import ANYWHERE, numbers
from upheld.logs.sigma.rule import RuleSet
from upheld.logs.storing import LISTED, Storing
from upheld.logs.tailing import Followed, Piece, Trouble
from upheld.logs.telling import REPORTED
from upheld.logs.watching import reader
from upheld.sources.frames import files
from upheld.vault import fence
from upheld.vault.keys import here

# Events of one file come in order of time, give or take this; further back, the clock was set, or lines were put in.
FORGIVEN = timedelta(minutes=5)
_KEPT_OF_FILES = ("head", "head_bytes", "read_bytes", "path", "last", "last_bytes")
# So many bytes that were read before are held against their digests in each scan; of more, each time another share.
CHECKED_BYTES = 128 << 20
_MOST_GAPS, _MOST_FIELDS = 100, 2_000


@dataclass
class _Read:
    """What a scan has read so far."""

    storing: Storing
    sequences: Sequences
    pieces: list[Piece] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    masked: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    lines: int = 0
    unread: int = 0
    undated: int = 0
    steps_back: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    names: set[str] = field(default_factory=set)
    gaps: list[tuple[str, str]] = field(default_factory=list)

    @property
    def detections(self) -> dict[tuple[str, str], Detection]:
        """What rules found."""
        return self.found.detections


class Scanner:
    """Scans `log` with those of `ruleset` that are about it. One is made a log, and used again while the rules stay the same."""

    def __init__(self, log: WatchedLog, ruleset: RuleSet) -> None:
        """Choose the rules, and what of an event is kept as columns: what they read, and what reports do."""
        self._log, self._finder = log, Finder(log, ruleset)
        self.digest = hashlib.sha256("\n".join(sorted(self._finder.digests.values())).encode()).hexdigest()
        self._left_out = ruleset.lost
        self._predicates = ruleset.predicates
        self._wanted = wanted(self._finder, ruleset)
        self._form = reader(log.format)
        self._silence = timedelta(seconds=log.silent_after_seconds)

    def scan(self, only: Iterable[Path] | None = None) -> Scan:
        """Read what is new, and keep what was found; all of it or, if this process dies, nothing, and then the next scan finds it.

        With `only`, read these files instead of those that the log's pattern names.
        """
        began_at = clock.now()
        self._log.refresh_from_db(fields=["fields_seen", "rules_ran", "numbers"])
        look = self._finder.begin(MetOnce(each.rule, each.at, each.fields) for each in self._log.met.all())
        self._accounts = Accounts(self._log.system_id, files())
        fenced = fence.load(here())
        self._masker = Masker(fenced) if fenced else None
        read = _Read(Storing(self._log, self._wanted), sequences=Sequences(self._log.numbers), names=set(self._log.fields_seen))
        before = self._finder.engine.undecided
        known = [_followed(each) for each in self._log.files.all()]
        try:
            for piece in tailing.follow(tailing.files(self._log.pattern) if only is None else only, known):
                if isinstance(piece, Trouble):
                    read.troubles.append(piece)
                    continue
                read.pieces.append(replace(piece, data=b""))
                for event, at in self._events(piece, read):
                    look(event, at, read.found)
            read.troubles += self._altered({each.followed.id: each.followed for each in read.pieces})
            read.storing.finish()
            return self._keep(began_at, read, self._finder.engine.undecided - before)
        except BaseException:
            read.storing.forget()
            raise

    def _events(self, piece: Piece, read: _Read) -> Iterator[tuple[Event, datetime]]:
        """Yield the events of `piece`, each with its instant; count what they say of time, and store each line."""
        newest: datetime | None = None
        before = read.last_at or self._log.scans.exclude(last_at=None).order_by("-last_at").values_list("last_at", flat=True).first()
        for event, row in self._read(piece, read):
            if event is None:
                read.storing.line(row, None, {})
                continue
            at = event.at or clock.now()
            read.undated += event.at is None
            if before is not None and at - before > self._silence:
                read.gaps.append((before.isoformat(), at.isoformat()))
            before = max(before or at, at)
            if newest is not None and at < newest - FORGIVEN:
                read.steps_back += 1
            newest = max(newest or at, at)
            read.first_at, read.last_at = min(read.first_at or at, at), max(read.last_at or at, at)
            fields = self._accounts.told(event.fields, at)
            read.names.update(fields)
            if sequences.FIELD in fields:
                read.sequences.add(telling.told(fields, telling.HOST), str(fields[sequences.FIELD]))
            read.storing.line(row, event.at, fields)
            read.storing.event(fields, at)
            yield replace(event, fields=fields), at

    def _read(self, piece: Piece, read: _Read) -> Iterator[tuple[Event | None, Row]]:
        """Yield each line of `piece` with what it says: None where it says nothing in the log's format. Then its root is in `read`."""
        form, place, leaves, masked = self._form, piece.first_byte, list[bytes](), False
        lines = piece.data.removesuffix(b"\n").split(b"\n") if piece.data else []
        salts = os.urandom(SALT_BYTES * len(lines))
        for number, line in enumerate(lines):
            event, salt = None, salts[SALT_BYTES * number : SALT_BYTES * (number + 1)]
            if line.strip():
                read.lines += 1
                try:
                    event = form(line.decode("utf-8", "replace").rstrip("\r"))
                except NoEvent:
                    read.unread += 1
            row = Row(piece.followed.id, place, line, salt)
            leaves.append(leaf_of(salt, place, line))
            if self._masker is not None:
                event, row = self._fenced_off(event, row, leaves[-1])
            masked |= not row.salt
            yield event, row
            place += len(line) + 1
        read.roots.append(root(leaves).hex())
        read.masked |= {read.roots[-1]} if masked else set()

    def _fenced_off(self, event: Event | None, row: Row, its_leaf: bytes) -> tuple[Event | None, Row]:
        """What is kept where the line names somebody who was erased here: not who."""
        assert self._masker is not None, "asked only behind a fence"
        fields = event.fields if event else {}
        said, _ = decoded(row.line)
        line = self._masker.line(said, fields)
        if line != said:
            row = Row(row.file, row.place, line.encode(), leaf=its_leaf)
        if event is not None and (line != said or self._masker.fields(fields) is not fields):
            event = replace(event, fields=self._masker.fields(fields), raw=self._masker.line(event.raw, fields))
        return event, row

    def _altered(self, now: Mapping[str, Followed]) -> list[Trouble]:
        """What was changed after it was read, as far back as lines are kept: all of it, or where that is much, a share each time.

        What was found in the other shares stands until these have their turn.
        """
        files = {each.pk: now.get(each.pk) or _followed(each) for each in self._log.files.all()}
        since = clock.now() - timedelta(days=self._log.kept_days)
        pieces = list(Segment.objects.filter(file__log=self._log, scan__began_at__gte=since).exclude(sha256=""))
        shares = 1 + sum(each.size_bytes for each in pieces) // CHECKED_BYTES
        turn = self._log.scans.count() % shares
        chosen = [each for each in pieces if each.pk % shares == turn]
        told = ((files[each.file_id], each.first_byte, each.size_bytes, each.sha256) for each in chosen)
        others = {tailing.changed(each.first_byte, each.size_bytes) for each in pieces if each.pk % shares != turn}
        before = self._log.scans.order_by("-began_at", "-pk").first() if others else None
        stands = [Trouble(**each) for each in before.troubles if each["what"] in others] if before is not None else []
        return [*stands, *tailing.altered(self._log.pattern, told)]

    def _keep(self, began_at: datetime, read: _Read, undecided: int) -> Scan:
        with transaction.atomic():
            entry_id = append("log.read", subject=("source", f"log {self._log.name}"), body=self._body(read))
            scan = Scan.objects.create(
                log=self._log,
                began_at=began_at,
                ended_at=max(clock.now(), began_at),
                size_bytes=sum(each.followed.read_bytes - each.first_byte for each in read.pieces),
                lines=read.lines,
                unread=read.unread,
                undated=read.undated,
                undecided=undecided,
                steps_back=read.steps_back,
                first_at=read.first_at,
                last_at=read.last_at,
                troubles=[{"path": self._shown(each.path), "what": each.what} for each in read.troubles],
                rules=self.digest,
                rules_run=len(self._finder.digests),
                rules_left_out=self._left_out,
                rules_blind=self._blind(read.names),
                gaps=read.gaps[:_MOST_GAPS],
                missing=list(read.sequences.missing()),
                fields_seen=sorted(read.names)[:_MOST_FIELDS],
                entry_id=entry_id,
            )
            self._keep_pieces(read, scan)
            Detection.objects.bulk_create([_of(each, scan) for each in read.detections.values()], batch_size=500)
            self._keep_met(read)
            self._remember_rules(began_at)
            read.storing.keep(began_at)
            self._log.numbers = read.sequences.last
            self._log.fields_seen = sorted(read.names)[:_MOST_FIELDS]
            self._log.save(update_fields=["fields_seen", "numbers"])
        return scan

    def _shown(self, path: str) -> str:
        return path if self._masker is None else self._masker.line(path)

    def _keep_pieces(self, read: _Read, scan: Scan) -> None:
        for piece, its_root in zip(read.pieces, read.roots, strict=True):
            at = replace(piece.followed, path=self._shown(piece.followed.path))
            LogFile.objects.update_or_create(pk=at.id, log=self._log, defaults={name: getattr(at, name) for name in _KEPT_OF_FILES})
            size = at.read_bytes - piece.first_byte
            if size:
                sha256 = "" if its_root in read.masked else piece.sha256
                Segment.objects.create(scan=scan, file_id=at.id, first_byte=piece.first_byte, size_bytes=size, sha256=sha256, root=its_root)

    def _remember_rules(self, now: datetime) -> None:
        """Remember which rules ran; those that are new or changed are to be run over what was kept before, which `retro` does."""
        ran, digests = self._log.rules_ran, self._finder.digests
        if ran == digests:
            return
        changed = {id: digest for id, digest in digests.items() if ran.get(id) != digest}
        before = list(self._log.parts.values_list("pk", flat=True))
        if ran and changed and before:
            Retro.objects.create(log=self._log, rules=changed, parts_left=before, began_at=now)
        self._log.rules_ran = digests
        self._log.save(update_fields=["rules_ran"])

    def _blind(self, seen: set[str]) -> int:
        """How many rules cannot meet, whatever comes, as long as no event has other fields than those `seen`."""
        return len(blind(self._finder.rules, self._predicates, seen))

    def _keep_met(self, read: _Read) -> None:
        Met.objects.bulk_create(
            [Met(log=self._log, rule=each.rule, at=each.at, fields=each.fields) for each in read.found.met], batch_size=500
        )
        if read.last_at is not None:
            self._log.met.filter(at__lt=read.last_at - timedelta(seconds=self._finder.longest_seconds)).delete()

    def _body(self, read: _Read) -> dict[str, Any]:
        """What the ledger's entry says: counts and digests; no line, no path, which could name somebody."""
        pieces = [
            {"file": each.followed.id, "first": each.first_byte, "size": each.followed.read_bytes - each.first_byte, "root": its_root}
            for each, its_root in zip(read.pieces[:LISTED], read.roots, strict=False)
        ]
        return {
            "segments": pieces,
            "all_segments": hashlib.sha256("".join(read.roots).encode()).hexdigest(),
            "lines": read.lines,
            "unread": read.unread,
            "detections": len(read.detections),
            "troubles": len(read.troubles),
            "gaps": len(read.gaps),
            "missing": sum(last - first + 1 for _, first, last in read.sequences.missing()),
            "rules": self.digest,
        }


def wanted(finder: Finder, ruleset: RuleSet) -> frozenset[str]:
    """Return the fields that become columns: those that the rules of `finder` read, and those that pages and reports ask for."""
    asked = {ruleset.predicates[number].field for rule in finder.rules for number in numbers(rule.tree)}
    return REPORTED | frozenset(asked - {ANYWHERE}) | finder.grouped | {FIELD, DEVICE_FIELD}


def _followed(file: LogFile) -> Followed:
    return Followed(file.pk, **{name: getattr(file, name) for name in _KEPT_OF_FILES})


def _of(detection: Detection, scan: Scan) -> Detection:
    detection.scan = scan
    return detection
