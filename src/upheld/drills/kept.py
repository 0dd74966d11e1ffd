"""What drills on registers share: an office in the lab whose registers are in order, and the people who work there."""

from abc import abstractmethod
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from upheld import clock
from upheld.checks import library, schema
from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import ADA, BOB, people
from upheld.lab.office import Office
from upheld.registers.source import REGISTERS

LONG_AGO = "2020-01-01"
AUTHOR = "1"


class KeptDrill(Drill):
    """A drill on registers. Who works there: the administrator (1), who leads and writes, Ada, who is the management, and Bob."""

    beside: tuple[str, ...] = ()  # other measures that are judged on the same scene

    def open(self, stack: ExitStack) -> Scene:
        """Open the office, and let people keep its registers as they should."""
        self.office, self._managed = stack.enter_context(Office()), 0
        self.keep()
        return Scene([("registers", [name for name in self.needed() if name in REGISTERS.tables], self.office)], {"people": people()})

    def needed(self) -> list[str]:
        """Return the collected tables that the measure is judged on, and those that others on the same scene are."""
        shipped = library.shipped()
        return sorted(
            {each for measure in (self.measure, *self.beside) for name in shipped[measure].tables for each in schema.inputs(name)}
        )

    @abstractmethod
    def keep(self) -> None:
        """Fill the registers such that the measure is upheld."""

    def responsibility(self, name: str, person: str, **more: Any) -> int:
        """Let `person` be accountable for something new called `name`; return the number of their part in it."""
        number = self.office.act("declare-responsibility", name=name, title=name, purpose="as it says", **more)
        return self.office.act("give-responsibility", number, person=person, part="accountable", from_on=LONG_AGO, appointment="a letter")

    def policy(self, *, days_ago: int = 60, text: str = "Ask first.", **more: Any) -> int:
        """Let a policy be written, approved by Ada and published so many `days_ago`; return the number of its version."""
        at = ago(days_ago)
        if not self._managed:
            self._managed = self.responsibility("managing", ADA, management=True)
        policy = self.office.act(
            "declare-policy",
            at=at,
            owner=AUTHOR,
            **{"name": "access", "kind": "policy", "title": "Access policy", "audience": "everyone", **more},
        )
        version = self.office.act("draft-policy", policy, at=at, text=text, summary="new")
        self.office.act("submit-policy", version, at=at)
        self.office.act("approve-policy", version, by=ADA, role="manager", at=at)
        return self.office.act("publish-policy", version, at=at)


def ago(days: int) -> datetime:
    """Return the instant so many days ago."""
    return clock.now() - timedelta(days=days)


__all__ = ["ADA", "AUTHOR", "BOB", "LONG_AGO", "KeptDrill", "ago"]
