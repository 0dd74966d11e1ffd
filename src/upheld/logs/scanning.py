"""One scan of a log: what is new in its files, held against its rules, and kept with the digest of every byte that was read."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from upheld import clock
from upheld.ledger.append import append
from upheld.logs import tailing
from upheld.logs.event import Event, NoEvent
from upheld.logs.knowing import Accounts
from upheld.logs.models import Detection, LogFile, Met, Scan, Segment, WatchedLog
from upheld.logs.sigma.correlation import Correlation, Correlator
from upheld.logs.sigma.engine import Engine
from upheld.logs.sigma.predicate import ANYWHERE, Kind, folded
from upheld.logs.sigma.rule import Rule, RuleSet
from upheld.logs.tailing import Followed, Piece, Trouble
from upheld.logs.watching import FORMATS, applies
from upheld.sources.frames import files

# Events of one file come in order of time, give or take this; further back, the clock was set, or lines were put in.
FORGIVEN = timedelta(minutes=5)
LINE_KEPT = 4_000
_MOST_LATE_SECONDS = 3600.0
_KEPT_OF_FILES = ("head", "head_bytes", "read_bytes", "path", "last", "last_bytes")
_MOST_GAPS, _MOST_FIELDS = 100, 2_000


@dataclass
class _Found:
    """What a scan has found so far."""

    pieces: list[Piece] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    detections: dict[tuple[str, str], Detection] = field(default_factory=dict)
    met: list[Met] = field(default_factory=list)
    lines: int = 0
    unread: int = 0
    undated: int = 0
    steps_back: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    names: set[str] = field(default_factory=set)
    gaps: list[tuple[str, str]] = field(default_factory=list)


class Scanner:
    """Scans `log` with those of `ruleset` that are about it. One is made a log, and used again while the rules stay the same."""

    def __init__(self, log: WatchedLog, ruleset: RuleSet) -> None:
        """Choose the rules, and remember what correlations still count."""
        self._log = log
        chosen = [rule for rule in ruleset.rules if applies(rule, log)]
        self._engine = Engine(replace(ruleset, rules=chosen))
        names = {name for rule in chosen for name in (rule.id, rule.name) if name}
        self._correlations = [each for each in ruleset.correlations if set(each.rules) <= names]
        self._counted = {name for each in self._correlations for name in each.rules}
        self._silent = {name for each in self._correlations if not each.generate for name in each.rules}
        self._by_name = {name: rule for rule in chosen for name in (rule.id, rule.name) if name}
        digests = sorted([each.digest for each in chosen] + [each.digest for each in self._correlations])
        self.digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        self._run, self._left_out = len(chosen) + len(self._correlations), len(ruleset.left_out)
        self._trees, self._predicates = [rule.tree for rule in chosen], ruleset.predicates
        self._silence = timedelta(seconds=log.silent_after_seconds)

    def scan(self) -> Scan:
        """Read what is new, and keep what was found; all of it or, if this process dies, nothing, and then the next scan finds it."""
        began_at, correlator = clock.now(), self._correlator()
        self._accounts = Accounts(self._log.system_id, files())
        found = _Found(names=set(self._log.fields_seen))
        before = self._engine.undecided
        known = [_followed(each) for each in self._log.files.all()]
        for piece in tailing.follow(self._log.pattern, known):
            if isinstance(piece, Trouble):
                found.troubles.append(piece)
            else:
                found.pieces.append(replace(piece, data=b""))
                self._look(piece, found, correlator)
        found.troubles += tailing.altered(self._log.pattern, self._read_before({each.followed.id: each.followed for each in found.pieces}))
        return self._keep(began_at, found, self._engine.undecided - before)

    def _correlator(self) -> Correlator:
        """A correlator that has seen what was met within the longest span, so that no window ends where a scan does."""
        correlator = Correlator(self._correlations, _MOST_LATE_SECONDS)
        for met in self._log.met.all():
            for _ in correlator.add(self._by_name[met.rule], met.fields, met.at.timestamp()) if met.rule in self._by_name else ():
                pass
        return correlator

    def _look(self, piece: Piece, found: _Found, correlator: Correlator) -> None:
        newest: datetime | None = None
        before = found.last_at or self._log.scans.exclude(last_at=None).order_by("-last_at").values_list("last_at", flat=True).first()
        for event in self._events(piece, found):
            at = event.at or clock.now()
            found.undated += event.at is None
            if before is not None and at - before > self._silence:
                found.gaps.append((before.isoformat(), at.isoformat()))
            before = max(before or at, at)
            if newest is not None and at < newest - FORGIVEN:
                found.steps_back += 1
            newest = max(newest or at, at)
            found.first_at, found.last_at = min(found.first_at or at, at), max(found.last_at or at, at)
            fields = self._accounts.told(event.fields, at)
            found.names.update(fields)
            for rule in self._engine.detections(fields):
                self._met(rule, replace(event, fields=fields), at, found, correlator)

    def _events(self, piece: Piece, found: _Found) -> Iterator[Event]:
        read = FORMATS[self._log.format].event
        for line in piece.data.decode("utf-8", "replace").split("\n"):
            if line.strip():
                found.lines += 1
                try:
                    yield read(line.rstrip("\r"))
                except NoEvent:
                    found.unread += 1

    def _met(self, rule: Rule, event: Event, at: datetime, found: _Found, correlator: Correlator) -> None:
        names = {rule.id, rule.name} - {""}
        if not names & self._silent:
            _add(found, self._detection(rule, {}, at, at, event.raw))
        if not names & self._counted:
            return
        fields = self._grouped(event.fields)
        found.met.append(Met(log=self._log, rule=rule.name or rule.id, at=at, fields=fields))
        for each in correlator.add(rule, fields, at.timestamp()):
            first_at, last_at = (datetime.fromtimestamp(seconds, UTC) for seconds in (each.first_at, each.last_at))
            detection = self._detection(each.correlation, dict(each.group), first_at, last_at, event.raw)
            detection.times = each.amount
            _add(found, detection)

    def _grouped(self, fields: Any) -> dict[str, Any]:
        """Of `fields` those that any correlation groups by or counts."""
        wanted = {name for each in self._correlations for name in (*each.group_by, *each.counted)}
        wanted |= {name for each in self._correlations for mapping in each.aliases.values() for name in mapping.values()}
        return {name: fields[name] for name in sorted(wanted & set(fields))}

    def _detection(
        self,
        rule: Rule | Correlation,
        group: dict[str, str],
        first_at: datetime,
        last_at: datetime,
        line: str,
    ) -> Detection:
        return Detection(
            log=self._log,
            rule=rule.id,
            title=rule.title,
            level=rule.level,
            author=rule.author,
            licence=rule.licence,
            first_at=first_at,
            last_at=last_at,
            group=group,
            line=line[:LINE_KEPT],
            found_at=clock.now(),
        )

    def _read_before(self, now: Mapping[str, Followed]) -> Iterable[tuple[Followed, int, int, str]]:
        files = {each.pk: now.get(each.pk) or _followed(each) for each in self._log.files.all()}
        for each in Segment.objects.filter(file__log=self._log):
            yield files[each.file_id], each.first_byte, each.size_bytes, each.sha256

    def _keep(self, began_at: datetime, found: _Found, undecided: int) -> Scan:
        with transaction.atomic():
            entry_id = append("log.read", subject=("source", f"log {self._log.name}"), body=self._body(found))
            scan = Scan.objects.create(
                log=self._log,
                began_at=began_at,
                ended_at=max(clock.now(), began_at),
                size_bytes=sum(each.followed.read_bytes - each.first_byte for each in found.pieces),
                lines=found.lines,
                unread=found.unread,
                undated=found.undated,
                undecided=undecided,
                steps_back=found.steps_back,
                first_at=found.first_at,
                last_at=found.last_at,
                troubles=[{"path": each.path, "what": each.what} for each in found.troubles],
                rules=self.digest,
                rules_run=self._run,
                rules_left_out=self._left_out,
                rules_blind=self._blind(found.names),
                gaps=found.gaps[:_MOST_GAPS],
                fields_seen=sorted(found.names)[:_MOST_FIELDS],
                entry_id=entry_id,
            )
            for piece in found.pieces:
                at = piece.followed
                LogFile.objects.update_or_create(
                    pk=at.id,
                    log=self._log,
                    defaults={name: getattr(at, name) for name in _KEPT_OF_FILES},
                )
                size = at.read_bytes - piece.first_byte
                if not size:
                    continue
                Segment.objects.create(scan=scan, file_id=at.id, first_byte=piece.first_byte, size_bytes=size, sha256=piece.sha256)
            Detection.objects.bulk_create([_of(each, scan) for each in found.detections.values()], batch_size=500)
            self._keep_met(found)
            if found.names - set(self._log.fields_seen):
                self._log.fields_seen = sorted(found.names)[:_MOST_FIELDS]
                self._log.save(update_fields=["fields_seen"])
        return scan

    def _blind(self, seen: set[str]) -> int:
        """How many rules cannot meet, whatever comes, as long as no event has other fields than those `seen`."""
        absent = {number for number, each in enumerate(self._predicates) if each.field != ANYWHERE and each.field not in seen}

        def known(number: int) -> bool | None:
            return self._predicates[number].kind is Kind.ABSENT if number in absent else None

        return sum(folded(tree, known) is False for tree in self._trees)

    def _keep_met(self, found: _Found) -> None:
        Met.objects.bulk_create(found.met, batch_size=500)
        longest = max((each.seconds for each in self._correlations), default=0.0) + _MOST_LATE_SECONDS
        if found.last_at is not None:
            self._log.met.filter(at__lt=found.last_at - timedelta(seconds=longest)).delete()

    def _body(self, found: _Found) -> dict[str, Any]:
        """What the ledger's entry says: counts and digests; no line, no path, which could name somebody."""
        pieces = [
            {"file": each.followed.id, "first": each.first_byte, "size": each.followed.read_bytes - each.first_byte, "sha256": each.sha256}
            for each in found.pieces[:300]
        ]
        return {
            "segments": pieces,
            "all_segments": hashlib.sha256("".join(each.sha256 for each in found.pieces).encode()).hexdigest(),
            "lines": found.lines,
            "unread": found.unread,
            "detections": len(found.detections),
            "troubles": len(found.troubles),
            "gaps": len(found.gaps),
            "rules": self.digest,
        }


def _followed(file: LogFile) -> Followed:
    return Followed(file.pk, **{name: getattr(file, name) for name in _KEPT_OF_FILES})


def _add(found: _Found, detection: Detection) -> None:
    """Add `detection`, to an earlier one of the scan that is the same but for its time."""
    key = (detection.rule, f"{sorted(detection.group.items())}" if detection.group else detection.line)
    same = found.detections.setdefault(key, detection)
    if same is not detection:
        same.times += 1
        same.first_at, same.last_at = min(same.first_at, detection.first_at), max(same.last_at, detection.last_at)


def _of(detection: Detection, scan: Scan) -> Detection:
    detection.scan = scan
    return detection
