"""Prints without authorisation, in a real log of a print server."""

from upheld.drills.inventory import ListChanged
from upheld.drills.kept import BOB


class PrintedSo(ListChanged):
    """Ada prints what she may."""

    measure = "assets/print_and_copy_authorised"
    breaks = "Bob prints company data, and nobody authorised it"
    lasting = True
    table, named = "prints_and_copies", "print of Bob"

    def wrong(self) -> list[str]:
        """Print."""
        return [*self.lines("prints_and_copies"), f"2,print,{BOB},printer,yes,{self.noon:%Y-%m-%d %H:%M}"]


DRILL = PrintedSo()
