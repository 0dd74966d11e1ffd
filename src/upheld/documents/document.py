"""What is promised: a document of sections and promises, kept as one TOML file that people can read and Git can diff."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

from upheld.documents.fields import DocumentError, Table

SHIPPED = Path(__file__).parent
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_ID_END = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}")
CHAPTERS = (
    "governance", "people", "incidents", "compliance", "physical", "access", "authorization", "cryptography", "assets",
    "transfer", "suppliers", "backup", "change", "continuity", "operations", "separation", "privacy",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A heading of a document. `number` is its key ("4.1", "access"); a section may hold no promise of its own."""

    number: str
    title: str


@dataclass(frozen=True)
class Proposal:
    """A measure that an import proposes for a promise and nobody has accepted yet; `confidence` is from 0 to 1."""

    measure: str
    confidence: float
    because: str


@dataclass(frozen=True)
class Promise:
    """One sentence of a document.

    `label` is how it is published, cited rightly or wrongly; `clauses` are right, in full ("ISO/IEC 27001:2013 A.11.1.2"),
    older edition first; `corrected` says what was wrong with the label; `measures` are ids ("chapter/name").
    """

    id: str
    section: str
    chapter: str
    text: str
    label: str
    clauses: tuple[str, ...]
    measures: tuple[str, ...]
    corrected: str = ""
    proposed: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class Wording:
    """A document in another language: all its texts, of `sections` by number and of `promises` by id. It is approved with the document."""

    language: str
    title: str
    intro: str
    sections: Mapping[str, str]
    promises: Mapping[str, str]


@dataclass(frozen=True)
class Document:
    """A published document of technical and organisational measures. Where its `wordings` differ in meaning, its own texts bind."""

    id: str
    title: str
    language: str
    version: str
    intro: str
    sections: tuple[Section, ...]
    promises: tuple[Promise, ...]
    wordings: tuple[Wording, ...] = field(default=())

    @cached_property
    def said(self) -> bytes:
        """All that the document says, as its digest is of; spacing, key order and file name do not change it."""
        told = asdict(self)
        if not self.wordings:
            del told["wordings"]  # as documents were digested before there were any
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of all that the document says."""
        return hashlib.sha256(self.said).hexdigest()

    def promise(self, promise_id: str) -> Promise:
        """Return the promise named `promise_id`; raises `KeyError` when the document has none."""
        for promise in self.promises:
            if promise.id == promise_id:
                return promise
        raise KeyError(promise_id)

    def in_language(self, language: str) -> "Document":
        """The document to be read in `language` (`de`), whose digest is not the published one's; as it is, where it has no such wording."""
        for wording in self.wordings:
            if wording.language == language:
                sections = tuple(replace(each, title=wording.sections[each.number]) for each in self.sections)
                promises = tuple(replace(each, text=wording.promises[each.id]) for each in self.promises)
                told = {"language": language, "title": wording.title, "intro": wording.intro}
                return replace(self, **told, sections=sections, promises=promises, wordings=())
        return self

    def promises_in(self, section: str) -> tuple[Promise, ...]:
        """The promises right under `section`, in published order."""
        return tuple(promise for promise in self.promises if promise.section == section)


def from_said(said: bytes) -> Document:
    """Return the document that says all of `said`, as `Document.said` gives it."""
    read = json.loads(said)
    promises = tuple(
        Promise(
            **{
                **each,
                **{name: tuple(each[name]) for name in ("clauses", "measures")},
                "proposed": tuple(Proposal(**one) for one in each["proposed"]),
            }
        )
        for each in read["promises"]
    )
    sections = tuple(Section(**each) for each in read["sections"])
    wordings = tuple(Wording(**each) for each in read.get("wordings", ()))
    return Document(**{**read, "sections": sections, "promises": promises, "wordings": wordings})


def load(path: Path) -> Document:
    """Read the document in the TOML file at `path`.

    Raises `DocumentError`, which names the file, the promise, what is wrong and what to do.
    """
    root = Table.read(path)
    document = Document(
        id=root.text("id"),
        title=root.text("title"),
        language=root.text("language", default="en"),
        version=root.text("version", default="1"),
        intro=root.text("intro", default=""),
        sections=tuple(Section(entry.text("number"), entry.text("title")) for entry in root.tables("sections", called_by="number")),
        promises=tuple(_promise(entry) for entry in root.tables("promises", called_by="id")),
        wordings=tuple(_wording(entry) for entry in root.tables("wordings", called_by="language")),
    )
    root.refuse_unread()
    _check(document, path)
    return document


def load_all(paths: Iterable[Path]) -> tuple[Document, ...]:
    """Read each file of `paths`, in order; raises `DocumentError` when two of them are one document."""
    by_id: dict[str, tuple[Document, Path]] = {}
    for path in paths:
        document = load(path)
        if document.id in by_id:
            raise DocumentError(f"{path}: document `{document.id}` is already {by_id[document.id][1]}; give one of them another `id`")
        by_id[document.id] = (document, path)
    return tuple(document for document, _ in by_id.values())


@cache
def shipped() -> tuple[Document, ...]:
    """The two founding documents, `iso` and `cloud`."""
    return load_all([SHIPPED / "iso.toml", SHIPPED / "cloud.toml"])


def in_directory(directory: Path) -> tuple[Document, ...]:
    """The documents of a workspace: each *.toml in `directory`, by file name; none when it does not exist."""
    return load_all(sorted(directory.glob("*.toml")))


def _promise(entry: Table) -> Promise:
    promise = Promise(
        id=entry.text("id"),
        section=entry.text("section"),
        chapter=entry.text("chapter"),
        text=entry.text("text"),
        label=entry.text("label", default=""),
        clauses=entry.texts("clauses"),
        measures=entry.texts("measures"),
        corrected=entry.text("corrected", default=""),
        proposed=tuple(_proposal(proposal) for proposal in entry.tables("proposed", called_by="measure")),
    )
    entry.refuse_unread()
    return promise


def _wording(entry: Table) -> Wording:
    wording = Wording(
        language=entry.text("language"),
        title=entry.text("title"),
        intro=entry.text("intro", default=""),
        sections=entry.texts_by_name("sections"),
        promises=entry.texts_by_name("promises"),
    )
    entry.refuse_unread()
    return wording


def _proposal(entry: Table) -> Proposal:
    proposal = Proposal(entry.text("measure"), entry.number("confidence"), entry.text("because", default=""))
    entry.refuse_unread()
    if not 0 <= proposal.confidence <= 1:
        raise DocumentError(f"{entry.place}: `confidence` is {proposal.confidence}; it lies between 0 and 1")
    return proposal


def _check(document: Document, path: Path) -> None:
    for problem in _problems(document):
        raise DocumentError(f"{path}: {problem}")


def _problems(document: Document) -> Iterator[str]:
    """What makes a document unusable; what merely makes it worse is `upheld document lint`'s to say."""
    for what, keys in (
        ("promise", [promise.id for promise in document.promises]),
        ("section", [section.number for section in document.sections]),
        ("wording", [document.language, *(wording.language for wording in document.wordings)]),
    ):
        yield from (f"{what} {key} stands {times} times; keep one of them" for key, times in Counter(keys).items() if times > 1)
    if not _ID.fullmatch(document.id):
        yield f"`id` is {document.id!r}; use lower case letters, figures and hyphens, at most 60"
    numbers = {section.number for section in document.sections}
    for wording in document.wordings:
        yield from _halves(wording, numbers, {promise.id for promise in document.promises})
    for promise in document.promises:
        start, _, end = promise.id.partition(":")
        if start != document.id or not _ID_END.fullmatch(end):
            wanted = f'the document\'s, a colon, letters, figures, dots and hyphens, as in "{document.id}:1.1"'
            yield f"promise {promise.id}: its `id` is {wanted}"
        if promise.section not in numbers:
            yield f"promise {promise.id}: there is no section {promise.section}; add it under [[sections]] or correct `section`"
        if promise.chapter not in CHAPTERS:
            yield f"promise {promise.id}: there is no chapter `{promise.chapter}`; use one of {', '.join(CHAPTERS)}"


def _halves(wording: Wording, numbers: set[str], ids: set[str]) -> Iterator[str]:
    """What a wording lacks, or has too much: a page half in one language and half in another says nothing well."""
    for what, said, wanted in (("section", set(wording.sections), numbers), ("promise", set(wording.promises), ids)):
        yield from (f"wording {wording.language}: {what} {key} is missing; say it in that language, too" for key in sorted(wanted - said))
        yield from (f"wording {wording.language}: there is no {what} {key}; take it out" for key in sorted(said - wanted))
