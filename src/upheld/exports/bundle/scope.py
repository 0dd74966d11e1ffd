"""What a bundle is about: which measures and promises, as of when, and whether over a period."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from upheld import clock, workspace
from upheld.checks import library
from upheld.checks.parameters import Parameters
from upheld.documents.document import CHAPTERS, Document, Promise
from upheld.exports.bundle.known import Known
from upheld.ledger import lookup
from upheld.verdicts import terms
from upheld.verdicts.models import Judgement


class BundleError(Exception):
    """A bundle that cannot be made; says why, and what to do."""


class About(StrEnum):
    """What a scope names."""

    ALL = "all"
    DOCUMENT = "document"
    CHAPTER = "chapter"
    PROMISE = "promise"
    MEASURE = "measure"


class Disclose(StrEnum):
    """How much of the evidence goes along: all rows; only those of tables without personal data; none but their digests."""

    ALL = "all"
    MASKED = "masked"
    NONE = "none"


@dataclass(frozen=True)
class Scope:
    """What is asked for: one thing by its name, as of an instant (None: the last judgement), or from one instant until another."""

    about: About = About.ALL
    name: str = ""
    as_of: datetime | None = None
    from_at: datetime | None = None

    @property
    def words(self) -> str:
        """What it is about, as people say it."""
        return "everything that is promised" if self.about is About.ALL else f"{self.about} {self.name}"


@dataclass(frozen=True)
class Selected:
    """What a scope came to: promises with the document of each, measures by id, and the last judgement by then.

    `known` are the measures that there are, with the values of their `parameters`.
    """

    scope: Scope
    documents: tuple[Document, ...]
    promises: tuple[Promise, ...]
    measures: tuple[str, ...]
    judgement: Judgement
    known: Known
    parameters: Parameters


def select(scope: Scope) -> Selected:
    """Return what `scope` comes to. Raises `BundleError` for a name that there is not, and where nothing was judged by then."""
    space = workspace.current()
    last = _last(scope)
    every, known = _promised(last), Known(space)
    promises = [promise for document in every for promise in document.promises if _about(scope, document, promise)]
    named = {name for promise in promises for name in promise.measures}
    if scope.about in (About.ALL, About.CHAPTER):
        named |= {name for name in known.names if scope.about is About.ALL or name.startswith(f"{scope.name}/")}
    if scope.about is About.MEASURE:
        named &= {scope.name}
        named |= {scope.name} & set(known.names)
    _check(scope, promises, named)
    told = tuple(document for document in every if scope.about is About.ALL or any(promise in document.promises for promise in promises))
    measures = tuple(sorted(named))
    parameters = library.parameters_in_force(space.measures, space.parameters if space.parameters.is_file() else None)
    return Selected(replace(scope, as_of=scope.as_of or last.as_of), told, tuple(promises), measures, last, known, parameters)


def terms_of(judgement: Judgement) -> str | None:
    """Return the digest of the terms of `judgement`, as its entry in the ledger has it; None where it has none."""
    entry = lookup.entries([judgement.entry_id]).get(judgement.entry_id)
    found = entry["body"].get("terms") if entry is not None else None
    return found if isinstance(found, str) else None


def _last(scope: Scope) -> Judgement:
    until = Judgement.objects.order_by("-as_of", "-id")
    last = (until.filter(as_of__lte=scope.as_of) if scope.as_of else until).first()
    if last is None:
        raise BundleError("Nothing was judged by then, so there is nothing to prove: run upheld run, or ask for a later day")
    return last


def _promised(last: Judgement) -> tuple[Document, ...]:
    """Return the documents as they read when they were judged; as they stood then, for a judgement of before their digests were entered."""
    named = terms.kept(terms_of(last) or "")
    return (terms.promised_then(named) if named else None) or terms.promised(last.as_of)


def _about(scope: Scope, document: Document, promise: Promise) -> bool:
    match scope.about:
        case About.DOCUMENT:
            return document.id == scope.name
        case About.PROMISE:
            return promise.id == scope.name
        case About.MEASURE:
            return scope.name in promise.measures
        case About.CHAPTER:
            return promise.chapter == scope.name
    return True


def _check(scope: Scope, promises: list[Promise], named: set[str]) -> None:
    if scope.as_of is not None and scope.as_of > clock.now():
        raise BundleError("That is a time to come: ask how it stood by now, or earlier")
    if scope.from_at is not None and scope.as_of is not None and scope.from_at >= scope.as_of:
        raise BundleError("A period ends after it begins: write it as 2026-01-01..2026-03-31")
    if scope.about is About.CHAPTER and scope.name not in CHAPTERS:
        raise BundleError(f"There is no chapter {scope.name!r}; there are {', '.join(CHAPTERS)}")
    if not promises and not named:
        raise BundleError(f"There is no {scope.words}, or it was not judged yet: see upheld show, and upheld check")
