"""Gives a role of an application a function that the matrix does not give it, in a real export."""

from upheld.drills.apart import PERMITTED, ApartDrill


class Opened(ApartDrill):
    """An application in which managers alone export."""

    measure = "separation/functions_restricted"
    breaks = "An administrator of an application lets clerks export everything"

    def sabotage(self) -> str:
        """Give it."""
        self.export.write(*PERMITTED, "4,crm,export,clerk")
        return "export"

    def heal(self) -> None:
        """Take it."""
        self.export.write(*PERMITTED)


DRILL = Opened()
