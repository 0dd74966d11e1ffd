"""Searching in what is kept of logs: by time, by field, by words; and how much there was when."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer

import duckdb
from django.db.models import Q, Sum

from upheld.evidence.duck import connect, literal, quoted
from upheld.logs import parts
from upheld.logs.models import Hour, Part, WatchedLog
from upheld.logs.storing import path

# How long a search may take, in seconds, and how much memory: whoever looks waits, and others want their pages too.
SECONDS, MEMORY = 10.0, "600MB"
_TERM = re.compile(r'(?P<not>-?)(?:(?P<field>[\w.@-]+):)?(?:"(?P<quoted>[^"]*)"|(?P<word>\S+))')
_STEPS = (60, 300, 900, 3600, 3 * 3600, 12 * 3600, 86400, 7 * 86400)
_BARS = 100


class SearchError(ValueError):
    """A search cannot be done; the message says why, and what to do."""


@dataclass(frozen=True)
class Question:
    """What is looked for: in `logs`, from one instant until before another, with `words` (field:value, "more words", -without)."""

    logs: tuple[WatchedLog, ...]
    from_at: datetime
    until_at: datetime
    words: str = ""


@dataclass(frozen=True)
class Hit:
    """A line that was found: when it says it was, and its place in the file with the number `file`."""

    log: str
    at: datetime | None
    file: str
    place: int
    line: str


@dataclass(frozen=True)
class Answer:
    """Lines that were found, the newest first, `found` of them in all; `bars` are how many from each instant on, `step` long."""

    hits: tuple[Hit, ...]
    found: int
    bars: tuple[tuple[datetime, int], ...]
    step: timedelta


def search(question: Question, *, most: int = 25, skip: int = 0) -> Answer:
    """Return `most` lines that `question` asks for, after the `skip` newest; raises `SearchError`."""
    step = _step(question)
    chosen = _parts(question)
    if not chosen:
        return Answer((), 0, (), step)
    names = {path(part): part.log.name for part in chosen}
    columns = sorted({name for part in chosen for name in part.fields})
    where = " AND ".join([_between(question), *(_term(each, columns) for each in _TERM.finditer(question.words))])
    source = f"{parts.reading(names)[:-1]}, filename = true)"
    with connect(threads=1) as connection:  # of its own: its limit is for a search alone
        connection.execute(f"SET memory_limit = {literal(MEMORY)}")
        clock = Timer(SECONDS, connection.interrupt)
        clock.start()
        try:
            bars = connection.execute(
                f'SELECT epoch("at") // {step.total_seconds():.0f} AS bar, count(*) FROM {source} WHERE {where} GROUP BY bar ORDER BY bar'  # noqa: S608
            ).fetchall()
            rows = connection.execute(
                f'SELECT filename, "at", file, place, line FROM {source} WHERE {where} '  # noqa: S608  quoted names and literals
                f'ORDER BY "at" DESC NULLS LAST, file, place DESC LIMIT {most:d} OFFSET {skip:d}'
            ).fetchall()
        except duckdb.InterruptException as error:
            raise SearchError(f"The search took longer than {SECONDS:.0f} seconds: ask for less time, or for one log.") from error
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise SearchError("What is kept could not be read just now: try again, or ask for less time.") from error
        finally:
            clock.cancel()
    hits = tuple(Hit(names[Path(name)], at.replace(tzinfo=UTC) if at else None, file, place, line) for name, at, file, place, line in rows)
    seen = tuple((datetime.fromtimestamp(bar * step.total_seconds(), UTC), many) for bar, many in bars if bar is not None)
    return Answer(hits, sum(many for _, many in bars), seen, step)


def volume(question: Question) -> Answer:
    """Return how much there was when, whatever it says; from what was counted as it came."""
    step = max(_step(question), timedelta(hours=1))
    asked = Hour.objects.filter(log__in=question.logs, at__gte=question.from_at - timedelta(hours=1), at__lt=question.until_at)
    bars: dict[datetime, int] = {}
    for at, events in asked.values_list("at").annotate(all=Sum("events")).order_by("at"):
        begin = datetime.fromtimestamp(at.timestamp() // step.total_seconds() * step.total_seconds(), UTC)
        bars[begin] = bars.get(begin, 0) + events
    return Answer((), sum(bars.values()), tuple(bars.items()), step)


def _step(question: Question) -> timedelta:
    seconds = (question.until_at - question.from_at).total_seconds()
    return timedelta(seconds=next((each for each in _STEPS if seconds / each <= _BARS), _STEPS[-1]))


def _parts(question: Question) -> list[Part]:
    within = Q(last_at=None) | Q(last_at__gte=question.from_at, first_at__lt=question.until_at)
    return list(Part.objects.filter(within, log__in=question.logs).select_related("log"))


def _between(question: Question) -> str:
    return f'"at" >= {_instant(question.from_at)} AND "at" < {_instant(question.until_at)}'


def _instant(at: datetime) -> str:
    return f"TIMESTAMP '{at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"


def _term(found: re.Match[str], columns: Sequence[str]) -> str:
    """One term as SQL; raises `SearchError` for a field that is no column."""
    said, name = found["quoted"] if found["quoted"] is not None else found["word"], found["field"]
    if name is None:
        clause = f"contains(lower(line), lower({literal(said)}))"
    else:
        its = parts.columns_of(name, columns)
        if not its:
            raise SearchError(
                f"No field {name!r} is kept as a column. There are: {_listed(columns)}. Words without a field stand anywhere."
            )
        pattern = literal(re.sub(r"([\\%_])", r"\\\1", said).replace("*", "%"))
        clause = " OR ".join(f"coalesce({quoted(each)} ILIKE {pattern} ESCAPE '\\', false)" for each in its)
    return f"NOT ({clause})" if found["not"] else f"({clause})"


def _listed(columns: Iterable[str]) -> str:
    found = list(columns)
    return ", ".join(found[:40]) + (" and more" if len(found) > 40 else "")
