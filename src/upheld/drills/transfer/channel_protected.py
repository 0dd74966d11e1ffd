"""Lets a real listener that takes personal data answer with a certificate that nobody trusts."""

from upheld.drills.drill import ours
from upheld.drills.sending import SendingDrill
from upheld.lab.certificates import Pair, make


class Untrusted(SendingDrill):
    """A channel for personal data to a partner's listener."""

    measure = "transfer/channel_protected"
    breaks = "The listener at the other end of a channel for personal data shows a certificate of its own making"

    def sabotage(self) -> str:
        """Start it again with such a one."""
        self._good = self.listener.pair
        self._restart(make("localhost"))
        return "Payroll"

    def heal(self) -> None:
        """Start it again as it was."""
        self._restart(self._good)

    def _restart(self, pair: Pair) -> None:
        ours(self.listener)
        self.listener.stop()
        self.listener.pair = pair
        self.listener.start()


DRILL = Untrusted()
