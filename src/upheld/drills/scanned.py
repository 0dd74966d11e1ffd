"""What drills on scanners share: a folder of the lab with reports in SARIF, and a source that reads it."""

from contextlib import ExitStack
from datetime import timedelta

import orjson

from upheld import clock
from upheld.drills.drill import Drill, Scene
from upheld.drills.staging import Named
from upheld.evidence.table import Row
from upheld.lab.scratch import Scratch
from upheld.sources.scanner import SCANNER
from upheld.sources.source import complete

RULES = ["outdated-library", "open-port"]


class ScannedDrill(Drill):
    """A drill on the system crm, which a scanner looks at."""

    def open(self, stack: ExitStack) -> Scene:
        """Scan it yesterday: nothing was found."""
        self.scratch = stack.enter_context(Scratch())
        self.report("scan.sarif", days_ago=1)
        system: Row = {"id": "crm", "name": "CRM", "in_operation": True}
        return Scene([self.source()], {"systems": [system], "technical_reviews": []})

    def source(self) -> Named:
        """Return the source that reads the folder."""
        settings = {"folder": str(self.scratch.folder), "system": "crm"}
        return "scanner", tuple(SCANNER.tables), SCANNER.connect(complete(SCANNER, settings))

    def report(self, name: str, *, days_ago: int, found: tuple[str, ...] = ()) -> None:
        """Write the report of a scan that ended so many days ago and `found` breaches of rules; severity high."""
        ended = f"{clock.now() - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}"
        results = [{"ruleId": rule, "level": "error", "message": {"text": rule}} for rule in found]
        run = {
            "tool": {"driver": {"name": "lab-scanner", "rules": [{"id": rule} for rule in RULES]}},
            "invocations": [{"executionSuccessful": True, "endTimeUtc": ended}],
            "results": results,
        }
        self.scratch.write(name, orjson.dumps({"version": "2.1.0", "runs": [run]}).decode())
