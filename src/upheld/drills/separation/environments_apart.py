"""Opens a route from a test network into production, on real networks of the lab."""

from contextlib import ExitStack

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import people
from upheld.evidence.table import Row
from upheld.lab.namespace import Namespace
from upheld.lab.service import find
from upheld.sources.reach import REACH

WAITS = "import socket; s = socket.create_server(('0.0.0.0', 5432)); print(flush=True)\nwhile True: s.accept()[0].close()"
REAL, BUILD = "10.99.7.2", "10.99.6.2"


class Routed(Drill):
    """A test machine that reaches the build server beside it, and no database of production."""

    measure = "separation/environments_apart"
    breaks = "Somebody opens a route from the test network into production"

    def open(self, stack: ExitStack) -> Scene:
        """Lay both networks; the cable into production is there, and down."""
        self._test, build, self._real = (stack.enter_context(Namespace()) for _ in range(3))
        self._test.link(build, "here", "10.99.6")
        self._test.link(self._real, "there", "10.99.7")
        self.heal()
        for place in (build, self._real):
            program = place.start_program("python3", "-c", WAITS)
            assert program.stdout is not None
            stack.callback(program.stdout.close)
            stack.callback(program.wait)
            stack.callback(program.kill)
            program.stdout.readline()
        told = {"targets": f"{REAL}:5432=crm", "control": f"{BUILD}:5432=build", "program": self._test.program}
        source = connected(REACH, system="crm-test", **told)
        systems = [{"id": name, "name": name, "environment": what} for name, what in (("crm-test", "test"), ("crm", "production"))]
        nothing: dict[str, list[Row]] = {name: [] for name in ("environment_doors", "keys", "accounts", "groups", "grants")}
        return Scene([("reach", REACH.tables, source)], {"systems": systems, "people": people(), **nothing})

    def sabotage(self) -> str:
        """Open it."""
        ours(self._test)
        self._test.run(find("ip"), "link", "set", "there", "up")
        return "crm:5432"

    def heal(self) -> None:
        """Close it."""
        ours(self._test)
        self._test.run(find("ip"), "link", "set", "there", "down")


DRILL = Routed()
