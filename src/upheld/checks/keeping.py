"""What is kept of a round of judgements so that the next need not do it again: tallies, and digests of all that they came from."""

import hashlib
import json
from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import orjson

from upheld.checks import schema
from upheld.checks.engines import worker
from upheld.checks.engines.tally import Flip, Tally, digest, line, turn
from upheld.checks.judge import Prepared
from upheld.checks.measure import GAPS
from upheld.checks.verdict import Outcome
from upheld.evidence.frame import Frame

# The number is counted up whenever judging comes to other tallies from the same inputs, or what is kept has another form.
_FORM = [2, version("upheld"), duckdb.__version__]
Stand = tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class Kept:
    """One judgement: its `tally`, and the digest of its `inputs`, all but the rows of the tables it reads.

    `file` is where its population lies, below the folder that holds the folders of rounds, and `sha256` that file's digest; "" where there
    is none. `steps` are the steps of its query that are kept (`Round.steps`).
    """

    inputs: str
    tally: Tally
    file: str = ""
    sha256: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lying:
    """Where a step is kept: in `file`, as `Kept.file` is said, with that digest."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Round:
    """All that is kept of the judgements as of `as_of`, by name.

    `seen` says by table when each source had last told, `files` which change files it was judged on. `whole_at` is when everything
    was last judged whole. `steps` are kept steps of queries, by the name of the table that a query reads each as.
    """

    as_of: datetime
    whole_at: datetime
    seen: Mapping[str, Stand]
    files: Mapping[str, tuple[str, ...]]
    judged: Mapping[str, Kept] = field(default_factory=dict)
    steps: Mapping[str, Lying] = field(default_factory=dict)

    def dump(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps(self)


def load(said: bytes) -> Round:
    """Return what `Round.dump` made; raises `ValueError` for anything else."""
    try:
        found: dict[str, Any] = orjson.loads(said)
        seen = {name: tuple((source, datetime.fromisoformat(at)) for source, at in each) for name, each in found["seen"].items()}
        files = {name: tuple(map(str, each)) for name, each in found["files"].items()}
        judged = {name: _kept(each) for name, each in found["judged"].items()}
        steps = {str(name): Lying(str(each["file"]), str(each["sha256"])) for name, each in found["steps"].items()}
        return Round(datetime.fromisoformat(found["as_of"]), datetime.fromisoformat(found["whole_at"]), seen, files, judged, steps)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no judgements were kept here: {said[:80]!r}") from error


def _kept(found: Mapping[str, Any]) -> Kept:
    tally = worker.tally(orjson.dumps(found["tally"]))
    return Kept(found["inputs"], tally, found["file"], found["sha256"], tuple(map(str, found["steps"])))


def digest_of(file: Path) -> str:
    """Return the SHA-256 of the bytes of `file`; "" where it cannot be read."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def seen(frame: Frame) -> dict[str, Stand]:
    """Return when each source had last told about each table."""
    return {name: tuple(sorted((each.source, each.seen_at) for each in filled)) for name, filled in frame.filled.items()}


def files(frame: Frame) -> dict[str, tuple[str, ...]]:
    """Return the change files of each table, by name and digest: one that was erased from or merged is another."""
    return {name: tuple(f"{each.path.name} {each.digest}" for each in found) for name, found in frame.files.items()}


def inputs(ready: Prepared) -> str:
    """Return the digest of all that a judgement comes from, but rows and time."""
    measure = ready.measure
    said: dict[str, object] = {
        "form": _FORM,
        "measure": measure.digest,
        "parameters": ready.parameters.digest(measure),
        "derived": schema.versions(measure.tables),
        "excepted": sorted(ready.until),
        "gaps": [(source, gap.table, gap.column, gap.kind.value) for source, gap in ready.evidence.gaps] if GAPS in measure.reads else [],
        "sources": [(each.table, each.source) for each in ready.evidence.seen],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def merged(known: Tally, now: Tally, named: int) -> Tally | None:
    """Return `known` with those outcomes taken out that rows looked at gave before (`now.was`), and those put in that they give `now`.

    Of both there is only what is other, complete, with all flips. None when the result cannot be told in full: an error, another outcome
    than is known, fewer than `named` names that are sure, or no flip known of those that lie ahead.
    """
    if now.error or now.was is None:
        return None
    if not known.is_complete and not known.lines:
        return None  # so many do not pass that their names were not kept
    before = now.was
    if not before.population and not now.population:
        return known
    standing = known.lines if not known.is_complete else tuple(sorted(_not_passing(known), key=_subject))
    lines = _lines(standing, _not_passing(before), _not_passing(now))
    if lines is None:
        return None
    failing = _exchanged(known.failing, known.failed + known.excepted, before.failing, now.failing, named)
    unknowns = _exchanged(known.unknowns, known.unknown, before.unknowns, now.unknowns, named)
    flips = _flips(known, before, now)
    if failing is None or unknowns is None or flips is None:
        return None
    population = known.population - before.population + now.population
    passed = known.passed - before.passed + now.passed
    return Tally(
        population=population,
        passed=passed,
        failed=known.failed - before.failed + now.failed,
        excepted=known.excepted - before.excepted + now.excepted,
        unknown=known.unknown - before.unknown + now.unknown,
        failing=failing,
        unknowns=unknowns,
        flips_at=flips[0].at if flips else None,
        flipping=(flips[0].label or "", flips[0].detail or "") if flips else ("", ""),
        flips=flips,
        more_flips=known.more_flips,
        lines=() if len(failing) + len(unknowns) == len(lines) else lines,
        digest=digest(population, passed, "\n".join(lines)),
    )


def _not_passing(tally: Tally) -> list[str]:
    return [line(each) for each in (*tally.failing, *tally.unknowns)]


def _lines(known: tuple[str, ...], before: list[str], now: list[str]) -> tuple[str, ...] | None:
    """The lines after the exchange, in order; None where those `before` were not all known, or a subject is there already."""
    for each in before:
        at = bisect_left(known, _subject(each), key=_subject)
        if at == len(known) or known[at] != each:
            return None
    gone = set(before)
    lines = [each for each in known if each not in gone]
    for each in now:
        at = bisect_left(lines, _subject(each), key=_subject)
        if at < len(lines) and _subject(lines[at]) == _subject(each):
            return None
        lines.insert(at, each)
    return tuple(lines)


def _subject(said: str) -> str:
    return said.rpartition("\x1f")[0]


def _exchanged(
    known: tuple[Outcome, ...], all_known: int, before: tuple[Outcome, ...], now: tuple[Outcome, ...], named: int
) -> tuple[Outcome, ...] | None:
    """The first names after the exchange: all, or as many as are sure to be the first. None where these are fewer than `named`."""
    gone = {each.subject for each in before}
    found = [each for each in known if each.subject not in gone] if gone else list(known)
    last = None if len(known) == all_known else _place(known[-1])
    for each in now:
        if last is None or _place(each) <= last:
            insort(found, each, key=_place)
    return tuple(found) if last is None or len(found) >= named else None


def _place(outcome: Outcome) -> tuple[bool, str]:
    return outcome.excepted, outcome.subject


def _flips(known: Tally, before: Tally, now: Tally) -> tuple[Flip, ...] | None:
    """The next flips after the exchange; None where none is sure to be the first."""
    gone = {each.subject for each in before.flips}
    found = [each for each in known.flips if each.subject not in gone] if gone else list(known.flips)
    last = turn(known.flips[-1]) if known.more_flips else None
    for each in now.flips:
        if last is None or turn(each) <= last:
            insort(found, each, key=turn)
    return tuple(found) if found or last is None else None
