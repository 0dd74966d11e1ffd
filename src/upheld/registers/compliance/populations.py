"""The population of a measure as of an instant: judged again on what was collected by then."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from upheld import workspace
from upheld.actions.errors import Refused, ill
from upheld.checks import library
from upheld.checks.front import MeasureError
from upheld.checks.judge import judge
from upheld.checks.measure import Measure
from upheld.evidence.duck import lent
from upheld.registers.findings.exceptions import exceptions_in_force
from upheld.sources.frames import frame


@dataclass(frozen=True)
class Subject:
    """One subject: how people call it, and what the measure found: passes, fails, excepted or unknown."""

    subject: str
    label: str
    word: str


@dataclass(frozen=True)
class Population:
    """What a measure looked at as of an instant, by subject; `verdict` is its state then."""

    verdict: str
    subjects: dict[str, Subject]


def population(name: str, as_of: datetime) -> Population:
    """Return the population of the measure `name` as of `as_of`. Raises `Ill` for one unknown, `Refused` where it could not be judged."""
    space = workspace.current()
    with tempfile.TemporaryDirectory(prefix="upheld-population-") as folder:
        overrides = space.parameters if space.parameters.is_file() else None
        parameters = library.parameters_in_force(space.measures, overrides)
        (verdict,) = judge([_measure(name)], frame(as_of), parameters, exceptions_in_force(as_of), outcomes=Path(folder))
        file = Path(folder) / f"{name}.parquet"
        if not file.is_file():
            raise Refused(f"{name} could not be judged as of then: {verdict.reason}")
        return Population(verdict.state.value, {each.subject: each for each in _read(file)})


def _measure(name: str) -> Measure:
    try:
        found = library.measures(workspace.current().measures).get(name)
    except MeasureError as error:
        raise Refused(str(error)) from error
    if found is None:
        raise ill(measure=f"There is no measure called {name}; upheld measures lists them.")
    return found


def _read(file: Path) -> list[Subject]:
    query = "SELECT subject, label, CASE WHEN ok THEN 'passes' WHEN excepted THEN 'excepted' WHEN NOT ok THEN 'fails' ELSE 'unknown' END"
    with lent() as connection:
        rows = connection.execute(f"{query} FROM read_parquet($file)", {"file": str(file)}).fetchall()
    return [Subject(str(subject), str(label or subject), str(word)) for subject, label, word in rows]
