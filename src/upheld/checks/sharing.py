"""What several judgements of one measure have in common: the steps of its query that no parameter reaches, computed once for all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from sqlglot import exp

from upheld.checks import sql
from upheld.checks.engines.job import Job
from upheld.checks.judge import Prepared
from upheld.checks.measure import Measure

_CLOCK = frozenset({"as_of"})


@dataclass(frozen=True)
class Split:
    """A query in two: templates of the steps by the name of the table each becomes, and the template of the rest, which reads them."""

    steps: Mapping[str, str]
    query: str


def share(ready: Sequence[Prepared], jobs: Sequence[Job], as_of: datetime) -> list[Job]:
    """Return `jobs`, one for each of `ready`, with the steps that those of one measure share; those of one measure stand together."""
    times = Counter(each.measure for each in ready)
    both = sorted(zip(ready, jobs, strict=True), key=lambda pair: pair[0].measure.id)
    return [sharing(each, job, as_of) if times[each.measure] > 1 else job for each, job in both]


def sharing(ready: Prepared, job: Job, as_of: datetime) -> Job:
    """Return `job` of `ready` in steps and a rest, where it has steps that no parameter reaches."""
    parted = split(ready.measure)
    if parted is None:
        return job
    steps = tuple((name, sql.filled(step, {"as_of": as_of})) for name, step in parted.steps.items())
    rest = sql.filled(parted.query, {**ready.parameters.values(ready.measure), "as_of": as_of})
    return replace(job, steps=steps, rest=rest)


@lru_cache(maxsize=1024)
def split(measure: Measure) -> Split | None:
    """Return the query of `measure` split, or None where it has no step of its own that reads no parameter."""
    tree = measure.tree.copy()
    steps = _steps(tree)
    free = dict(_free(steps))
    bound = [body for name, body in steps.items() if name not in free]
    top = tree.copy()
    top.set("with_", None)
    asked = {name for body in [*bound, top] for name in _mentioned(body, free)}
    if not asked:
        return None
    made = {name: _with(free[name], free) for name in free if name in asked}
    called = {name: f"step_{sha256(step.encode()).hexdigest()[:16]}" for name, step in made.items()}
    _rename([*bound, top], called)
    if bound:
        kept = [cte for cte in tree.args["with_"].expressions if cte.alias.lower() not in free]
        top.set("with_", exp.With(expressions=kept))
    return Split({called[name]: step for name, step in made.items()}, sql.template(top))


def _steps(tree: exp.Query) -> dict[str, exp.Expr]:
    """The steps of `tree` by name, in order; none where names could mean two things, or a step reads itself."""
    found = list(tree.find_all(exp.With))
    if len(found) != 1 or found[0] is not tree.args.get("with_") or found[0].args.get("recursive"):
        return {}
    steps: dict[str, exp.Expr] = {}
    every = {cte.alias.lower() for cte in found[0].expressions}
    for cte in found[0].expressions:
        name = cte.alias.lower()
        later = every - steps.keys()
        if name in steps or cte.args["alias"].columns or _mentioned(cte.this, later):
            return {}
        steps[name] = cte.this
    return steps


def _free(steps: Mapping[str, exp.Expr]) -> Iterator[tuple[str, exp.Expr]]:
    """Those steps that no parameter reaches, not even through another one."""
    reached: set[str] = set()
    for name, body in steps.items():
        if sql.parameters(body) - _CLOCK or _mentioned(body, reached):
            reached.add(name)
        else:
            yield name, body


def _mentioned(body: exp.Expr, names: Iterable[str]) -> set[str]:
    return {table.name.lower() for table in body.find_all(exp.Table) if not table.db} & set(names)


def _with(body: exp.Expr, free: Mapping[str, exp.Expr]) -> str:
    """The template of the step `body`, with all steps that it needs."""
    needed: set[str] = set()
    for name in reversed(list(free)):
        if _mentioned(body, [name]) or any(_mentioned(free[each], [name]) for each in needed):
            needed.add(name)
    step = body.copy()
    assert isinstance(step, exp.Query), "a step is a query"
    if needed:
        first = [
            exp.CTE(this=each.copy(), alias=exp.TableAlias(this=exp.to_identifier(name))) for name, each in free.items() if name in needed
        ]
        step.set("with_", exp.With(expressions=first))
    return sql.template(step)


def _rename(bodies: Iterable[exp.Expr], called: Mapping[str, str]) -> None:
    """Let `bodies` read the tables `called` where they read steps, under the names that they know them by."""
    for table in [table for body in bodies for table in body.find_all(exp.Table) if not table.db]:
        name = table.name.lower()
        if name in called:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(called[name], quoted=True))
