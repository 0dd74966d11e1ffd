"""What a drill is: start real services, show a measure upheld, break the real thing, show it broken and named, heal it, show it upheld."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import ClassVar

from upheld.evidence.table import Row
from upheld.lab.service import Service
from upheld.sources.source import Source


class NotOurs(Exception):
    """A drill was pointed at something that the lab did not start; nothing was touched."""


@dataclass
class Scene:
    """What a drill has set up: sources to collect from (name, tables, connection), and register rows that people would keep.

    `registers` are the rows of tables that no source here brings (systems, people ...), by table.
    """

    sources: list[tuple[str, Sequence[str], Source]] = field(default_factory=list)
    registers: dict[str, Sequence[Row]] = field(default_factory=dict)
    parameters: Mapping[str, str | list[str]] = field(default_factory=dict)


class Drill(ABC):
    """One way to break one measure on the real thing. A module in `drills/<chapter>/<fact>.py` holds one, called `DRILL`."""

    measure: ClassVar[str]
    breaks: ClassVar[str]  # what is done to the real thing, as a sentence without its full stop
    lasting: ClassVar[bool] = False  # whether what happened can never unhappen, as for a promise of the kind "never"

    @abstractmethod
    def open(self, stack: ExitStack) -> Scene:
        """Start lab services on `stack` and return the scene, in which the measure is upheld."""

    @abstractmethod
    def sabotage(self) -> str:
        """Break the real thing, and return a text that the subject or label of a failing outcome must contain."""

    @abstractmethod
    def heal(self) -> None:
        """Mend it again, on the real thing."""


def ours(service: Service) -> Service:
    """Return `service` if the lab started it and it still runs; raises `NotOurs` otherwise."""
    if not isinstance(service, Service) or not service.running:
        raise NotOurs(f"{service!r} was not started by the lab: a drill never touches a real system")
    return service
