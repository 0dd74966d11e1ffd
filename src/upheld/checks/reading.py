"""Reads a syntax tree: how each relation in it hangs on the rows of one table. Every rule goes one way: what none proves is whole."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from sqlglot import exp

from upheld.checks import qualified
from upheld.checks.joining import Joined, given, grouped, join, named, windows_fit
from upheld.checks.qualified import name_of, own
from upheld.checks.shape import SAME, Kind, Shape, of_rows, together, whole
from upheld.evidence.derived import HISTORY, bases, derived_tables
from upheld.evidence.table import table

Steps = Mapping[str, Shape]


class Reader:
    """Reads one tree, as far as it hangs on the rows of `driving`: a collected table, or a step whose rows are told by their `key`."""

    def __init__(self, driving: str, light: bool = False, key: Sequence[str] = ()) -> None:
        self._driving = driving
        self._light = light
        self._rows = of_rows(key or ("source", *table(driving).key))

    def hangs(self, name: str) -> bool:
        """Whether the table `name` hangs on the rows at all."""
        return self._of(name, {}).kind is not Kind.SAME

    def query(self, tree: exp.Expr, steps: Steps) -> Shape:
        """Return the shape of what `tree` gives; `steps` are those that it may name."""
        if isinstance(tree, exp.Subquery):
            return self.query(tree.this, steps)
        if not isinstance(tree, exp.Query):
            return whole([None])
        steps = self._steps(tree, steps)
        if isinstance(tree, exp.SetOperation):
            return self._union(tree, steps)
        return self._select(tree, steps) if isinstance(tree, exp.Select) else whole([None])

    def _steps(self, tree: exp.Query, steps: Steps) -> Steps:
        known = dict(steps)
        for name, cte in qualified.steps(tree).items():
            mentioned = {name_of(node) for node in cte.this.find_all(exp.Table)}
            if name == self._driving:
                known[name] = self._rows
            elif name in mentioned:  # it reads itself: nothing is proven of it, unless there is nothing to prove
                same = all(self._of(each, known).kind is Kind.SAME for each in mentioned - {name})
                known[name] = SAME if same else whole([None])
            else:
                known[name] = self.query(cte.this, known) if not cte.args["alias"].columns else self._renamed(cte, known)
        return known

    def _renamed(self, cte: exp.CTE, steps: Steps) -> Shape:
        found = self.query(cte.this, steps)
        return found if found.kind is Kind.SAME else whole([None])

    def _of(self, name: str, steps: Steps) -> Shape:
        """The shape of the step or table `name`."""
        if name in steps:
            return steps[name]
        if name.removeprefix(HISTORY) == self._driving:
            return self._rows
        if name in derived_tables() and (self._driving in bases([name]) or self._driving in derived_tables()[name].apart):
            return _derived(name, self._driving, self._light)
        return SAME

    def _edge(self, name: str, steps: Steps) -> frozenset[str] | None:
        found = self._of(name, steps)
        if found.kind is Kind.WHOLE:
            return found.edges
        return frozenset() if found.kind is Kind.SAME else frozenset([name])

    def _unproven(self, tree: exp.Query, steps: Steps) -> Shape:
        """`WHOLE`, next to what `tree` reads; what it reads by a query of its own has no name to be asked for by."""
        parts = [each for name, part in tree.args.items() if name != "with_" for each in (part if isinstance(part, list) else [part])]
        expressions = [each for each in parts if isinstance(each, exp.Expr)]
        mentioned = {name_of(node) for each in expressions for node in each.find_all(exp.Table)}
        nested = any(each.find(exp.With) for each in expressions)
        return whole([None] if nested else [self._edge(name, steps) for name in sorted(mentioned)])

    def _union(self, tree: exp.SetOperation, steps: Steps) -> Shape:
        shapes = [self.query(branch, steps) for branch in (tree.left, tree.right)]
        kinds = {each.kind for each in shapes}
        if kinds == {Kind.SAME}:
            return SAME
        plain = isinstance(tree, exp.Union) and not tree.args.get("distinct") and not tree.args.get("by_name") and not _cut(tree)
        if not plain or Kind.WHOLE in kinds:
            return self._unproven(tree, steps)
        return together(list(zip(shapes, ([name.lower() for name in each.named_selects] for each in (tree.left, tree.right)), strict=True)))

    def _select(self, tree: exp.Select, steps: Steps) -> Shape:
        if all(self._of(name_of(node), steps).kind is Kind.SAME for node in tree.find_all(exp.Table)):
            return SAME
        joined = self._joined(tree, steps)
        if joined is None or self._asks_elsewhere(tree, steps) or not windows_fit(tree, joined):
            return self._unproven(tree, steps)
        joined = grouped(tree, joined)
        if joined is None or _cut(tree):
            return self._unproven(tree, steps)
        found = given(tree, joined)
        if tree.args.get("distinct") and not (joined.kind is Kind.PARTED and all(found.carry) and not tree.args["distinct"].args.get("on")):
            return self._unproven(tree, steps)
        return found

    def _asks_elsewhere(self, tree: exp.Select, steps: Steps) -> bool:
        """Whether a query within an expression reads what hangs on the rows."""
        places = [part for name, part in tree.args.items() if name not in ("with_", "from_", "joins")]
        places += [join.args.get("on") for join in tree.args.get("joins") or ()]
        expressions = [each for part in places for each in (part if isinstance(part, list) else [part]) if isinstance(each, exp.Expr)]
        nested = [node for each in expressions for node in own(each) if isinstance(node, exp.Query)]
        return any(self._of(name_of(node), steps).kind is not Kind.SAME for each in nested for node in each.find_all(exp.Table))

    def _joined(self, tree: exp.Select, steps: Steps) -> Joined | None:
        """What stands after FROM; None where it does not fall apart."""
        joined = Joined()
        first = tree.args.get("from_")
        found = self._read(first.this, steps) if first else None
        if found is None:
            return None
        joined = Joined(found[1].kind, *named(*found))
        for each in tree.args.get("joins") or ():
            read = self._read(each.this, steps)
            after = join(joined, each, *read) if read else None
            if after is None:
                return None
            joined = after
        return joined

    def _read(self, node: exp.Expr, steps: Steps) -> tuple[str, Shape] | None:
        """The name and shape of one relation after FROM or JOIN; None where nothing is proven of it."""
        if isinstance(node, exp.Table) and not node.args.get("joins"):
            found = self._of(name_of(node), steps)
        elif isinstance(node, exp.Subquery) and not node.args.get("joins"):
            found = self.query(node.this, steps)
        else:
            return None
        renamed = node.args.get("alias") is not None and node.args["alias"].columns
        return None if found.kind is Kind.WHOLE or renamed else (node.alias_or_name.lower(), found)


@lru_cache(maxsize=4096)
def _derived(name: str, driving: str, light: bool) -> Shape:
    apart = derived_tables()[name].apart.get(driving)
    if apart is not None:
        return of_rows(apart.key) if light else SAME
    tree = qualified.derived(name)
    found = Reader(driving, light).query(tree, {}) if tree is not None else whole([None])
    return found if found.kind is not Kind.WHOLE else whole([None])


def _cut(tree: exp.Query) -> bool:
    return any(tree.args.get(part) for part in ("limit", "offset", "sample", "laterals", "pivots"))
