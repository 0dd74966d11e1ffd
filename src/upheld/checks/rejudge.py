"""Judging again only what changed: a tally is taken over, judged by changed rows, or found anew; the verdict is the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from duckdb import Error as DuckdbError

from upheld.checks import keeping, kept_steps, kept_tables, parting
from upheld.checks.cutting import Cut, cut
from upheld.checks.engines import duckdb
from upheld.checks.engines.job import AFTER, BEFORE, BOTH, Job, KeptStep
from upheld.checks.engines.needs import needs
from upheld.checks.engines.tally import Limits, Tally, fitting
from upheld.checks.judge import Engine, Exceptions, Prepared, conclude, prepare, rows_of, said
from upheld.checks.keeping import Kept, Round, merged
from upheld.checks.measure import Measure
from upheld.checks.parameters import Parameters
from upheld.checks.planning import WHOLE, Plan, Planning, Way
from upheld.checks.sharing import share, sharing
from upheld.checks.verdict import Verdict
from upheld.evidence.changing import Change
from upheld.evidence.frame import Frame
from upheld.evidence.loading import HistoryError

# As many next flips are kept by name, and as many subjects that do not pass beyond those that a verdict names.
FLIPS, BEYOND = 300, 500
_ALL = 1_000_000


@dataclass(frozen=True)
class Rejudged:
    """The verdicts, what to keep for the next time, and how each was come by, by measure."""

    verdicts: list[Verdict]
    kept: Round
    ways: dict[str, Way]


def rejudge(
    measures: Iterable[Measure],
    frame: Frame,
    parameters: Parameters,
    exceptions: Exceptions,
    kept: Round | None,
    *,
    outcomes: Path | None = None,
    limits: Limits | None = None,
    engine: Engine = duckdb.run,
) -> Rejudged:
    """Return the verdict on each of `measures` that `judge` would give, with as little work as `kept` allows.

    Populations are written below the folder `outcomes`, which is this round's own in one for all rounds; those that are taken over stand
    where `kept` says, in another round's. What is not runnable is not kept.
    """
    judged = kept.judged if kept else {}
    ready = [
        _prepared(measure, frame, parameters, exceptions.get(measure.id, {}), outcomes, judged.get(measure.id)) for measure in measures
    ]
    return Rejudging(frame, limits or fitting(rows_of(ready, frame)), engine, outcomes).run(ready, kept)


def _prepared(
    measure: Measure, frame: Frame, parameters: Parameters, until: Mapping[str, datetime], outcomes: Path | None, known: Kept | None
) -> Prepared:
    """`measure` ready to run. What was judged before from the same inputs, its text and this release among them, was allowed."""
    if known is not None and not known.tally.error:
        ready = prepare(measure, frame, parameters, until, outcomes, allowed=True)
        if ready.job and keeping.inputs(ready) == known.inputs:
            return ready
    return prepare(measure, frame, parameters, until, outcomes)


@dataclass(frozen=True)
class Rejudging:
    """One round of judging again. `ready` may hold one measure under several names (see `prepare`)."""

    frame: Frame
    limits: Limits
    engine: Engine
    outcomes: Path | None

    def run(self, ready: list[Prepared], kept: Round | None) -> Rejudged:
        """Judge all that is `ready`."""
        if kept and self.outcomes is None:
            kept = replace(kept, steps={})  # there is nowhere to keep the next ones
        named = {each.job.measure: each for each in ready if each.job}
        inputs = {name: keeping.inputs(each) for name, each in named.items()}
        files = {name: each.job.outcomes for name, each in named.items() if each.job}
        judged = kept.judged if kept else {}
        # A population that is wanted and was not written can neither be taken over nor exchanged into.
        known = {name: each for name, each in judged.items() if inputs.get(name) == each.inputs and (each.file or not files[name])}
        plans = self._plans(kept, {name: named[name] for name in known}, known)
        tallies = {name: known[name].tally for name, plan in plans.items() if plan.way is Way.TAKEN_OVER}
        tallies |= self._again(kept, {name: plan for name, plan in plans.items() if plan.changes}, named)
        ways = {name: plans[name].way for name in tallies}
        anew = {name: each for name, each in named.items() if name not in tallies}
        tallies |= self._whole(list(anew.values()))
        ways |= dict.fromkeys(anew, Way.WHOLE)
        shown = {name: self._shown(tally) for name, tally in tallies.items()}
        verdicts = [conclude(each, shown, self.frame) for each in ready]
        again = {
            name: replace(known[name], tally=tally)
            if ways[name] in (Way.TAKEN_OVER, Way.BY_STEPS)
            else self._kept(
                Kept(inputs[name], tally, steps=self._steps(named[name], plans.get(name, WHOLE), ways[name])), files[name], known.get(name)
            )
            for name, tally in tallies.items()
        }
        return Rejudged(verdicts, self._round(kept, again, anew.keys() == named.keys()), ways)

    def _round(self, kept: Round | None, judged: Mapping[str, Kept], whole: bool) -> Round:
        """What is kept of this round, in which everything was judged `whole`, or not."""
        names = [*(step for each in judged.values() for step in each.steps), *kept_tables.names(self.frame).values()]
        steps = kept_steps.lying(names, self.outcomes, kept)
        whole_at = self.frame.as_of if whole or kept is None else kept.whole_at
        return Round(self.frame.as_of, whole_at, keeping.seen(self.frame), keeping.files(self.frame), judged, steps)

    def _steps(self, ready: Prepared, plan: Plan, way: Way) -> tuple[str, ...]:
        """The steps that were kept of a judgement which was come by in this `way`."""
        if way in (Way.BY_KEPT_STEPS, Way.BY_GROUPS):
            return plan.edges
        cut = kept_steps.worth_keeping(ready.measure, self.frame) if way is Way.WHOLE and self.outcomes else None
        return tuple(cut.steps) if cut else ()

    def _plans(self, kept: Round | None, named: Mapping[str, Prepared], known: Mapping[str, Kept]) -> Mapping[str, Plan]:
        """How each judgement is come by; none, where what changed cannot be told: judging everything then says what is wrong."""
        if kept is None or not named:
            return {}
        try:
            return Planning(self.frame, kept).plans(named, known)
        except (HistoryError, DuckdbError):
            return {}

    def _kept(self, found: Kept, file: Path | None, known: Kept | None) -> Kept:
        """`found` with where its population lies: in `file`, or where nothing was to be exchanged in it, where it was `known` to."""
        if found.tally.error:
            return replace(found, steps=())
        if file is None or self.outcomes is None:
            return found
        if file.is_file():
            return replace(found, file=str(file.relative_to(self.outcomes.parent)), sha256=keeping.digest_of(file))
        return replace(found, file=known.file, sha256=known.sha256) if known else found

    def _shown(self, tally: Tally) -> Tally:
        most = self.limits.named
        if max(len(tally.failing), len(tally.unknowns)) <= most:
            return tally
        return replace(tally, failing=tally.failing[:most], unknowns=tally.unknowns[:most])

    def _whole(self, ready: list[Prepared]) -> Mapping[str, Tally]:
        if not ready:
            return {}
        both = [self._anew(each, replace(each.job, keep=FLIPS)) for each in ready if each.job]
        jobs = share([each for each, _ in both], [job for _, job in both], self.frame.as_of)
        asked = needs([each.measure for each in ready])
        if self.outcomes:
            jobs[0] = replace(jobs[0], kept=(*jobs[0].kept, *kept_tables.made(asked.tables, self.frame, self.outcomes)))
        return self.engine(self.frame, asked, jobs, self._limits(), self.outcomes)

    def _anew(self, ready: Prepared, job: Job) -> tuple[Prepared, Job]:
        """The job that judges all of `ready`, and keeps those of its steps that are worth it."""
        cut = kept_steps.worth_keeping(ready.measure, self.frame) if self.outcomes else None
        if cut is None or self.outcomes is None:
            return ready, job
        steps = kept_steps.made_anew(ready, cut, self.outcomes, self.frame.as_of)
        return kept_steps.reading(ready, job, cut, steps, self.frame.as_of)

    def _limits(self) -> Limits:
        return replace(self.limits, named=self.limits.named + BEYOND)

    def _again(self, kept: Round | None, plans: Mapping[str, Plan], named: Mapping[str, Prepared]) -> dict[str, Tally]:
        """The tallies that changed rows lead to, of those `plans` where they do."""
        if kept is None or not plans:
            return {}
        jobs = [job for name, plan in sorted(plans.items()) for job in self._jobs(kept, plan, named[name])]
        asked = needs([part for name, plan in plans.items() for part in self._parts(plan, named[name].measure)])
        changes = _together(plan.changes for plan in plans.values())
        # Of the files of other rounds only those that are exchanged into are read.
        below = self.outcomes.parent if self.outcomes else None
        light = len(changes) == 1 and all(plan.light for plan in plans.values())
        standing = kept_tables.standing(self.frame, kept, below) if below else {}
        wanted = replace(asked, changes=changes, then=kept.as_of, light=light, standing=standing)
        found = self.engine(self.frame, wanted, jobs, self._limits(), below)
        told = {name: self._told(kept.judged[name].tally, plan, name, found) for name, plan in plans.items()}
        return {name: tally for name, tally in told.items() if tally is not None}

    def _parts(self, plan: Plan, measure: Measure) -> list[Measure]:
        if plan.way in (Way.BY_KEPT_STEPS, Way.BY_GROUPS):
            parts = cut(measure, plan.changes[0].table)
            assert parts is not None, "it was planned so"
            return [parts.rest, *parts.steps.values()]
        return [measure] if plan.way is Way.BY_ROWS else [parting.part(measure, edge) for edge in plan.edges]

    def _told(self, known: Tally, plan: Plan, name: str, found: Mapping[str, Tally]) -> Tally | None:
        if plan.way in (Way.BY_ROWS, Way.BY_GROUPS):
            return merged(known, found[name], self.limits.named)
        if plan.way is Way.BY_KEPT_STEPS:
            return None if found[name].error else found[name]
        steps = [found[f"{name} {edge}"] for edge in plan.edges]
        return known if all(not each.error and not each.population for each in steps) else None

    def _jobs(self, kept: Round, plan: Plan, ready: Prepared) -> list[Job]:
        assert ready.job is not None, "only what has a job is run"
        job, name = ready.job, ready.job.measure
        if plan.way is Way.BY_STEPS:
            parts = {edge: parting.part(ready.measure, edge) for edge in plan.edges}
            return [Job(f"{name} {edge}", said(part, ready.parameters, self.frame.as_of), on=BOTH) for edge, part in parts.items()]
        if plan.way is Way.BY_KEPT_STEPS:
            return [self._on_kept_steps(kept, plan, ready, job)]
        grouped = cut(ready.measure, plan.changes[0].table) if plan.way is Way.BY_GROUPS else None
        return [self._exchanging(kept.judged[name], kept, ready, grouped)]

    def _exchanging(self, known: Kept, kept: Round, ready: Prepared, parts: Cut | None) -> Job:
        """The job that judges `ready`, or the rest of it after `parts`, on some rows as they were and as they are."""
        assert ready.job is not None, "only what has a job is run"
        base, until = self._base(known, ready.job), known.tally.flips[-1].at if known.tally.more_flips else None
        job = replace(ready.job, named=_ALL, until=until)
        steps: tuple[KeptStep, ...] = ()
        if parts is not None:
            assert self.outcomes is not None, "only a round that kept steps is followed so"
            steps = kept_steps.exchanged(ready, parts, self.outcomes, self.frame.as_of, kept)

        def asked(each: Job, at: datetime) -> Job:
            if parts is not None:
                return sharing(*kept_steps.reading(ready, each, parts, steps, at), at)
            return sharing(ready, replace(each, query=said(ready.measure, ready.parameters, at)), at)

        was = asked(replace(job, on=BEFORE, outcomes=None), kept.as_of)
        return asked(replace(job, on=AFTER, base=base, was=was), self.frame.as_of)

    def _on_kept_steps(self, kept: Round, plan: Plan, ready: Prepared, job: Job) -> Job:
        """The job that judges all that the kept steps of `ready` hold once they are made anew for changed rows."""
        parts = cut(ready.measure, plan.changes[0].table)
        assert parts is not None and self.outcomes is not None, "it was planned so, after a round that kept them"
        steps = kept_steps.exchanged(ready, replace(parts, groups=()), self.outcomes, self.frame.as_of, kept)
        return sharing(*kept_steps.reading(ready, replace(job, keep=FLIPS), parts, steps, self.frame.as_of), self.frame.as_of)

    def _base(self, known: Kept, job: Job) -> Path | None:
        return self.outcomes.parent / known.file if self.outcomes and known.file and job.outcomes else None


def _together(changes: Iterable[Iterable[Change]]) -> tuple[Change, ...]:
    """One change for each table, which holds all keys of those of it."""
    found: dict[str, Change] = {}
    for change in (change for each in changes for change in each):
        known = found.get(change.table, change)
        found[change.table] = replace(known, keys=tuple({*known.keys, *change.keys}))
    return tuple(found.values())
