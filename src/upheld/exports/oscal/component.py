"""The OSCAL component definition: what is promised, and by which measures each promise is tested."""

from collections.abc import Iterator

from upheld.exports.oscal.words import CATALOGUE, Part, control, line, metadata, prop, props, statement, uuid
from upheld.exports.position import Position, Tested
from upheld.verdicts.standing import DocumentStanding, PromiseStanding

DOES = "Reads the real systems and the registers that people keep, and judges one query for each measure."


def component_definition(position: Position) -> Part:
    """Return the component definition: the programme that promises, and the program that tests it."""
    return {
        "component-definition": {
            "uuid": uuid(position, "component-definition", *(each.document.digest for each in position.documents)),
            "metadata": metadata(position, "What is promised, and what tests it"),
            "components": [_programme(position), _tester(position)],
        }
    }


def _programme(position: Position) -> Part:
    return {
        "uuid": uuid(position, "programme"),
        "type": "service",
        "title": f"Security and privacy of {position.origin.partition('/')[0]}",
        "description": "All that is published about technical and organisational measures.",
        "control-implementations": [_implementation(position, each) for each in position.documents if each.promises],
    }


def _implementation(position: Position, document: DocumentStanding) -> Part:
    return {
        "uuid": uuid(position, "implementation", document.document.id),
        "source": CATALOGUE,
        "description": line(document.document.title),
        "props": props(document=document.document.id, sha256=document.document.digest),
        "implemented-requirements": (_requirement(position, each) for each in document.promises),
    }


def _requirement(position: Position, each: PromiseStanding) -> Part:
    tested = [position.tested[name] for name in each.promise.measures]
    facts = " ".join(one.fact for one in tested) or "Nothing tests it yet."
    return {
        "uuid": uuid(position, "requirement", each.promise.id),
        "control-id": control(each.promise),
        "description": facts,
        "props": [prop("clause", clause) for clause in each.promise.clauses] + [prop("measure", one.id) for one in tested],
        "statements": [
            {"statement-id": statement(each.promise), "uuid": uuid(position, "statement", each.promise.id), "description": facts}
        ],
    }


def _tester(position: Position) -> Part:
    return {
        "uuid": uuid(position, "tester"),
        "type": "validation",
        "title": "Upheld",
        "description": DOES,
        "props": [each for one in position.tested.values() for each in _rule(one)],
    }


def _rule(tested: Tested) -> Iterator[Part]:
    yield prop("measure", tested.id) | {"class": "unread" if tested.measure is None else tested.measure.kind.value, "remarks": tested.fact}
