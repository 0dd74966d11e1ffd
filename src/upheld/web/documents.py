"""The documents as people read them: sections and sentences, with the truth in the margin."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.checks.verdict import State
from upheld.documents.document import Document, Section
from upheld.registers.governance.publication_models import DocumentVersion
from upheld.verdicts.measures import known_of
from upheld.verdicts.standing import DocumentStanding, PromiseStanding
from upheld.web.lines import MeasureLine, Segment, bar, margin, measure_line
from upheld.web.page import answer
from upheld.web.said import within
from upheld.web.sight import Sight, sight
from upheld.web.today import DocumentBar, document_bar
from upheld.web.versions import of_document
from upheld.web.wording import honest_line


@dataclass(frozen=True)
class DocumentsPage:
    """All documents."""

    documents: tuple[DocumentBar, ...]


@dataclass(frozen=True)
class Choice:
    """One value of a filter: its words, where it leads, how many promises it leaves, and whether it is the one chosen."""

    words: str
    address: str
    count: int
    chosen: bool
    state: State | None = None


@dataclass(frozen=True)
class PromiseLine:
    """One sentence with its margins, and the measures it opens to."""

    id: str
    text: str
    label: str
    corrected: str
    state: State
    margin: tuple[str, ...]
    measures: tuple[MeasureLine, ...]

    @property
    def tested(self) -> tuple[MeasureLine, ...]:
        """The measures that were judged."""
        return tuple(line for line in self.measures if line.verdict)

    @property
    def untested(self) -> tuple[MeasureLine, ...]:
        """Those that never were: each one's own page says what it lacks."""
        return tuple(line for line in self.measures if not line.verdict)


@dataclass(frozen=True)
class SectionShown:
    """A heading, as deep as its number says, and the sentences right under it."""

    number: str
    title: str
    deep: bool
    numbered: bool
    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True)
class DocumentPage:
    """One document; `sections` hold the sentences that the filters leave, `shown` of `total`."""

    document: Document
    line: str
    segments: tuple[Segment, ...]
    states: tuple[Choice, ...]
    chapters: tuple[Choice, ...]
    sections: tuple[SectionShown, ...]
    shown: int
    total: int
    versions: tuple[DocumentVersion, ...]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the documents."""
    page = DocumentsPage(tuple(document_bar(document) for document in sight(request).documents()))
    return answer(request, "documents", page, place="promises")


@require_safe
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    """Show one document; `state` and `chapter` in the address choose among its sentences."""
    seen = sight(request)
    found = {each.document.id: each for each in seen.documents()}
    if document_id not in found:
        raise Http404(
            _("There is no document called %(document_id)s. There are: %(documents)s.")
            % {"document_id": document_id, "documents": ", ".join(found)}
        )
    chosen = found[document_id]
    state, chapter = request.GET.get("state", ""), request.GET.get("chapter", "")
    left = [each for each in chosen.promises if _fits(each, state, chapter)]
    page = DocumentPage(
        document=chosen.document,
        line=honest_line(chosen.counts),
        segments=bar(chosen.counts),
        states=_states(chosen, state, chapter),
        chapters=_chapters(chosen, state, chapter),
        sections=_sections(chosen.document, left, seen),
        shown=len(left),
        total=len(chosen.promises),
        versions=tuple(of_document(seen.person, document_id)),
    )
    return answer(request, "document", page, place="promises")


def _fits(promise: PromiseStanding, state: str, chapter: str) -> bool:
    return state in ("", _word(promise.state)) and chapter in ("", promise.promise.chapter)


def _word(state: State) -> str:
    return state.value.replace(" ", "-")


def _states(document: DocumentStanding, state: str, chapter: str) -> tuple[Choice, ...]:
    """Return the choices of state, each with how many promises of the chosen chapter are in it; those with none left out."""
    there = [each.state for each in document.promises if chapter in ("", each.promise.chapter)]
    choices = [Choice(_("all"), _address("", chapter), len(there), not state)]
    for each in reversed(State):
        if there.count(each) or _word(each) == state:
            choices.append(Choice(each.value, _address(_word(each), chapter), there.count(each), _word(each) == state, each))
    return tuple(choices)


def _chapters(document: DocumentStanding, state: str, chapter: str) -> tuple[Choice, ...]:
    there = [each.promise.chapter for each in document.promises if state in ("", _word(each.state))]
    names = sorted({each.promise.chapter for each in document.promises})
    choices = [Choice(_("all"), _address(state, ""), len(there), not chapter)]
    return tuple(choices + [Choice(within(name), _address(state, name), there.count(name), name == chapter) for name in names])


def _address(state: str, chapter: str) -> str:
    chosen = {name: value for name, value in (("state", state), ("chapter", chapter)) if value}
    return f"?{urlencode(chosen)}" if chosen else "?"


def _sections(document: Document, left: list[PromiseStanding], seen: Sight) -> tuple[SectionShown, ...]:
    """Return the sections that hold a sentence which is left, and the headings above them."""
    known, now = known_of(workspace.current()), clock.now()
    failing = seen.failing()
    by_section: dict[str, list[PromiseLine]] = {}
    for each in left:
        said = each.promise
        measures = tuple(measure_line(measure, known, failing) for measure in each.measures)
        line = PromiseLine(said.id, said.text, said.label, said.corrected, each.state, margin(each.measures, now), measures)
        by_section.setdefault(said.section, []).append(line)
    shown = []
    for section in document.sections:
        below = any(name == section.number or name.startswith(f"{section.number}.") for name in by_section)
        if below:
            shown.append(_section(section, by_section.get(section.number, [])))
    return tuple(shown)


def _section(section: Section, promises: list[PromiseLine]) -> SectionShown:
    numbered = section.number[:1].isdigit()
    return SectionShown(section.number, section.title, numbered and "." in section.number, numbered, tuple(promises))
