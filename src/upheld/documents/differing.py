"""What is different between two versions of a document, promise by promise. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from upheld.documents.document import Document, Promise


class Kind(StrEnum):
    """What became of a promise."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Piece:
    """A run of words: in both versions, or only in the one `before` or `after`."""

    words: str
    only: str = ""


@dataclass(frozen=True)
class Difference:
    """What became of one promise. `pieces` are its sentence; `more` says in words what else changed: clauses, measures, section."""

    kind: Kind
    id: str
    pieces: tuple[Piece, ...]
    more: tuple[str, ...] = ()
    weakened: bool = False


def differences(before: Document | None, after: Document) -> tuple[Difference, ...]:
    """Return what differs between `before` (None: nothing was published) and `after`, in the order of `after`, what is gone last."""
    old = {each.id: each for each in before.promises} if before else {}
    new = {each.id: each for each in after.promises}
    return (
        *_kept_or_new(old, before, after),
        *(Difference(Kind.REMOVED, id, (Piece(each.text, "before"),)) for id, each in old.items() if id not in new),
    )


def _kept_or_new(old: dict[str, Promise], before: Document | None, after: Document) -> Iterator[Difference]:
    said, says = (_worded(each) for each in (before, after))
    for each in after.promises:
        was = old.get(each.id)
        if was is None:
            yield Difference(Kind.ADDED, each.id, (Piece(each.text, "after"),))
        elif was != each or said.get(each.id) != says.get(each.id):
            more = (*_more(was, each), *_reworded(said.get(each.id, {}), says.get(each.id, {})))
            kind = Kind.MOVED if was.text == each.text and was.section != each.section and len(more) == 1 else Kind.CHANGED
            yield Difference(kind, each.id, _words(was.text, each.text), more, bool(set(was.measures) - set(each.measures)))


def _more(was: Promise, now: Promise) -> Iterator[str]:
    for what, before, after in (("clauses", was.clauses, now.clauses), ("measures", was.measures, now.measures)):
        if gone := [each for each in before if each not in after]:
            yield f"no longer {what}: {', '.join(gone)}"
        if come := [each for each in after if each not in before]:
            yield f"new {what}: {', '.join(come)}"
    for what, one, other in (
        ("section", was.section, now.section),
        ("chapter", was.chapter, now.chapter),
        ("published label", was.label, now.label),
        ("correction", was.corrected, now.corrected),
    ):
        if one != other:
            yield f"{what}: {one or 'none'} became {other or 'none'}"


def _worded(document: Document | None) -> dict[str, dict[str, str]]:
    """Return what each promise says in other languages: by its id, then by language."""
    found: dict[str, dict[str, str]] = {}
    for wording in document.wordings if document else ():
        for id, text in wording.promises.items():
            found.setdefault(id, {})[wording.language] = text
    return found


def _reworded(was: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for language in sorted(was.keys() | now.keys()):
        if was.get(language) != now.get(language):
            yield f"in {language}: {was.get(language) or 'nothing'} became {now.get(language) or 'nothing'}"


def _words(before: str, after: str) -> tuple[Piece, ...]:
    """Return both sentences as one, by words."""
    old, new = before.split(), after.split()
    found = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece(" ".join(old[a:b])))
            continue
        found += [Piece(" ".join(words), only) for words, only in ((old[a:b], "before"), (new[c:d], "after")) if words]
    return tuple(found)
