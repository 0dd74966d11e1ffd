"""The files of an OSCAL export, by name."""

from upheld.exports.oscal.catalogue import catalogue
from upheld.exports.oscal.component import component_definition
from upheld.exports.oscal.plan import assessment_plan
from upheld.exports.oscal.poam import plan_of_action
from upheld.exports.oscal.results import assessment_results
from upheld.exports.oscal.words import CATALOGUE, COMPONENT, PLAN, POAM, RESULTS, Part
from upheld.exports.position import Position


def files(position: Position) -> dict[str, Part]:
    """Return every file there is to write, by name; without a plan of action where everything is upheld."""
    found = {
        CATALOGUE: catalogue(position),
        COMPONENT: component_definition(position),
        PLAN: assessment_plan(position),
        RESULTS: assessment_results(position),
        POAM: plan_of_action(position),
    }
    return {name: file for name, file in found.items() if file is not None}
