"""Drops, repeats and alters transactions, in the real journals of two sides."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene
from upheld.drills.kept import ago
from upheld.drills.staging import Listed

HEADER = "id,application,journal,number,sequence,sender,receiver,digest,encrypted,told_at"


class Repeated(Drill):
    """The journals of a shop and its bank: three payments, each arrived once."""

    measure = "authorization/transactions_complete"
    breaks = "One payment is dropped, one arrives twice, and one is altered on its way"

    def open(self, stack: ExitStack) -> Scene:
        """Write both journals as one list."""
        self.listed = Listed(stack, "transactions", HEADER, *_lines())
        return Scene([self.listed.source])

    def sabotage(self) -> str:
        """Drop, repeat and alter one each."""
        repeated, altered = _line("receiver", 2), _line("receiver", 3)
        sent = [_line("sender", number) for number in (1, 2, 3)]
        self.listed.write(*sent, repeated, repeated.replace("r2", "r2-again", 1), altered.replace("d3", "dX"))
        return "T1"

    def heal(self) -> None:
        """Write the journals as they were."""
        self.listed.write(*_lines())


def _lines() -> list[str]:
    return [_line(journal, number) for journal in ("sender", "receiver") for number in (1, 2, 3)]


def _line(journal: str, number: int) -> str:
    return f"{journal[0]}{number},pay,{journal},T{number},{number},shop,bank,d{number},yes,{ago(1):%Y-%m-%d %H:%M}"


DRILL = Repeated()
