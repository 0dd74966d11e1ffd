"""The promises in a bundle: each word for word its document's, as its worst measure stands, of a document that the ledger names."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from upheld.ledger.verify.bundle import deciding, rows
from upheld.ledger.verify.bundle.evidence import MAX_TEXT_BYTES
from upheld.ledger.verify.bundle.fields import MAX_DOCUMENT_BYTES, Fields, document, published
from upheld.ledger.verify.bundle.judgements import Judgement
from upheld.ledger.verify.bundle.logs import Logged
from upheld.ledger.verify.bundle.members import Manifest
from upheld.ledger.verify.bundle.terms import Terms
from upheld.ledger.verify.bundle.verdicts import Entries, Verdicts
from upheld.ledger.verify.layout import Layout
from upheld.ledger.verify.report import Report

_SAID = frozenset({"id", "text", "label", "clauses", "measures", "state"})
_OTHERWISE = "is not what its document promises"


@dataclass(frozen=True)
class Promise:
    """A promise of the bundle: its words, its state, and a line on each measure that decides it."""

    id: str
    text: str
    state: str
    why: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return it as lines for people; what it says stays on its line, whatever is in it."""
        return [f"  {self.state:9}{_one_line(self.id)}  {_one_line(self.text)}", *(f"             {_one_line(each)}" for each in self.why)]


def read(layout: Layout, found: Verdicts, entries: Entries, manifest: Manifest, held_to: Terms, report: Report) -> list[Promise]:
    """Return the promises; what does not hold of one, or of its document, is reported."""
    said = document(layout.read("promises.json", MAX_DOCUMENT_BYTES), "promises.json")
    names, sentences = said.texts("documents"), dict[str, Fields]()
    for name in names:
        data = layout.read(f"documents/{name}.json", MAX_TEXT_BYTES)
        text = published(data, f"documents/{name}.json")
        if text.text("id") != name:
            report.failed.append(f"documents/{name}.json is of another document")
        sentences |= {each.text("id"): each for each in text.each("promises")}
        _document(name, hashlib.sha256(data).hexdigest(), entries, manifest, held_to, report)
    _all_documents(names, manifest, held_to, report)
    told = {each.text("id") for each in said.each("promises")}
    if lost := sorted(_asked(sentences, names, manifest) - told):
        report.failed.append(
            f"promises.json leaves out {ascii(lost[0])[:60]}, which the bundle is about" + (", and more" if lost[1:] else "")
        )
    promises = [_promise(each, sentences.get(each.text("id")), found, report) for each in said.each("promises")]
    _whole(promises, said, found, entries, manifest, report)
    if promises and not report.failed:
        report.checked.append(f"{len(promises):,} promises stand as their worst measure")
    return promises


def _promise(said: Fields, sentence: Fields | None, found: Verdicts, report: Report) -> Promise:
    """Hold a promise against the sentence of its document, and its state against its measures."""
    named = said.texts("measures")
    if (
        sentence is None
        or said.said.keys() != _SAID
        or any(sentence.text(name) != said.text(name) for name in ("text", "label"))
        or any(sentence.texts(name) != said.texts(name) for name in ("clauses", "measures"))
    ):
        report.failed.append(f"{said.place}: it {_OTHERWISE}")
    # A promise is as its worst measure; one that the bundle does not have was never judged.
    last = {name: judged[-1] if (judged := found.by_measure.get(name)) else None for name in named}
    due = deciding.worst([deciding.UNPROVEN if each is None else each.state for each in last.values()])
    if said.text("state") != due:
        report.failed.append(f"{said.place}: {ascii(said.text('id'))[:60]} does not stand as its worst measure")
    why = [_why(name, each) for name, each in last.items() if (deciding.UNPROVEN if each is None else each.state) == due]
    return Promise(said.text("id"), said.text("text"), due, why or ["no measure shows it"])


def _why(measure: str, judged: Judgement | None) -> str:
    if judged is None:
        return f"{measure}: the bundle has no judgement of it"
    counts = judged.counts
    told = {"pass": counts.passed, "fail": counts.failed, "unknown": counts.unknown, "excepted": counts.excepted}
    parts = ", ".join(f"{count:,} {word}" for word, count in told.items() if count) or "nobody and nothing to look at"
    return f"{measure}: {judged.state}, {parts} (of {counts.population:,}), as of {judged.as_of:%Y-%m-%d %H:%M} UTC"


def _whole(promises: Sequence[Promise], said: Fields, found: Verdicts, entries: Entries, manifest: Manifest, report: Report) -> None:
    """Check that no measure which a promise rests on, and which was judged, is left out; but where the bundle is about one alone."""
    judged = entries.judged_at(manifest.said.instant("judged"))
    named = {name for each in said.each("promises") for name in each.texts("measures")}
    lost = sorted((named & judged.keys()) - found.by_measure.keys())
    if lost and manifest.said.text("about") == "measure":
        report.skipped.append(f"how promises stand by {', '.join(lost)}: the bundle is about one measure alone")
    elif lost:
        report.failed.append(f"the bundle leaves out {ascii(lost[0])[:80]}, which was judged, and on which a promise in it rests")


def _all_documents(names: Sequence[str], manifest: Manifest, held_to: Terms, report: Report) -> None:
    """Check that a bundle about everything has every document that was judged; name those that one about less does without."""
    about = manifest.said.text("about")
    lost = sorted(held_to.documents(manifest.said.instant("judged")).keys() - set(names))
    if lost and about == "all":
        report.failed.append(f"the bundle is about everything, and leaves out the document {ascii(lost[0])[:60]}, which was judged")
    elif lost and about in ("chapter", "measure"):
        report.skipped.append(f"whether {', '.join(map(ascii, lost))} promises anything that this {about} shows: its text is not here")


def _asked(sentences: Mapping[str, Fields], documents: Iterable[str], manifest: Manifest) -> set[str]:
    """Return the promises of the bundle's documents that it must speak of, by what its manifest says that it is about."""
    about, name = manifest.said.text("about"), manifest.said.text("name")
    match about:
        case "promise":
            return {name}
        case "document":
            return {each for each in sentences if each.startswith(f"{name}:")} if name in documents else {f"document {name}"}
        case "chapter":
            return {each for each, said in sentences.items() if said.text("chapter") == name}
        case "measure":
            return {each for each, said in sentences.items() if name in said.texts("measures")}
    return set(sentences)


def _document(name: str, digest: str, entries: Entries, manifest: Manifest, held_to: Terms, report: Report) -> None:
    """Say by which entries the text of a document is the one that was judged, approved and published; and fail where it is another.

    A text that no entry names is unproven: whoever made the bundle could have written it yesterday.
    """
    judged = manifest.said.instant("judged")
    steps = [each for each in entries.all if each.kind.startswith("document.") and each.subject == name]
    mine = [each for each in steps if each.body.said.get("digest") == digest]
    public = max((each for each in steps if each.kind == "document.published" and each.at <= judged), key=_order, default=None)
    bound = held_to.documents(judged)
    if bound and bound.get(name) != digest:
        report.failed.append(f"the text of {name} is not the one that was judged on {rows.text(judged)}: a sentence in it was changed")
    elif public is not None and public not in mine:
        report.failed.append(f"the text of {name} is not the one that entry {public.index} says was published: a sentence was changed")
    elif steps and not bound and not any(each.kind in ("document.approved", "document.published") for each in mine):
        report.failed.append(f"the text of {name} is not the one that entry {steps[-1].index} names: a sentence in it was changed")
    elif not mine and not bound:
        report.unproven.append(
            f"that {name} promised this: no entry of the bundle names its text; ask for a bundle of a judgement by release 0.2 or newer, "
            "or of a text that was published"
        )
    else:
        told = sorted({f"{each.kind.partition('.')[2]} {each.at:%Y-%m-%d}" for each in mine})
        report.checked.append(f"the text of {name} is the one that was {', '.join([*_judged(bound, manifest), *told])}")
        _other(name, steps, mine, report)


def _judged(bound: Mapping[str, str], manifest: Manifest) -> list[str]:
    return [f"judged {manifest.said.instant('judged'):%Y-%m-%d}"] if bound else []


def _other(name: str, steps: Sequence[Logged], mine: Sequence[Logged], report: Report) -> None:
    """Say that nobody approved the text, as far as the bundle shows."""
    if any(each.kind == "document.approved" for each in mine):
        return
    other = max((each for each in steps if each.kind == "document.approved"), key=_order, default=None)
    why = "no entry of the bundle says so" if other is None else f"entry {other.index} says that another one was"
    report.skipped.append(f"whether the text of {name} was ever approved: {why}")


def _order(entry: Logged) -> tuple[object, int]:
    return entry.at, entry.index


def _one_line(text: str) -> str:
    return " ".join(text.split())
