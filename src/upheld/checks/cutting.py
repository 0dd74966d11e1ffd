"""A query cut in two: the steps by which alone it hangs on a table that it does not fall apart by, and the rest, which reads them.

Such steps are kept from round to round and made anew for changed rows only; the rest is run on all that they then hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from sqlglot import exp

from upheld.checks import parting, qualified, sql
from upheld.checks.engines.needs import KEPT
from upheld.checks.measure import GAPS, Measure
from upheld.checks.qualified import name_of
from upheld.checks.reading import Reader
from upheld.checks.shape import Kind, plain_parts
from upheld.evidence.derived import derived_tables

_CLOCK = frozenset({"as_of"})


@dataclass(frozen=True)
class Cut:
    """A measure cut in two: each of `steps` by the name of the table that it is kept as, and the `rest`, which reads these tables.

    Where `groups` are given, columns of the only step, the rest falls apart by what these hold, as long as `plain` ones of them, texts,
    hold no "/": else two groups might give one subject.
    """

    steps: Mapping[str, Measure]
    rest: Measure
    groups: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def cut(measure: Measure, name: str) -> Cut | None:
    """Return `measure` cut at the steps by which alone it hangs on the collected table `name`; None where there are no such.

    Each of these steps falls apart by that table. They read no parameter, so that all judgements of the measure have them in common.
    """
    found = parting.shape(measure, name)
    if found.kind is not Kind.WHOLE or not found.edges or len(list(measure.tree.find_all(exp.With))) > 1:
        return None
    parts = {edge: parting.part(measure, edge) for edge in sorted(found.edges)}
    if not all(_can_be_kept(measure, edge, part) for edge, part in parts.items()):
        return None
    called = {edge: f"{KEPT}{sha256(f'{measure.digest} {edge}'.encode()).hexdigest()[:16]}" for edge in parts}
    made = Cut({called[edge]: part for edge, part in parts.items()}, replace(measure, query=_rest(measure.tree, called)))
    return _grouped(measure, next(iter(parts)), made) if len(parts) == 1 else made


def _grouped(measure: Measure, edge: str, made: Cut) -> Cut:
    """`made` with the most columns of its only step `edge`, among those that the query groups by, by which the rest falls apart."""
    tree = qualified.qualified(measure)
    columns = {each.lower() for each in qualified.qualified(made.steps[next(iter(made.steps))]).named_selects}
    groups = {tuple(each.name.lower() for each in group.expressions) for group in tree.find_all(exp.Group)}
    for group in sorted((each for each in groups if each and columns >= set(each)), key=lambda each: (-len(each), each)):
        found = Reader(edge, key=group).query(tree, {})
        plain = plain_parts(found.forms.get("subject", ()), len(group)) if found.kind is Kind.PARTED else None
        if plain is not None:
            return replace(made, groups=group, plain=tuple(group[part] for part in plain))
    return made


def _can_be_kept(measure: Measure, edge: str, part: Measure) -> bool:
    """Whether `edge` is a step or a derived table, and hangs on nothing but rows of tables and the time."""
    named = edge in parting.steps(measure) or edge in derived_tables()
    return named and not sql.parameters(part.tree) - _CLOCK and GAPS not in part.reads


def _rest(query: exp.Query, called: Mapping[str, str]) -> str:
    """`query` reading the tables `called` instead of steps, without the steps that nothing reads then."""
    tree = query.copy()
    for node in [each for each in tree.find_all(exp.Table) if name_of(each) in called]:
        alias = node.alias or node.name
        node.set("this", exp.to_identifier(called[name_of(node)], quoted=True))
        node.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    steps = qualified.steps(tree)
    if steps:
        top = tree.copy()
        top.set("with_", None)
        needed = _needed(steps, _mentioned(top))
        tree.args["with_"].set("expressions", [cte for name, cte in steps.items() if name in needed])
        if not needed:
            tree.set("with_", None)
    return tree.sql(dialect=sql.DIALECT, comments=False)


def _needed(steps: Mapping[str, exp.CTE], asked: Iterable[str]) -> set[str]:
    """Those of `steps` that are read by what reads `asked`."""
    needed = set(asked) & steps.keys()
    for name in reversed(list(steps)):
        if name in needed:
            needed |= _mentioned(steps[name].this) & steps.keys()
    return needed


def _mentioned(tree: exp.Expr) -> set[str]:
    return {name_of(each) for each in tree.find_all(exp.Table)}
