"""Files of YAML as what pySigma makes of them: rules, correlations and filters. A document that is wrong costs no other."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import yaml
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule

# What reading a document raises that is wrong, be it no YAML, no rule, or a rule that says what makes no sense.
WRONG = (SigmaError, yaml.YAMLError, OSError, ValueError, ArithmeticError, RecursionError, TypeError, AttributeError)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BETWEEN = re.compile(r"(?m)^---(?:[ \t].*)?\r?$")
_ID = re.compile(r"(?m)^id:[ \t]*['\"]?([\w-]+)")
# One of these stands in whatever is meant as a rule.
_MARKS = {"title", "detection", "correlation", "filter", "logsource", "action"}
_GIVEN_UP = {"deprecated", "unsupported"}
LeaveOut = Callable[[str, str, str, bool], None]


class Document(NamedTuple):
    """A rule, correlation or filter as pySigma has it; `name` is its id, or for one without what it is called instead."""

    rule: Any
    name: str
    path: Path
    digest: str


def documents(files: Iterable[Path], leave_out: LeaveOut) -> list[Document]:
    """Return the rules and correlations in `files`, with the filters that are about them.

    `leave_out` is told what is left out: where, which, why, and whether a rule is lost with it.
    """
    found, filters = list[Document](), list[Document]()
    for path in files:
        try:
            said = path.read_bytes()
            read = list(_read(said.decode("utf-8-sig"), path, leave_out))
        except WRONG as error:
            leave_out(str(path), path.stem, why(error), True)
            continue
        digest = hashlib.sha256(said).hexdigest()
        for number, rule in enumerate(read):
            name = str(getattr(rule, "id", None) or (f"{path.stem}#{number + 1}" if number else path.stem))
            (filters if isinstance(rule, SigmaFilter) else found).append(Document(rule, name, path, digest))
    usable = [each for each in filters if not _is_wrong(each, leave_out)]
    return _filtered(found, usable, leave_out) if usable else found


def named(reference: object) -> str:
    """Return what a rule is called by: ids are written in small letters and with hyphens, whatever `reference` has."""
    try:
        return str(UUID(str(reference)))
    except ValueError:
        return str(reference)


def is_given_up(status: object) -> bool:
    """Whether a rule's authors gave it up, so that nothing is lost where it cannot be read."""
    return str(getattr(status, "name", status)).lower() in _GIVEN_UP


def why(error: Exception) -> str:
    """Return in one line what is wrong."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"it is no rule as Sigma has them: {said}" if isinstance(error, TypeError | AttributeError) else said


def _read(text: str, path: Path, leave_out: LeaveOut) -> Iterator[Any]:
    """Yield what each document of `text` is; parts of one that others go on with (`action`) are read together."""
    said = [each for each in _documents(text, path, leave_out) if each is not None]
    for each in (each for each in said if not _is_meant(each)):
        leave_out(str(path), path.stem, f"it is no Sigma rule, but {_what(each)}", False)
    said = [each for each in said if _is_meant(each)]
    for some in [said] if any("action" in each for each in said) else [[each] for each in said]:
        try:
            read = SigmaCollection.from_dicts(some, collect_errors=True, collect_filters=True, resolve_references=False)
        except WRONG as error:
            leave_out(str(path), str(some[0].get("id") or path.stem), why(error), not is_given_up(some[0].get("status")))
            continue
        known = [error for rule in (*read.rules, *read.filters) for error in rule.errors]
        for other in read.errors:
            if other not in known:
                leave_out(str(path), path.stem, why(other), True)
        yield from (*read.rules, *read.filters)


def _is_meant(said: object) -> bool:
    """Whether what stands there is meant as a rule."""
    return isinstance(said, dict) and bool(_MARKS & said.keys())


def _what(said: object) -> str:
    if isinstance(said, dict):
        return f"has {', '.join(sorted(str(name)[:40] for name in said)[:5]) or 'nothing'}"
    return "a list" if isinstance(said, list) else "words"


def _documents(text: str, path: Path, leave_out: LeaveOut) -> list[Any]:
    """What stands in `text`; where one of several documents is no YAML, the others."""
    try:
        return list(yaml.load_all(text, _LOADER))
    except WRONG:
        found = list[Any]()
        parts = _BETWEEN.split(text)
        if len([each for each in parts if each.strip()]) < 2:
            raise
    for part in parts:
        try:
            found += yaml.load_all(part, _LOADER)
        except WRONG as error:
            id = _ID.search(part)
            leave_out(str(path), id[1] if id else path.stem, why(error), True)
    return found


def _is_wrong(document: Document, leave_out: LeaveOut) -> bool:
    for error in document.rule.errors:
        leave_out(str(document.path), document.name, why(error), False)
    return bool(document.rule.errors)


def _filtered(found: list[Document], filters: list[Document], leave_out: LeaveOut) -> list[Document]:
    """Return `found` with `filters`, which may stand in other files, as part of the rules that they are about."""
    used, filtered = set[int](), list[Document]()
    for document in found:
        its = [number for number, each in enumerate(filters) if _concerns(each.rule, document)]
        used.update(its)
        for number in its:
            try:
                filters[number].rule.apply_on_rule(document.rule)
            except WRONG as error:
                document.rule.errors.append(error)
        digest = "".join((document.digest, *(filters[number].digest for number in its)))
        filtered.append(document._replace(digest=hashlib.sha256(digest.encode()).hexdigest() if its else digest))
    for number, each in enumerate(filters):
        if number not in used:
            leave_out(str(each.path), each.name, "it filters no rule that was read, of log sources such as its own", False)
    return filtered


def _concerns(filter: SigmaFilter, document: Document) -> bool:
    """Whether `filter` is about a rule: "any" is about all of its log source."""
    rule = document.rule
    if not isinstance(rule, SigmaRule) or rule.errors:
        return False
    asked = filter.filter.rules
    about = isinstance(asked, str) or bool({document.name, str(rule.name)} & {named(each.reference) for each in asked})
    return about and rule.logsource in filter.logsource
