"""What is kept of a judgement so that the next one need not do it again: the tally, and digests of all it came from."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from upheld.checks import schema, sql
from upheld.checks.engines import worker
from upheld.checks.engines.tally import Tally, digest, line
from upheld.checks.judge import Prepared
from upheld.checks.measure import GAPS, Scope
from upheld.checks.verdict import Outcome
from upheld.evidence.derived import needed
from upheld.evidence.frame import Frame


@dataclass(frozen=True)
class Kept:
    """A measure's tally as of `as_of`. `inputs` is the digest of all it came from, `others` of all but the driving table.

    `seen` is when each source had last told about the driving table (row scope only).
    """

    inputs: str
    others: str
    as_of: datetime
    tally: Tally
    seen: tuple[tuple[str, datetime], ...] = ()

    def dump(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps(self)


def load(said: bytes) -> Kept:
    """Return what `Kept.dump` made; raises `ValueError` for anything else."""
    try:
        found = orjson.loads(said)
        seen = tuple((source, datetime.fromisoformat(at)) for source, at in found["seen"])
        tally = worker.tally(orjson.dumps(found["tally"]))
        return Kept(found["inputs"], found["others"], datetime.fromisoformat(found["as_of"]), tally, seen)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no judgement was kept here: {said[:80]!r}") from error


def seen(ready: Prepared, frame: Frame) -> tuple[tuple[str, datetime], ...]:
    """Return when each source last told about the table that drives the measure."""
    return tuple(sorted((each.source, each.seen_at) for each in frame.filled.get(ready.measure.row, ())))


def digests(ready: Prepared, frame: Frame) -> tuple[str, str]:
    """Return the digests of all inputs of a judgement, and of all but the rows of the driving table.

    A measure that asks what time it is has the time among its inputs, unless `flips_at` says all that time does to it.
    """
    measure = ready.measure
    evidence = [(each.table, each.source, each.digest) for each in ready.evidence.seen]
    by_clock = _derived_reads_clock(ready) or (measure.scope is Scope.WHOLE and "as_of" in sql.parameters(measure.tree))
    rest: dict[str, object] = {
        "measure": measure.digest,
        "parameters": ready.parameters.digest(measure),
        "derived": schema.versions(measure.tables),
        "excepted": sorted(ready.until),
        "gaps": [(source, gap.table, gap.column) for source, gap in ready.evidence.gaps] if GAPS in measure.reads else [],
        "as_of": frame.as_of.isoformat() if by_clock else "",
        "sources": [(table, source) for table, source, _ in evidence],
    }
    others = rest | {"evidence": [each for each in evidence if each[0] != measure.row]}
    return _digest(rest | {"evidence": evidence}), _digest(others)


def merged(kept: Kept, before: Tally, after: Tally, until: datetime) -> Tally | None:
    """Return the tally as of `until`: `kept` with the outcomes `before` of the rows looked at taken out and those `after` put in.

    None when that cannot be told: an error, names that were left out, or no flip known of those that lie ahead.
    """
    known = kept.tally
    if before.error or after.error or not (known.is_complete and before.is_complete and after.is_complete):
        return None
    looked_at = {flip.key for flip in before.flips}
    horizon = known.flips_until
    flips = [flip for flip in known.flips if flip.key not in looked_at]
    flips += [flip for flip in after.flips if horizon is None or flip.at <= horizon]
    flips.sort(key=lambda flip: (flip.at, flip.label, flip.detail))
    if horizon is not None and (not flips or horizon <= until):
        return None
    failing = _exchanged(known.failing, before.failing, after.failing)
    unknowns = _exchanged(known.unknowns, before.unknowns, after.unknowns)
    population = known.population - before.population + after.population
    passed = known.passed - before.passed + after.passed
    lines = "\n".join(line(each) for each in sorted((*failing, *unknowns), key=lambda each: each.subject))
    return Tally(
        population=population,
        passed=passed,
        failed=known.failed - before.failed + after.failed,
        excepted=known.excepted - before.excepted + after.excepted,
        unknown=known.unknown - before.unknown + after.unknown,
        failing=failing,
        unknowns=unknowns,
        flips_at=flips[0].at if flips else None,
        flipping=(flips[0].label, flips[0].detail) if flips else ("", ""),
        flips=tuple(flips),
        flips_until=horizon,
        digest=digest(population, passed, lines),
    )


def _exchanged(known: tuple[Outcome, ...], before: tuple[Outcome, ...], after: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    gone = {each.subject for each in before}
    return tuple(sorted([each for each in known if each.subject not in gone] + list(after), key=lambda each: (each.excepted, each.subject)))


def _derived_reads_clock(ready: Prepared) -> bool:
    return any(each.sql is None or "$as_of" in each.sql for each in needed(ready.measure.tables))


def _digest(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
