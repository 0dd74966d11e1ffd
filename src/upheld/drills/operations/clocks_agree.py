"""A machine's clock runs an hour ahead."""

from contextlib import ExitStack
from datetime import timedelta

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene, ours
from upheld.evidence.table import Row
from upheld.lab.chronyd import Chronyd
from upheld.lab.wrong_clock import WrongClock
from upheld.sources.sntp import SNTP

REFERENCES = ["127.127.1.1", "LOCL"]  # what chronyd and our own server say that they follow


class ClocksAgree(Drill):
    """Two time servers over UDP, measured from outside."""

    measure = "operations/clocks_agree"
    breaks = "the clock of a time server is put one hour ahead"

    def open(self, stack: ExitStack) -> Scene:
        """chronyd, which keeps right, and a server whose clock can be put wrong."""
        right, self._clock = stack.enter_context(Chronyd()), stack.enter_context(WrongClock())
        source = connected(SNTP, hosts=f"127.0.0.1:{right.port}=files 127.0.0.1:{self._clock.port}=shop")
        systems: list[Row] = [{"id": name, "name": f"{name} server", "kind": "host", "in_operation": True} for name in ("files", "shop")]
        return Scene([("sntp", SNTP.tables, source)], {"systems": systems}, {"time_references": REFERENCES})

    def sabotage(self) -> str:
        """Put it ahead."""
        ours(self._clock)
        self._clock.put(timedelta(hours=1))
        return "shop"

    def heal(self) -> None:
        """Put it right."""
        ours(self._clock)
        self._clock.put(timedelta(0))


DRILL = ClocksAgree()
