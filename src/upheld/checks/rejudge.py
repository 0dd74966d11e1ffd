"""Judging again only what changed: a tally is taken over, judged by changed rows, or found anew; the verdict is the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from upheld.checks.engines import duckdb
from upheld.checks.engines.job import Change, Job
from upheld.checks.engines.needs import needs
from upheld.checks.engines.tally import Limits, Tally
from upheld.checks.judge import Engine, Exceptions, Prepared, conclude, prepare, said
from upheld.checks.keeping import Kept, digests, merged, seen
from upheld.checks.measure import Measure, Scope
from upheld.checks.parameters import Parameters
from upheld.checks.sharing import share
from upheld.checks.verdict import Verdict
from upheld.evidence.frame import Frame

# As many next flips are kept by name: a day's worth of 200,000 accounts that flip once a year is 550.
FLIPS = 1_000
_ALL = 1_000_000


class Way(Enum):
    """How a measure's tally is come by."""

    TAKEN_OVER = "taken over"
    BY_ROWS = "by rows"
    WHOLE = "whole"


@dataclass(frozen=True)
class Rejudged:
    """The verdicts, what to keep for the next time, and how each was come by; the last two by measure."""

    verdicts: list[Verdict]
    kept: dict[str, Kept]
    ways: dict[str, Way]


def rejudge(
    measures: Iterable[Measure],
    frame: Frame,
    parameters: Parameters,
    exceptions: Exceptions,
    kept: Mapping[str, Kept],
    *,
    outcomes: Path | None = None,
    limits: Limits | None = None,
    engine: Engine = duckdb.run,
) -> Rejudged:
    """Return the verdict on each of `measures` that `judge` would give, with as little work as `kept` allows.

    Only populations that are found anew are written below `outcomes`; what is not runnable is not kept.
    """
    ready = [prepare(measure, frame, parameters, exceptions.get(measure.id, {}), outcomes) for measure in measures]
    return Rejudging(frame, limits or Limits(), engine, outcomes).run(ready, kept)


@dataclass(frozen=True)
class Rejudging:
    """One round of judging again. `ready` may hold one measure under several names (see `prepare`)."""

    frame: Frame
    limits: Limits
    engine: Engine
    outcomes: Path | None

    def run(self, ready: list[Prepared], kept: Mapping[str, Kept]) -> Rejudged:
        """Judge all that is `ready`."""
        named = {each.job.measure: each for each in ready if each.job}
        inputs = {name: digests(each, self.frame) for name, each in named.items()}
        ways = {name: self._way(named[name], kept.get(name), *both) for name, both in inputs.items()}
        tallies = {name: kept[name].tally for name, way in ways.items() if way is Way.TAKEN_OVER}
        tallies |= self._by_rows([named[name] for name, way in ways.items() if way is Way.BY_ROWS], kept)
        anew = {name: each for name, each in named.items() if name not in tallies}
        ways |= dict.fromkeys(anew, Way.WHOLE)
        tallies |= self._whole(list(anew.values()))
        again = {name: Kept(*inputs[name], self.frame.as_of, tallies[name], seen(each, self.frame)) for name, each in named.items()}
        return Rejudged([conclude(each, tallies, self.frame) for each in ready], again, ways)

    def _way(self, ready: Prepared, before: Kept | None, inputs: str, others: str) -> Way:
        if before is None or before.tally.error or before.as_of > self.frame.as_of:
            return Way.WHOLE
        flips_at = before.tally.flips_at
        if inputs == before.inputs and (flips_at is None or self.frame.as_of < flips_at or before.as_of == self.frame.as_of):
            return Way.TAKEN_OVER
        horizon = before.tally.flips_until
        in_sight = horizon is None or self.frame.as_of < horizon
        if ready.measure.scope is Scope.ROW and others == before.others and before.tally.is_complete and in_sight:
            return Way.BY_ROWS
        return Way.WHOLE

    def _whole(self, ready: list[Prepared]) -> Mapping[str, Tally]:
        if not ready:
            return {}
        jobs = share(ready, [self._job(each) for each in ready], self.frame.as_of)
        return self.engine(self.frame, needs([each.measure for each in ready]), jobs, self.limits, self.outcomes)

    def _job(self, ready: Prepared) -> Job:
        assert ready.job is not None, "only what has a job is run"
        if ready.measure.scope is not Scope.ROW or "flips_at" not in ready.job.columns:
            return ready.job
        return replace(ready.job, query=said(ready.measure, ready.parameters, self.frame.as_of, ""), flips=FLIPS)

    def _by_rows(self, ready: list[Prepared], kept: Mapping[str, Kept]) -> dict[str, Tally]:
        """The tallies that changed rows lead to, of those where they do."""
        if not ready:
            return {}
        changes = {key: change for change, key in self._changes(ready, kept)}
        jobs = [job for each in ready for job in self._before_and_after(each, kept, changes)]
        limits = replace(self.limits, named=_ALL)
        found = self.engine(self.frame, needs([each.measure for each in ready], tuple(changes.values())), jobs, limits, None)
        names = [each.job.measure for each in ready if each.job]
        told = {name: merged(kept[name], found[f"{name} before"], found[f"{name} after"], self.frame.as_of) for name in names}
        return {name: tally for name, tally in told.items() if tally is not None}

    def _changes(self, ready: list[Prepared], kept: Mapping[str, Kept]) -> Iterator[tuple[Change, tuple[str, object]]]:
        """A change for each driving table and what had been seen of it; with the rows that flipped meanwhile, of any measure."""
        keys: dict[tuple[str, object], set[str]] = {}
        for each in ready:
            assert each.job is not None, "only what has a job is run"
            before = kept[each.job.measure]
            flipped = {flip.key for flip in before.tally.flips if flip.at <= self.frame.as_of}
            keys.setdefault((each.measure.row, before.seen), set()).update(flipped)
        for number, ((name, since), flipped) in enumerate(sorted(keys.items(), key=str)):
            assert isinstance(since, tuple), "what was seen is kept as pairs"
            yield Change(name, number, since, tuple(sorted(flipped))), (name, since)

    def _before_and_after(self, ready: Prepared, kept: Mapping[str, Kept], changes: Mapping[tuple[str, object], Change]) -> list[Job]:
        assert ready.job is not None, "only what has a job is run"
        before = kept[ready.job.measure]
        change = changes[ready.measure.row, before.seen]
        return [
            replace(
                ready.job,
                measure=f"{ready.job.measure} {when}",
                query=said(ready.measure, ready.parameters, at, by),
                flips=_ALL,
                outcomes=None,
            )
            for when, at, by in (("before", before.as_of, change.before), ("after", self.frame.as_of, change.after))
        ]
