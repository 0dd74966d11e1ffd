"""Rules that are new or changed, run over what was kept of a log before they were: those alone, a part at a time, oldest first."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from upheld import clock
from upheld.ledger.append import append
from upheld.ledger.profile import Json
from upheld.logs import parts
from upheld.logs.event import NoEvent
from upheld.logs.finding import Finder, Found, MetOnce
from upheld.logs.knowing import Accounts
from upheld.logs.models import Detection, Part, Retro, WatchedLog
from upheld.logs.sigma.rule import RuleSet
from upheld.logs.storing import path
from upheld.logs.watching import reader
from upheld.sources.frames import files

# How long it may take at once, in seconds; what is left is done the next time.
SECONDS = 20.0


def catch_up(log: WatchedLog, ruleset: RuleSet, *, seconds: float = SECONDS) -> int:
    """Run what changed of `ruleset` over what was kept of `log` before, and return how many detections came of it."""
    until, found = time.monotonic() + seconds, 0
    for retro in log.retros.filter(ended_at=None):
        finder = Finder(log, ruleset, only=frozenset(retro.rules))
        accounts = Accounts(log.system_id, files())
        while retro.ended_at is None and time.monotonic() < until:
            found += _part(retro, finder, accounts)
    return found


def _part(retro: Retro, finder: Finder, accounts: Accounts) -> int:
    """Look through the next part; what was found, and how far it came, is kept at once."""
    part = Part.objects.filter(pk=retro.parts_left[0]).first() if retro.parts_left else None
    found = Found()
    if part is not None:
        look = finder.begin(MetOnce(rule, datetime.fromisoformat(at), fields) for rule, at, fields in retro.met)
        for event, at in _events(retro, part, accounts):
            look(event, at, found)
    new = [each for each in found.detections.values() if not _known(each)]
    with transaction.atomic():
        for each in new:
            each.retro = retro
        Detection.objects.bulk_create(new, batch_size=500)
        retro.parts_left, retro.met = retro.parts_left[1:], _still(retro, found, finder)
        if not retro.parts_left:
            retro.ended_at = clock.now()
            body: dict[str, Json] = {"rules": sorted(retro.rules.values()), "lines": retro.lines, "detections": retro.detections.count()}
            append("log.read-again", subject=("source", f"log {retro.log.name}"), body=body)
        retro.save(update_fields=["parts_left", "met", "lines", "ended_at"])
    return len(new)


def _events(retro: Retro, part: Part, accounts: Accounts) -> Iterator[tuple[Any, datetime]]:
    read = reader(retro.log.format)
    for kept in parts.lines(path(part)):
        if not kept.line.strip():
            continue
        retro.lines += 1
        try:
            event = read(kept.line.decode("utf-8", "replace").rstrip("\r"))
        except NoEvent:
            continue
        at = kept.at or part.read_at
        yield replace(event, at=kept.at, fields=accounts.told(event.fields, at)), at


def _known(detection: Detection) -> bool:
    """Whether the same was found before, by the rule as it was: of a correlation the same group within the same span."""
    before = Detection.objects.filter(log=detection.log, rule=detection.rule)
    if detection.group:
        return before.filter(group=detection.group, first_at__lte=detection.last_at, last_at__gte=detection.first_at).exists()
    return before.filter(line=detection.line, first_at__lte=detection.first_at, last_at__gte=detection.first_at).exists()


def _still(retro: Retro, found: Found, finder: Finder) -> list[Any]:
    """What correlations still count once this part was looked at."""
    every = [*retro.met, *([each.rule, each.at.isoformat(), dict(each.fields)] for each in found.met)]
    if not every:
        return []
    newest = max(datetime.fromisoformat(at) for _, at, _ in every)
    horizon = (newest - timedelta(seconds=finder.longest_seconds)).isoformat()
    return [each for each in every if each[1] >= horizon]
