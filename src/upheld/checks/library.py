"""Measures from folders: the shipped ones, and a workspace's own beside them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from upheld.checks import parameters
from upheld.checks.front import MeasureError
from upheld.checks.measure import Measure, read
from upheld.checks.parameters import Parameters

SHIPPED = Path(__file__).parents[1] / "measures"


def shipped() -> dict[str, Measure]:
    """Return every shipped measure by id, in alphabetical order; raises `MeasureError` for the first that is wrong."""
    return dict(_shipped(SHIPPED))


@cache
def _shipped(folder: Path) -> Mapping[str, Measure]:
    """Read once a process: pages ask several times each."""
    return {measure.id: measure for measure in _in(folder, shipped=True)}


def measures(own: Path | None = None) -> dict[str, Measure]:
    """Return the shipped measures and those in the folder `own` (a workspace's), by id.

    Raises `MeasureError` for the first file that is wrong, and for one that would replace a shipped measure.
    """
    found = shipped()
    for measure in _in(own, shipped=False) if own else ():
        if measure.id in found:
            place = str((own or SHIPPED) / f"{measure.id}.sql")
            raise MeasureError(place, None, f"{measure.id} is a shipped measure", "give yours another name; set parameters to change one")
        found[measure.id] = measure
    return dict(sorted(found.items()))


def parameters_in_force(own: Path | None = None, overrides: Path | None = None) -> Parameters:
    """Return the parameters of shipped measures and of those in `own`, with the values in the file `overrides`."""
    return parameters.load([SHIPPED] + ([own] if own else []), overrides)


def declared(chapter: str, folders: Iterable[Path]) -> list[str]:
    """Return the names of the parameters that `chapter` declares in `folders`, in alphabetical order; raises `MeasureError`."""
    found: set[str] = set()
    for folder in folders:
        path = folder / chapter / parameters.FILE
        if path.is_file():
            found.update(parameter.name for parameter in parameters.parse(chapter, path.read_text(encoding="utf-8"), str(path)))
    return sorted(found)


def _in(folder: Path, *, shipped: bool) -> Iterator[Measure]:
    for path in sorted(folder.glob("*/*.sql")):
        yield read(path, shipped=shipped)
