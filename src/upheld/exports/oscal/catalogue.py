"""The published documents as an OSCAL catalogue: a group for each section, a control for each promise."""

from collections.abc import Iterator

from upheld.documents.document import Document, Promise
from upheld.exports.oscal.words import Part, control, line, metadata, prop, props, statement, uuid
from upheld.exports.position import Position


def catalogue(position: Position) -> Part:
    """Return the catalogue."""
    return {
        "catalog": {
            "uuid": uuid(position, "catalogue", *(each.document.digest for each in position.documents)),
            "metadata": metadata(position, "; ".join(each.document.title for each in position.documents)),
            "groups": (_document(each.document) for each in position.documents),
        }
    }


def _document(document: Document) -> Part:
    return {
        "id": f"document_{document.id}",
        "title": line(document.title),
        "props": props(version=document.version, sha256=document.digest, language=document.language),
        "groups": _sections(document),
    }


def _sections(document: Document) -> Iterator[Part]:
    for number, section in enumerate(document.sections, 1):
        yield {
            "id": f"section_{document.id}_{number}",
            "title": line(section.title),
            "props": props(label=section.number),
            "controls": [_control(each) for each in document.promises_in(section.number)],
        }


def _control(promise: Promise) -> Part:
    return {
        "id": control(promise),
        "title": promise.id,
        "props": props(chapter=promise.chapter, published_label=promise.label) + [prop("clause", each) for each in promise.clauses],
        "parts": [{"id": statement(promise), "name": "statement", "prose": promise.text}],
    }
