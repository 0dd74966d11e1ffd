"""One version of a published document: what is different from the one before, what lint says of it, and what may be done now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_safe

from upheld import workspace
from upheld.accounts.person import Person, SignedInRequest
from upheld.accounts.role import Verb
from upheld.checks.front import MeasureError
from upheld.documents.catalogue import known
from upheld.documents.differing import Difference, Kind, differences
from upheld.documents.document import Document
from upheld.documents.lint import Weight, lint, parameters_of
from upheld.documents.published import kept
from upheld.registers.governance.publication_models import DocumentVersion, Stage
from upheld.registers.staff import names
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.registers.records import Doable, doable

MOST_VERSIONS = 20
SAID = (  # templates look these up by their word
    pgettext_lazy("stage", "in review"),
    pgettext_lazy("stage", "sent back"),
    pgettext_lazy("stage", "approved"),
    pgettext_lazy("stage", "published"),
    pgettext_lazy("stage", "superseded"),
    pgettext_lazy("stage", "withdrawn"),
    pgettext_lazy("difference", "added"),
    pgettext_lazy("difference", "removed"),
    pgettext_lazy("difference", "changed"),
    pgettext_lazy("difference", "moved"),
)


@dataclass(frozen=True)
class Problem:
    """What lint says of a promise, and what mends it, in the reader's language."""

    promise: str
    says: str
    do: str


@dataclass(frozen=True)
class VersionPage:
    """A version with its differences from the one in force when it was drafted. `gone` where its text is not kept, or was changed."""

    version: DocumentVersion
    people: dict[str, str]
    differences: tuple[Difference, ...]
    counts: tuple[tuple[str, int], ...]
    first: bool
    gone: bool
    problems: tuple[Problem, ...]
    steps: tuple[Doable, ...]
    others: tuple[DocumentVersion, ...]
    grace: timedelta

    @property
    def weakened(self) -> int:
        """How many promises rest on fewer measures than before, or are gone."""
        return sum(each.weakened or each.kind is Kind.REMOVED for each in self.differences)

    @property
    def waits(self) -> bool:
        """Whether it still is to be decided about or published."""
        return self.version.state in (Stage.IN_REVIEW, Stage.APPROVED)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version."""
    person = cast(SignedInRequest, request).person
    found = cast(DocumentVersion, finding.as_it_is(person, DocumentVersion, number))
    text, before = kept(found.digest), kept(found.before) if found.before else None
    differ = differences(before, text) if text else ()
    people = names({found.author, found.decided_by, found.published_by} - {""})
    page = VersionPage(
        version=found,
        people={name: people.get(getattr(found, name), "") for name in ("author", "decided_by", "published_by")},
        differences=differ,
        counts=tuple((kind.value, count) for kind in Kind if (count := sum(each.kind is kind for each in differ))),
        first=not found.before,
        gone=text is None or bool(found.before and before is None),
        problems=tuple(_problems(text)) if text else (),
        steps=tuple(doable(person, found)),
        others=tuple(each for each in of_document(person, found.document) if each.pk != found.pk),
        grace=timedelta(hours=found.grace_hours),
    )
    return answer(request, "version", page, place="promises")


def _problems(text: Document) -> Iterator[Problem]:
    space = workspace.current()
    try:
        measures, judged_by = known(space.measures), parameters_of(space.measures, space.parameters)
    except MeasureError:  # a file of the company's own is wrong, which the measures' pages say
        measures, judged_by = known(), {}
    found = (each for each in lint(text, measures, judged_by) if each.weight is Weight.PROBLEM)
    return (Problem(each.promise, gettext(each.said) % each.about, gettext(each.todo) % each.about) for each in found)


def of_document(person: Person, document_id: str) -> Iterable[DocumentVersion]:
    """Return the versions of one document that `person` may see, the newest of them."""
    if not person.may(Verb.SEE, "policies"):
        return ()
    seen = cast("QuerySet[DocumentVersion]", finding.seen(person, DocumentVersion))
    return seen.filter(document=document_id)[:MOST_VERSIONS]
