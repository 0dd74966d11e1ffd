"""What people write: values of parameters put into the text, and two versions held against each other line by line."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from upheld import workspace
from upheld.actions.errors import ill
from upheld.checks import library

_NAMED = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\s*\}\}")


def with_parameters(text: str) -> str:
    """Return `text` with each `{{ chapter.parameter }}` as the value that measures are judged with. Raises `Ill` for one unknown."""
    if not _NAMED.search(text):
        return text
    space = workspace.current()
    known = library.parameters_in_force(space.measures, space.parameters if space.parameters.is_file() else None).declared

    def value(found: re.Match[str]) -> str:
        parameter = known.get((found[1], found[2]))
        if parameter is None:
            raise ill(text=f"There is no parameter {found[1]}.{found[2]}; upheld measures lists them.")
        return parameter.in_words

    return _NAMED.sub(value, text)


@dataclass(frozen=True)
class Line:
    """One line of a comparison, with its number on either side; `what` is same, changed, added or removed."""

    what: str
    left: int | None
    before: str
    right: int | None
    after: str


def side_by_side(before: str, after: str) -> list[Line]:
    """Return `before` and `after` line by line, side by side."""
    left, right = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for what, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        lines += _block(what, left, right, (i1, i2), (j1, j2))
    return lines


_WHAT = {"equal": "same", "replace": "changed", "insert": "added", "delete": "removed"}


def _block(what: str, left: list[str], right: list[str], here: tuple[int, int], there: tuple[int, int]) -> Iterator[Line]:
    for at in range(max(here[1] - here[0], there[1] - there[0])):
        i, j = here[0] + at, there[0] + at
        has_left, has_right = i < here[1], j < there[1]
        said = _WHAT[what] if has_left and has_right else "removed" if has_left else "added"
        yield Line(
            said, i + 1 if has_left else None, left[i] if has_left else "", j + 1 if has_right else None, right[j] if has_right else ""
        )
