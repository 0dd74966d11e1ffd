"""Lets somebody pass on a role of a real database."""

from contextlib import ExitStack

from upheld.drills.drill import Drill, Scene, ours
from upheld.drills.staging import DATABASE, database, people, system

APPROVED = {"person_id": "1", "system_id": DATABASE, "approved_by": "1001"}


class AdminOption(Drill):
    """A database where only its owner can grant."""

    measure = "authorization/grantors_few"
    breaks = "Bob is given the role payments with the right to give it on"

    def open(self, stack: ExitStack) -> Scene:
        """Start the database."""
        self.postgres, source = database(stack)
        return Scene([source], {"people": people(), "systems": [system(DATABASE, "database")], "approved_grantors": [APPROVED]})

    def sabotage(self) -> str:
        """Grant it with the option."""
        ours(self.postgres)
        self.postgres.run("GRANT payments TO bob WITH ADMIN OPTION")
        return "bob"

    def heal(self) -> None:
        """Take it back."""
        ours(self.postgres)
        self.postgres.run("REVOKE payments FROM bob")


DRILL = AdminOption()
