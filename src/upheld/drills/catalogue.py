"""All drills, found by their place: drills/<chapter>/<fact>.py breaks the measure <chapter>/<fact>."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from upheld.drills.drill import Drill

HERE = Path(__file__).parent


class MisplacedDrill(Exception):
    """A drill's module does not hold a drill of the measure that its place names; whoever wrote it can mend it."""


@cache
def drilled() -> frozenset[str]:
    """Return the ids of all measures that have a drill, without importing any."""
    return frozenset(f"{path.parent.name}/{path.stem}" for path in HERE.glob("*/*.py") if path.stem != "__init__")


def drill_of(measure: str) -> Drill:
    """Return the drill of `measure`; raises `KeyError` when it has none, `MisplacedDrill` when the module holds another's."""
    if measure not in drilled():
        raise KeyError(measure)
    module = import_module(f"upheld.drills.{measure.replace('/', '.')}")
    found = getattr(module, "DRILL", None)
    if not isinstance(found, Drill) or found.measure != measure:
        raise MisplacedDrill(f"{module.__name__} must hold DRILL, a drill of the measure {measure}")
    return found


def all_drills() -> Mapping[str, Drill]:
    """Return every drill by its measure's id, in alphabetical order."""
    return {measure: drill_of(measure) for measure in sorted(drilled())}
