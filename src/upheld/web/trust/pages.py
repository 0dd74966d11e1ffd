"""The pages of the Trust Center: which there are, by their paths, and what each shows. A page is a function of what is public. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from upheld.checks.verdict import State
from upheld.web.lines import Segment, bar
from upheld.web.trust.changing import KINDS, of_kinds
from upheld.web.trust.public import (
    Change,
    Public,
    PublicCertificate,
    PublicDestination,
    PublicDocument,
    PublicNews,
    PublicPolicy,
    PublicPromise,
    PublicShare,
)

FEW = 6


@dataclass(frozen=True)
class Stands:
    """How promises stand, counted: all of them, by state, by what they rest on, and of how many the state is not shown.

    `grace_hours` is the longest for which one of them is shown as it stood before it broke.
    """

    total: int
    counts: dict[State, int]
    ways: dict[str, int]
    hidden: int
    grace_hours: int

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The bar of the states."""
        return bar(self.counts)

    @property
    def states(self) -> tuple[tuple[State, int], ...]:
        """Each state that a promise is in, with how many are, best first."""
        return tuple((state, number) for state, number in self.counts.items() if number)


def stands(*documents: PublicDocument) -> Stands:
    """Return how the promises of `documents` stand together."""
    counts = {state: sum(each.counts[state] for each in documents) for state in reversed(State)}
    ways = {way: sum(each.ways[way] for each in documents) for way in (documents[0].ways if documents else ())}
    total, hidden = sum(len(each.promises) for each in documents), sum(each.hidden for each in documents)
    return Stands(total, counts, ways, hidden, max((each.grace_hours for each in documents), default=0))


@dataclass(frozen=True)
class Named:
    """What another page is about: what it is called, in which language, and where it is."""

    id: str
    title: str
    language: str
    path: str


@dataclass(frozen=True)
class DocumentLine:
    """A document on the first page."""

    document: Named
    version: str
    published_at: datetime
    stands: Stands


@dataclass(frozen=True)
class HomePage:
    """The first page: how all promises stand, and the way to everything else."""

    stands: Stands
    documents: tuple[DocumentLine, ...]
    going_on: tuple[PublicNews, ...]
    shares: tuple[PublicShare, ...]
    planned: tuple[PublicShare, ...]
    certificates: tuple[PublicCertificate, ...]
    policies: tuple[Named, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class DocumentPage:
    """One document as published, with how each sentence stands."""

    document: PublicDocument
    stands: Stands


@dataclass(frozen=True)
class PromisePage:
    """One promise in full; `before` and `after` are its neighbours in the document."""

    document: Named
    promise: PublicPromise
    section: str
    before: Named | None
    after: Named | None


@dataclass(frozen=True)
class PolicyPage:
    """One policy's text."""

    policy: PublicPolicy


@dataclass(frozen=True)
class PolicyLine:
    """A policy in the list."""

    policy: Named
    number: int
    published_at: datetime
    digest: str


@dataclass(frozen=True)
class PoliciesPage:
    """The policies that anybody may read."""

    policies: tuple[PolicyLine, ...]


@dataclass(frozen=True)
class SharesPage:
    """Who gets customers' data: planned, in use and past; where data may go, and what changed of it."""

    planned: tuple[PublicShare, ...]
    in_use: tuple[PublicShare, ...]
    past: tuple[PublicShare, ...]
    destinations: tuple[PublicDestination, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class CertificatesPage:
    """Certificates, those in force first."""

    certificates: tuple[PublicCertificate, ...]


@dataclass(frozen=True)
class NoticesPage:
    """Notices for everybody, newest first."""

    news: tuple[PublicNews, ...]


@dataclass(frozen=True)
class ChangesPage:
    """What became otherwise in the last year, newest first, and the kinds of it that there are feeds of."""

    changes: tuple[Change, ...]
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True)
class Page:
    """A page: its path below the Trust Center, the name of its template, its title, what it shows, and the place it belongs to."""

    path: str
    template: str
    title: str
    shows: object
    place: str


def pages(public: Public) -> dict[str, Page]:
    """Return every page, by its path."""
    return {each.path: each for each in _pages(public)}


def _pages(public: Public) -> Iterator[Page]:
    yield Page("", "home", "", _home(public), "home")
    for document in public.documents:
        yield Page(f"documents/{document.id}/", "document", document.title, DocumentPage(document, stands(document)), "documents")
        yield from _promises(document)
    yield Page("policies/", "policies", "Policies", PoliciesPage(_lines(public)), "policies")
    for policy in public.policies:
        yield Page(f"policies/{policy.name}/", "policy", policy.title, PolicyPage(policy), "policies")
    yield Page("sub-processors/", "shares", "Sub-processors", _shares(public), "shares")
    yield Page("certificates/", "certificates", "Certificates", CertificatesPage(public.certificates), "certificates")
    yield Page("notices/", "notices", "Notices", NoticesPage(public.news), "notices")
    yield Page("changes/", "changes", "Changes", ChangesPage(public.changes), "changes")


def _home(public: Public) -> HomePage:
    return HomePage(
        stands=stands(*public.documents),
        documents=tuple(DocumentLine(_document(each), each.version, each.published_at, stands(each)) for each in public.documents),
        going_on=tuple(each for each in public.news if each.over_at is None),
        shares=tuple(each for each in public.shares if each.started_on and not each.ended_on),
        planned=tuple(each for each in public.shares if each.planned_on),
        certificates=tuple(each for each in public.certificates if each.in_force),
        policies=tuple(map(_policy, public.policies)),
        changes=public.changes[:FEW],
    )


def _document(each: PublicDocument) -> Named:
    return Named(each.id, each.title, each.language, each.path)


def _policy(each: PublicPolicy) -> Named:
    return Named(each.name, each.title, "", each.path)


def _lines(public: Public) -> tuple[PolicyLine, ...]:
    return tuple(PolicyLine(_policy(each), each.number, each.published_at, each.digest) for each in public.policies)


def _promises(document: PublicDocument) -> Iterator[Page]:
    titles, named = {each.number: each.title for each in document.sections}, _document(document)
    near = [None, *(Named(each.id, each.id, document.language, each.path) for each in document.promises), None]
    for before, each, after in zip(near, document.promises, near[2:], strict=False):
        yield Page(each.path, "promise", each.id, PromisePage(named, each, titles[each.section], before, after), "documents")


def _shares(public: Public) -> SharesPage:
    return SharesPage(
        planned=tuple(each for each in public.shares if each.planned_on),
        in_use=tuple(each for each in public.shares if each.started_on and not each.ended_on),
        past=tuple(each for each in public.shares if each.ended_on),
        destinations=tuple(each for each in public.destinations if each.until is None),
        changes=tuple(of_kinds(public.changes, ["sub-processor"])),
    )
