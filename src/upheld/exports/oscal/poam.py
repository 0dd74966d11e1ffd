"""The OSCAL plan of action and milestones: an item for each measure that is not upheld."""

from collections.abc import Iterator

from upheld.exports.oscal.results import observation, risks
from upheld.exports.oscal.words import COMPONENT, SATISFIED, Part, line, metadata, props, uuid
from upheld.exports.position import Position, Tested
from upheld.ledger.entry import instant_text


def plan_of_action(position: Position) -> Part | None:
    """Return the plan; None where everything is upheld, since OSCAL knows none without an item."""
    wanting = [each for each in position.tested.values() if each.state not in SATISFIED]
    if not wanting:
        return None
    return {
        "plan-of-action-and-milestones": {
            "uuid": uuid(position, "poam", instant_text(position.at)),
            "metadata": metadata(position, "What is not upheld, and is to be mended"),
            "system-id": {"identifier-type": "urn:upheld:ledger", "id": position.origin},
            "local-definitions": {"components": [_tester(position)]},
            "observations": (observation(position, each) for each in wanting),
            "risks": risks(position),
            "poam-items": _items(position, wanting),
        }
    }


def _tester(position: Position) -> Part:
    description = f"What tests: see {COMPONENT}."
    tester = uuid(position, "tester")
    return {"uuid": tester, "type": "validation", "title": "Upheld", "description": description, "status": {"state": "operational"}}


def _items(position: Position, wanting: list[Tested]) -> Iterator[Part]:
    for tested in wanting:
        file, verdict = tested.measure, tested.verdict
        yield {
            "uuid": uuid(position, "item", tested.id),
            "title": line(f"{tested.title}: {tested.state}"),
            "description": f"{tested.fact} {tested.found}",
            "props": props(
                measure=tested.id,
                state=tested.state,
                owner=file.owner if file else "",
                since=instant_text(verdict.from_at) if verdict else "",
            ),
            "related-observations": [{"observation-uuid": uuid(position, "observation", tested.id)}],
            "related-risks": [{"risk-uuid": uuid(position, "risk", tested.id)}],
        }
