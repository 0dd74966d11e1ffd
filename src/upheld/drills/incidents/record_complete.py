"""Strikes the consequences out of the record of a closed incident, in the database of an office of the lab."""

from upheld.drills.handled import HANDLED, HandledDrill, ago


class WithoutConsequences(HandledDrill):
    """A closed incident with a complete record."""

    measure = "incidents/record_complete"
    breaks = "A closed incident loses its consequences in the database"

    def keep(self) -> None:
        """Close it as one should."""
        self.ready()
        number, at = self.over(ago(2)), ago(1)
        self.by_lead("rule-out-breach", number, at, reason="nothing of anybody on it")
        self.by_lead("close-incident", number, at, happened_at=f"{ago(3):%Y-%m-%dT%H:%MZ}", consequences="one machine", measures="patched")

    def sabotage(self) -> str:
        """Strike them out."""
        self.office.move("registers_incident", "consequences", "")
        return HANDLED

    def heal(self) -> None:
        """Write them again."""
        self.office.put_back()


DRILL = WithoutConsequences()
