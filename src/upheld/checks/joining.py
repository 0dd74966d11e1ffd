"""How relations that hang on the rows of one table hang on them once they are joined, grouped and selected from."""

from dataclasses import dataclass, field

from sqlglot import exp

from upheld.checks.aggregates import may_aggregate
from upheld.checks.qualified import own
from upheld.checks.shape import Form, Kind, Shape

Column = tuple[str, str]

_PLAIN_JOINS = {("", ""), ("", "INNER"), ("", "CROSS"), ("LEFT", ""), ("LEFT", "OUTER")}


@dataclass
class Joined:
    """What stands after FROM, as far as it is read: as `Shape`, its columns by the name of their table and their own."""

    kind: Kind = Kind.SAME
    carry: tuple[set[Column], ...] = ()
    forms: dict[Column, frozenset[Form]] = field(default_factory=dict)


def named(alias: str, found: Shape) -> tuple[tuple[set[Column], ...], dict[Column, frozenset[Form]]]:
    carry = tuple({(alias, name) for name in names} for names in found.carry)
    return carry, {(alias, name): forms for name, forms in found.forms.items()}


def join(left: Joined, join: exp.Join, alias: str, right: Shape) -> Joined | None:
    """`left` joined with `right`; None where the result does not fall apart."""
    side = (str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper())
    if side not in _PLAIN_JOINS or join.args.get("method") or join.args.get("using"):
        return None
    inner = side[0] == ""
    carry, forms = named(alias, right)
    equal = _equalities(join.args.get("on"))
    known = left.forms | forms
    match left.kind, right.kind:
        case _, Kind.SAME:
            return Joined(left.kind, _widened(left.carry, equal if inner else set()), known)
        case Kind.SAME, _:
            return Joined(right.kind, _widened(carry, equal), known) if inner else None
        case Kind.PARTED, _:
            both = inner and right.kind is Kind.PARTED
            more = tuple(one | other for one, other in zip(left.carry, carry, strict=True)) if both else left.carry
            return Joined(Kind.PARTED, more, known if both else left.forms) if _on_key(left.carry, carry, equal) else None
        case Kind.MIXED, Kind.PARTED:
            return Joined(Kind.PARTED, carry, forms) if inner and _on_key(left.carry, carry, equal) else None
    return None


def _equalities(on: exp.Expr | None) -> set[frozenset[Column]]:
    """The pairs of columns that the condition `on` holds equal."""
    conjuncts = list(on.flatten()) if isinstance(on, exp.And) else [on]
    pairs = [each.unnest() for each in conjuncts if each is not None]
    return {
        frozenset([_column(each.this), _column(each.expression)])
        for each in pairs
        if isinstance(each, exp.EQ) and isinstance(each.this, exp.Column) and isinstance(each.expression, exp.Column)
    }


def _column(node: exp.Expr) -> Column:
    assert isinstance(node, exp.Column), "the caller looked"
    return node.table.lower(), node.name.lower()


def _widened(carry: tuple[set[Column], ...], equal: set[frozenset[Column]]) -> tuple[set[Column], ...]:
    """`carry` with the columns that an inner join holds equal to it."""
    return tuple(columns | {column for pair in equal if pair & columns for column in pair} for columns in carry)


def _on_key(left: tuple[set[Column], ...], right: tuple[set[Column], ...], equal: set[frozenset[Column]]) -> bool:
    """Whether two relations are joined on every part of the key."""
    return bool(left) and all(
        any(frozenset([one, other]) in equal for one in ones for other in others) for ones, others in zip(left, right, strict=True)
    )


def windows_fit(tree: exp.Select, joined: Joined) -> bool:
    """Whether each window looks at rows of one key alone."""
    for part in [*tree.expressions, tree.args.get("qualify"), tree.args.get("order")]:
        for window in (node for node in own(part) if isinstance(node, exp.Window)) if part else ():
            by = {_column(each) for each in window.args.get("partition_by") or () if isinstance(each, exp.Column)}
            if joined.kind is not Kind.PARTED or not all(columns & by for columns in joined.carry) or window.args.get("alias"):
                return False
    return not tree.args.get("windows")


def grouped(tree: exp.Select, joined: Joined) -> Joined | None:
    """What GROUP BY leaves of `joined`; None where a group may hold rows of several keys."""
    group = tree.args.get("group")
    if group is None:
        return None if tree.args.get("having") or any(may_aggregate(each) for each in tree.expressions) else joined
    sets = any(value for name, value in group.args.items() if name != "expressions")
    by = {_column(each) for each in group.expressions if isinstance(each, exp.Column)}
    if sets or joined.kind is not Kind.PARTED or not all(columns & by for columns in joined.carry):
        return None
    forms = {name: told for name, told in joined.forms.items() if name in by}
    return Joined(joined.kind, tuple(columns & by for columns in joined.carry), forms)


def given(tree: exp.Select, joined: Joined) -> Shape:
    """The shape of what `tree` selects of `joined`."""
    forms: dict[str, frozenset[Form]] = {}
    carry: tuple[set[str], ...] = tuple(set() for _ in joined.carry)
    for selected in tree.expressions:
        name, value = selected.alias_or_name.lower(), selected.unalias()
        told = _forms(value, joined)
        if told:
            forms[name] = told
        for names, columns in zip(carry, joined.carry, strict=True):
            if _holds(value, columns):
                names.add(name)
    return Shape(joined.kind, tuple(map(frozenset, carry)), forms)


def _holds(value: exp.Expr, columns: set[Column]) -> bool:
    """Whether `value` is one of `columns`; USING is written out as the first of several that are equal."""
    if isinstance(value, exp.Coalesce):
        return all(_holds(each, columns) for each in (value.this, *value.expressions))
    return isinstance(value, exp.Column) and _column(value) in columns


def _forms(value: exp.Expr, joined: Joined) -> frozenset[Form]:
    """How `value` is put together from the key; nothing where it is not, or that is not told."""
    for number, columns in enumerate(joined.carry):
        if _holds(value, columns):
            return frozenset([(number,)])
    if isinstance(value, exp.Column):
        return joined.forms.get(_column(value), frozenset())
    if isinstance(value, exp.Paren):
        return _forms(value.this, joined)
    if isinstance(value, exp.Literal) and value.is_string:
        return frozenset([(value.name,)])
    if isinstance(value, exp.DPipe):
        ends = _forms(value.this, joined), _forms(value.expression, joined)
        return frozenset(_plain(one + other) for one in ends[0] for other in ends[1])
    return frozenset()


def _plain(form: Form) -> Form:
    """`form` with texts that follow one another as one."""
    pieces: list[str | int] = []
    for piece in form:
        if pieces and isinstance(piece, str) and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return tuple(pieces)
