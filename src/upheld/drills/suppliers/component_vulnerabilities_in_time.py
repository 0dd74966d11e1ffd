"""Adds a component with an old vulnerability to a product's bill of materials, and to what a scanner finds in it."""

from contextlib import ExitStack

import orjson

from upheld.drills.drill import Drill, Scene
from upheld.drills.kept import ago
from upheld.drills.staging import Listed, Named
from upheld.lab.scratch import Scratch
from upheld.sources.sbom import SBOM
from upheld.sources.source import complete

FINDINGS = "id,system_id,rule_id,place,severity,state,found_at"


class VulnerableComponent(Drill):
    """A product with one component, which was looked at today."""

    measure = "suppliers/component_vulnerabilities_in_time"
    breaks = "A component with a critical vulnerability, known for a month, is added to a product's bill of materials"

    def open(self, stack: ExitStack) -> Scene:
        """Write the bill, and what the scanner says."""
        self.scratch = stack.enter_context(Scratch())
        self.bill("lib")
        scanned = f"s,shop,grype,grype,{ago(0):%Y-%m-%dT%H:%M:%SZ},yes"
        scans = Listed(stack, "scans", "id,system_id,tool,format,finished_at,whole", scanned)
        self.findings = Listed(stack, "scan_findings", FINDINGS)
        source = SBOM.connect(complete(SBOM, {"folder": str(self.scratch.folder)}))
        bills: Named = ("bills", tuple(SBOM.tables), source)
        return Scene([bills, scans.source, self.findings.source])

    def bill(self, *names: str) -> None:
        """Write the bill of a shop that holds the components `names`."""
        parts = [{"type": "library", "name": name, "version": "1.0"} for name in names]
        bill = {"bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {"component": {"name": "shop"}}, "components": parts}
        self.scratch.write("bom.json", orjson.dumps(bill).decode())

    def sabotage(self) -> str:
        """Add one, in which the scanner finds something."""
        self.bill("lib", "hole")
        self.findings.write(f"f,shop,CVE-2026-1,hole 1.0,critical,open,{ago(30):%Y-%m-%dT%H:%M:%SZ}")
        return "hole"

    def heal(self) -> None:
        """Take it out."""
        self.bill("lib")
        self.findings.write()


DRILL = VulnerableComponent()
