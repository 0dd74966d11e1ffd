"""Installs a licensed product on one machine too many, as a list of installed packages in the lab says."""

from contextlib import ExitStack
from typing import Any

from upheld.drills.complied import ADA, ComplianceDrill, day
from upheld.drills.drill import Scene
from upheld.drills.staging import Listed

HEADER = "id,system id,manager,name"
LINES = ("a/cad,a,dpkg,cad", "b/cad,b,dpkg,cad")


class OneTooMany(ComplianceDrill):
    """A product on two machines, with a licence for two."""

    measure = "compliance/seats_within_licence"
    breaks = "A licensed product is installed on one machine too many"

    def open(self, stack: ExitStack) -> Scene:
        """Read what is installed beside the licence."""
        scene = super().open(stack)
        self.installed = Listed(stack, "packages", HEADER, *LINES)
        scene.sources.append(self.installed.source)
        scene.registers["accounts"] = []
        return scene

    def keep(self) -> None:
        """Add the licence."""
        said: dict[str, Any] = {"title": "CAD", "terms": "two machines", "counted": "hosts", "seats": 2, "packages": ["cad"], "owner": ADA}
        self.act("add-licence", product="cad", from_on=day(100), **said)

    def sabotage(self) -> str:
        """Install it once more."""
        self.installed.write(*LINES, "c/cad,c,dpkg,cad")
        return "CAD"

    def heal(self) -> None:
        """Take it off again."""
        self.installed.write(*LINES)


DRILL = OneTooMany()
