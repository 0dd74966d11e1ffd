"""What `upheld doctor` says of each thing that it looked at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from upheld.web.trouble import trouble
from upheld.workspace import Workspace


@dataclass(frozen=True)
class Observation:
    """One thing looked at: well or not, and what to do if not. `needed` ones decide the exit status."""

    what: str
    well: bool
    said: str
    needed: bool = True


Look = Callable[[Workspace], Iterator[Observation]]


def guarded(what: str, look: Look, space: Workspace) -> Iterator[Observation]:
    """Yield what `look` sees; an error that was foreseen is one of the things seen, and the next look goes on."""
    try:
        yield from look(space)
    except Exception as error:
        foreseen = trouble(error, space.database)
        if foreseen is None:
            raise
        yield Observation(what, False, foreseen.said)


def each_of(what: str, wrong: list[str], well: str) -> Iterator[Observation]:
    """Yield an observation for each sentence in `wrong`; without any, that it is `well`."""
    yield from [Observation(what, False, said) for said in wrong] or [Observation(what, True, well)]
