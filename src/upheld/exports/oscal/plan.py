"""The OSCAL assessment plan: an activity for each measure, with its query as the step that anybody can take."""

from collections.abc import Iterator

from upheld.exports.oscal.component import DOES
from upheld.exports.oscal.words import CATALOGUE, Part, all_controls, control, line, metadata, promises, props, uuid
from upheld.exports.position import Position, Tested


def assessment_plan(position: Position) -> Part:
    """Return the plan."""
    return {
        "assessment-plan": {
            "uuid": uuid(position, "plan", *(each.document.digest for each in position.documents)),
            "metadata": metadata(position, "How each promise is tested"),
            "import-ssp": {
                "href": f"#{uuid(position, 'promised')}",
                "remarks": "There is no system security plan: what is promised is published.",
            },
            "local-definitions": {"activities": [activity(position, each) for each in position.tested.values()]},
            "reviewed-controls": all_controls(position),
            "assessment-subjects": [
                {"type": "component", "description": "All systems and registers that are read.", "include-all": {}},
            ],
            "assessment-assets": assets(position),
            "tasks": [_task(position)],
            "back-matter": {"resources": [_promised(position)]},
        }
    }


def activity(position: Position, tested: Tested) -> Part:
    """Return the activity by which a measure is judged."""
    named = [each for each in promises(position) if tested.id in each.measures]
    file, digest = tested.measure, tested.verdict.digests.get("measure", "") if tested.verdict else ""
    return {
        "uuid": uuid(position, "activity", tested.id),
        "title": line(tested.title),
        "description": line(f"{tested.fact} {file.why if file else 'No query tests this yet.'}"),
        "props": props(
            measure=tested.id, method="EXAMINE" if tested.is_attested else "TEST", kind=file.kind if file else "", sha256=digest
        ),
        "steps": [
            {
                "uuid": uuid(position, "query", tested.id),
                "title": "Run the query; each row is one subject, and `ok` says whether it passes",
                "description": f"```sql\n{file.query.strip()}\n```",
            }
        ]
        if file and file.query
        else [],
        "related-controls": {"control-selections": [{"include-controls": [{"control-id": control(each)} for each in named]}]},
    }


def assets(position: Position) -> Part:
    """Return what the tests are made with."""
    tester = uuid(position, "tester")
    return {
        "components": [{"uuid": tester, "type": "validation", "title": "Upheld", "description": DOES, "status": {"state": "operational"}}],
        "assessment-platforms": [{"uuid": uuid(position, "platform"), "uses-components": [{"component-uuid": tester}]}],
    }


def _task(position: Position) -> Part:
    return {
        "uuid": uuid(position, "task"),
        "type": "action",
        "title": "Judge every measure on what was collected",
        "associated-activities": list(_associated(position)),
    }


def _associated(position: Position) -> Iterator[Part]:
    for name in position.tested:
        subjects = [{"type": "component", "include-all": {}}]
        yield {"activity-uuid": uuid(position, "activity", name), "subjects": subjects}


def _promised(position: Position) -> Part:
    return {
        "uuid": uuid(position, "promised"),
        "title": "What is promised, as an OSCAL catalogue",
        "rlinks": [{"href": CATALOGUE, "media-type": "application/oscal+json"}],
    }
