"""What OSCAL's files share: identifiers that come out the same each time, properties, metadata, and the clauses of its syntax."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from upheld.checks.verdict import State
from upheld.documents.document import Promise
from upheld.exports.position import Position
from upheld.ledger.entry import instant_text

OSCAL_VERSION = "1.2.1"
NAMESPACE = "urn:upheld:oscal"
CATALOGUE, COMPONENT, PLAN, RESULTS, POAM = (
    "catalog.json", "component-definition.json", "assessment-plan.json", "assessment-results.json", "plan-of-action-and-milestones.json",
)  # fmt: skip
SATISFIED = frozenset({State.UPHELD, State.AT_RISK})
Part = dict[str, Any]


def uuid(position: Position, *names: str) -> str:
    """Return the identifier of what `names` name in this ledger: the same whenever it is asked for."""
    return str(uuid5(NAMESPACE_URL, "\x1f".join((position.origin, *names))))


def control(promise: Promise) -> str:
    """Return a promise's id as a token of OSCAL, in which no colon may stand; ids of documents have no underscore."""
    token = promise.id.replace(":", "_")
    return token if token[0].isalpha() else f"_{token}"


def statement(promise: Promise) -> str:
    """Return the id of a promise's sentence."""
    return f"{control(promise)}_smt"


def line(text: str) -> str:
    """Return `text` on one line, as OSCAL wants titles and values."""
    return " ".join(text.split())


def prop(name: str, value: object) -> Part:
    """Return a property of our own."""
    return {"name": name, "ns": NAMESPACE, "value": line(str(value))}


def props(**values: object) -> list[Part]:
    """Return properties of our own, by name with hyphens; those that are None or "" are left out."""
    return [prop(name.replace("_", "-"), value) for name, value in values.items() if value not in (None, "")]


def metadata(position: Position, title: str) -> Part:
    """Return what begins each file: nothing in it hangs on when it was written."""
    return {
        "title": line(title),
        "last-modified": instant_text(position.judged_at),
        "version": instant_text(position.judged_at),
        "oscal-version": OSCAL_VERSION,
        "props": props(ledger=position.origin, ledger_entry=position.entry, software=f"upheld {version('upheld')}"),
        "roles": [{"id": "provider", "title": "Who promises"}],
        "parties": [{"uuid": uuid(position, "party"), "type": "organization", "name": position.origin.partition("/")[0]}],
        "responsible-parties": [{"role-id": "provider", "party-uuids": [uuid(position, "party")]}],
    }


def promises(position: Position) -> Iterator[Promise]:
    """Yield every promise of the documents, in their order."""
    return (each.promise for document in position.documents for each in document.promises)


def all_controls(position: Position) -> Part:
    """Return that every promise is looked at."""
    return {"control-selections": [{"include-controls": ({"control-id": control(each)} for each in promises(position))}]}
