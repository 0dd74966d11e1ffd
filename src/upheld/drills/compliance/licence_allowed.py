"""Adds a component under a denied licence to a product's bill of materials."""

from contextlib import ExitStack

import orjson

from upheld.drills.drill import Drill, Scene
from upheld.lab.scratch import Scratch
from upheld.sources.sbom import SBOM
from upheld.sources.source import complete


class DeniedComponent(Drill):
    """A product of which every component may be shipped."""

    measure = "compliance/licence_allowed"
    breaks = "A component under a denied licence is added to a product's bill of materials"

    def open(self, stack: ExitStack) -> Scene:
        """Write the bill, and the policy."""
        self.scratch = stack.enter_context(Scratch())
        path = str(self.write())
        rules = [{"id": "MIT", "decision": "allowed"}, {"id": "AGPL-3.0-only", "decision": "denied"}]
        source = SBOM.connect(complete(SBOM, {"folder": path}))
        return Scene([("bills", tuple(SBOM.tables), source)], {"licence_rules": rules})

    def write(self, *more: dict[str, object]) -> object:
        """Write the bill, with `more` components, and return its path."""
        parts = [{"type": "library", "name": "lib", "version": "1.0", "licenses": [{"license": {"id": "MIT"}}]}, *more]
        bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {"component": {"name": "shop"}}, "components": parts}
        return self.scratch.write("bom.json", orjson.dumps(bill).decode())

    def sabotage(self) -> str:
        """Add one."""
        self.write({"type": "library", "name": "copyleft", "version": "2.0", "licenses": [{"expression": "AGPL-3.0-only"}]})
        return "copyleft"

    def heal(self) -> None:
        """Take it out again."""
        self.write()


DRILL = DeniedComponent()
