"""How a relation hangs on the rows of one table: not at all, row by row with the rows' key in its columns, or on all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

# What a text is put together from, in order: pieces of text, and the parts of the key, by number.
Form = tuple[str | int, ...]
_SEPARATOR: Final = "/"


class Kind(Enum):
    """How a relation hangs on the rows of the table.

    `SAME`: it does not read them. `PARTED`: each of its rows is of one key, and is made from that key's rows alone. `MIXED`:
    some rows are of one key, the others do not hang on the table. `WHOLE`: nothing of the kind is proven.
    """

    SAME = "same"
    PARTED = "parted"
    MIXED = "mixed"
    WHOLE = "whole"


@dataclass(frozen=True)
class Shape:
    """The shape of one relation, its columns by name.

    `carry` says, for each part of the table's key, which columns hold it. `forms` says which columns are texts put together
    from the key, and how. `edges` are the relations next to a `WHOLE` one that are not whole themselves: where none of them
    changed, it did not either (None: these cannot be asked for).
    """

    kind: Kind
    carry: tuple[frozenset[str], ...] = ()
    forms: Mapping[str, frozenset[Form]] = field(default_factory=dict)
    edges: frozenset[str] | None = frozenset()


SAME = Shape(Kind.SAME)


def of_rows(key: Sequence[str]) -> Shape:
    """Return the shape of the table itself, whose rows are known by `key`."""
    forms: dict[str, frozenset[Form]] = {name: frozenset([(number,)]) for number, name in enumerate(key)}
    return Shape(Kind.PARTED, tuple(frozenset([name]) for name in key), forms)


def whole(edges: Iterable[frozenset[str] | None]) -> Shape:
    """Return the shape of what is not proven to fall apart, next to `edges`."""
    found = list(edges)
    together = None if None in found else frozenset().union(*(each for each in found if each is not None))
    return Shape(Kind.WHOLE, edges=together)


def together(branches: Sequence[tuple[Shape, Sequence[str]]]) -> Shape:
    """Return the shape of all rows of `branches` (UNION ALL), each with its columns in order; the first one's names are kept."""
    shapes = [shape for shape, _ in branches]
    if all(shape.kind is Kind.SAME for shape in shapes):
        return SAME
    kind = Kind.PARTED if all(shape.kind is Kind.PARTED for shape in shapes) else Kind.MIXED
    names = branches[0][1]
    hang = [(shape, columns) for shape, columns in branches if shape.kind is not Kind.SAME]
    parts = range(len(hang[0][0].carry))
    held = [[name for at, name in enumerate(names) if all(columns[at] in shape.carry[part] for shape, columns in hang)] for part in parts]
    forms: dict[str, frozenset[Form]] = {}
    for at, name in enumerate(names):
        told = [shape.forms.get(columns[at]) for shape, columns in hang]
        if all(told):
            forms[name] = frozenset().union(*(each for each in told if each))
    return Shape(kind, tuple(map(frozenset, held)), forms)


def plain_parts(forms: Iterable[Form], parts: int) -> tuple[int, ...] | None:
    """Return which parts of a key of `parts` parts must hold no "/", so that no two keys are ever put together to one text by `forms`.

    That is the key's every part once, with texts in between that begin with a "/"; None where it is put together otherwise.
    """
    known = set(forms)
    if len(known) != 1:
        return None
    (form,) = known
    held, between = form[::2], form[1::2]
    if sorted(map(str, held)) != sorted(map(str, range(parts))) or not all(isinstance(each, int) for each in held):
        return None
    if not all(isinstance(text, str) and text.startswith(_SEPARATOR) for text in between):
        return None
    return tuple(each for each in held[:-1] if isinstance(each, int))


def tells_apart(forms: Iterable[Form], parts: int) -> bool:
    """Tell whether no two keys of `parts` parts are ever put together to one text by any of `forms`.

    The first part is a source's name, which holds no `/`; so up to the first `/` a text is the source, and what follows is told
    apart by the text in between, if one does not begin like another, and then by the other part, to the end.
    """
    known = set(forms)
    between = {form[1] for form in known if len(form) == parts + 1 == 3 and (form[0], form[2]) == (0, 1)}
    if not known or len(between) != len(known) or not all(isinstance(text, str) and text.startswith(_SEPARATOR) for text in between):
        return False
    texts = [str(text) for text in between]
    return not any(one != other and one.startswith(other) for one in texts for other in texts)
