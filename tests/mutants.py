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
        stages = [(stack.enter_context(Stage(one, read(case.given))), case.expected) for case in cases.values()]
        return [said for said, mutant in mutants(one) if said not in equivalent and not _killed(mutant, stages)]


def _killed(mutant: Measure, stages: list[tuple[Stage, Expected]]) -> bool:
    """Whether one of `stages` notices `mutant`. It comes first from then on: what noticed one often notices the next."""
    for number, (stage, expected) in enumerate(stages):
        if stage.judge_unlinted(mutant) != expected:
            stages.insert(0, stages.pop(number))
            return True
    return False


def mutants(measure: Measure) -> Iterator[tuple[str, Measure]]:
    """Yield each mutant of `measure` with what was done to it; two that read the same come once."""
    tree = measure.tree
    done = {tree.sql(dialect=sql.DIALECT)}
    told: Counter[str] = Counter()
    for number, node in enumerate(tree.walk()):
        if not _is_predicate(node):
            continue
        for what, put in (("deleted", _neutral(node)), ("negated", exp.Not(this=exp.Paren(this=node.copy())))):
            changed = tree.copy()
            list(changed.walk())[number].replace(put)
            query = changed.sql(dialect=sql.DIALECT)
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
