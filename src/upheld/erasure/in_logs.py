"""Logs without somebody: lines that are kept, what rules found in them, and what was counted of whom (`upheld.logs.erasing` does it)."""

from collections.abc import Sequence

from django.db import transaction

from upheld.erasure.acting import CLI
from upheld.logs import erasing
from upheld.logs.masking import Masker
from upheld.sources.belonging import Known

_LINES = "logs.lines"
# Shorter names stand in others' words by chance.
_LONG = 8


def found(known: Known) -> dict[str, int]:
    """Return how many lines of each log, and rows of each table about logs, name whom `known` knows."""
    masker = Masker(known)
    return _lines(erasing.lines(masker)) | erasing.rows(masker, write=False)


def erase(known: Known) -> dict[str, int]:
    """Mask whom `known` knows in all of these; return how many they were. Call it outside a transaction. Idempotent."""
    masker = Masker(known)
    done = _lines(erasing.erase(masker, CLI))
    with transaction.atomic():
        return done | erasing.rows(masker, write=True)


def left(known: Known, needles: Sequence[str]) -> dict[str, int]:
    """Return what still names whom `known` knows, and lines in which one of `needles` stands as part of another word."""
    parts = sum(erasing.naming([needle for needle in needles if len(needle) >= _LONG]).values())
    return found(known) | ({"lines of logs that have a name of theirs within another word": parts} if parts else {})


def elsewhere(known: Known) -> dict[str, int]:
    """Return how many rows name whom `known` knows and are not changed: they say how a log is reached."""
    return erasing.reached(Masker(known))


def _lines(by_log: dict[str, int]) -> dict[str, int]:
    return {_LINES: sum(by_log.values())} if by_log else {}
