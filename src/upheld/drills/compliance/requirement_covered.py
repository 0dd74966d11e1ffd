"""Adds a requirement and maps it to nothing."""

from contextlib import ExitStack
from typing import Any

from upheld import clock
from upheld.drills.complied import ADA, ComplianceDrill, day
from upheld.drills.drill import Scene


class MappedToNothing(ComplianceDrill):
    """A law that a promise answers, which stood when it was last judged."""

    measure = "compliance/requirement_covered"
    breaks = "A requirement is added and mapped to nothing"

    def open(self, stack: ExitStack) -> Scene:
        """Say beside the registers that the promise stands."""
        scene = super().open(stack)
        scene.registers["promise_verdicts"] = [{"id": "iso:1.3.5", "state": "upheld", "judged_at": clock.now()}]
        return scene

    def keep(self) -> None:
        """Add the one law."""
        self.add("gdpr-5", promises=["iso:1.3.5"])

    def add(self, name: str, **more: Any) -> int:
        """Add a law that Ada sees to."""
        said: dict[str, Any] = {"title": name, "kind": "law", "citation": name, "owner": ADA, "from_on": day(1000), "jurisdiction": "de"}
        return self.act("add-requirement", name=name, **said, **more)

    def sabotage(self) -> str:
        """Add another one."""
        self.other = self.add("gdpr-33")
        return "gdpr-33"

    def heal(self) -> None:
        """Map it."""
        self.act("map-requirement", self.other, promises=["iso:1.3.5"])


DRILL = MappedToNothing()
