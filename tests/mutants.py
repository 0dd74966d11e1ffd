"""Who tests the tests of a measure: each predicate of its query is deleted and negated, and some case must notice.

    def test_every_predicate_matters():
        assert survivors(MEASURE, CASES) == []

A survivor is told as "deleted: used_at IS NOT NULL", the second of the same words with "(2)": either a case is missing,
or the predicate is not needed. One that changes nothing whatever the rows are is named, with the reason, in `equivalent`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace

from sqlglot import exp
from tests.judged import Case, Expected, read
from tests.many import Many
from tests.stage import Stage, shipped

from upheld.checks import sql
from upheld.checks.measure import Measure

_COMPARED = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Is,
    exp.In,
    exp.Like,
    exp.ILike,
    exp.Between,
    exp.Exists,
    exp.NullSafeEQ,
)
_COMPARED += (exp.NullSafeNEQ, exp.RegexpLike, exp.StartsWith, exp.ArrayContains, exp.ArrayOverlaps)


def survivors(measure: str | Measure, cases: Mapping[str, Case], equivalent: Collection[str] = ()) -> list[str]:
    """Return the mutants of `measure` that every one of `cases` takes for the measure itself, but those in `equivalent`."""
    one = shipped()[measure] if isinstance(measure, str) else measure
    with ExitStack() as stack:
        staged = [(stack.enter_context(Stage(one, read(case.given))), case.expected) for case in cases.values()]
        many = stack.enter_context(Many(one, [stage for stage, _ in staged]))
        return [said for said, mutant in mutants(one) if said not in equivalent and not _killed(mutant, staged, many)]


def _killed(mutant: Measure, staged: list[tuple[Stage, Expected]], many: Many) -> bool:
    """Whether one of the stages notices `mutant`: each is asked, those first for which it seems to give other rows."""
    likely = many.unlike(mutant)
    order = sorted(range(len(staged)), key=lambda number: number not in likely)
    return any(staged[number][0].judge_unlinted(mutant) != staged[number][1] for number in order)


def mutants(measure: Measure) -> Iterator[tuple[str, Measure]]:
    """Yield each mutant of `measure` with what was done to it; two that read the same come once."""
    tree = measure.tree.copy()
    done = {tree.sql(dialect=sql.DIALECT)}
    told: Counter[str] = Counter()
    for node in [each for each in tree.walk() if _is_predicate(each)]:
        for what, put in (("deleted", _neutral(node)), ("negated", exp.Not(this=exp.Paren(this=node.copy())))):
            node.replace(put)
            query = tree.sql(dialect=sql.DIALECT)
            put.replace(node)
            if query not in done:
                done.add(query)
                said = f"{what}: {node.sql(dialect=sql.DIALECT, comments=False)}"
                told[said] += 1
                yield said if told[said] == 1 else f"{said} ({told[said]})", replace(measure, query=query)


def _is_predicate(node: exp.Expr) -> bool:
    """Whether `node` is a comparison, or a column that stands where a truth value does."""
    if isinstance(node, _COMPARED):
        return not isinstance(node.parent, exp.Not) or not isinstance(node, exp.Is)
    if isinstance(node, exp.Not):
        return isinstance(node.this, exp.Is)
    return isinstance(node, exp.Column) and _stands_for_truth(node)


def _stands_for_truth(node: exp.Expr) -> bool:
    parent = node.parent
    if isinstance(parent, exp.Paren):
        return _stands_for_truth(parent)
    if isinstance(parent, exp.And | exp.Or | exp.Not | exp.Where | exp.Having | exp.LogicalOr | exp.LogicalAnd):
        return True
    if isinstance(parent, exp.If):
        return node.arg_key == "this"
    return isinstance(parent, exp.Join) and node.arg_key == "on"


def _neutral(node: exp.Expr) -> exp.Expr:
    """What a predicate becomes when it is deleted: true, unless it is an alternative to something."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return exp.false() if isinstance(parent, exp.Or) else exp.true()
