"""Which columns of collected tables the outcomes of a measure hang on, itself or through derived tables.

A derived table brings many columns, and a measure mostly reads a few: when a right was last used changes every day, and does not change
who may administer. The columns that nothing reads are taken out of a derived table's query, and with them what these were made of.
"""

from collections.abc import Mapping
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.pushdown_projections import pushdown_projections

from upheld.checks import qualified, schema
from upheld.checks.measure import GAPS, Measure
from upheld.evidence.derived import derived_tables, needed

Columns = Mapping[str, frozenset[str]]


@lru_cache(maxsize=4096)
def columns(measure: Measure) -> Columns:
    """Return by relation ("accounts", "history.accounts", "account_owners") the columns of it that outcomes of `measure` may hang on.

    A column counts as read from every relation that has one of its name.
    """
    found = {name: _asked(measure, name) for name in measure.reads if name != GAPS}
    for each in reversed(list(needed(measure.tables))):
        for name, chosen in made_of(each.name, found.get(each.name, frozenset())).items():
            found[name] = found.get(name, frozenset()) | chosen
    return found


def _asked(measure: Measure, name: str) -> frozenset[str]:
    there = frozenset(schema.readable()[name])
    return there if name in measure.whole_tables else there & measure.columns


@lru_cache(maxsize=4096)
def made_of(name: str, wanted: frozenset[str]) -> Columns:
    """Return the columns of its inputs that rows of the derived table `name` hang on, of which nothing but `wanted` is read."""
    inputs = {part: frozenset(chosen) for part, chosen in derived_tables()[name].inputs.items()}
    tree = qualified.derived(name)
    if tree is None:
        return inputs
    read: list[exp.Expr] = [exp.column(each, table="derived") for each in sorted(wanted)]
    asked = exp.select(*(read or [exp.Literal.number(1)])).from_(tree.copy().subquery("derived"))
    try:
        left = {each.name.lower() for each in pushdown_projections(asked).find_all(exp.Column)}
    except SqlglotError:
        return inputs
    return {part: chosen & left for part, chosen in inputs.items()}
