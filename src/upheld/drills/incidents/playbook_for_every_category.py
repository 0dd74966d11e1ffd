"""Retires the playbook of a category of incidents, in an office of the lab."""

from upheld.drills.handled import PLAYBOOK, HandledDrill


class PlaybookRetired(HandledDrill):
    """A category whose playbook is approved, and whose roles are held."""

    measure = "incidents/playbook_for_every_category"
    breaks = "The playbook of a category is retired"

    def keep(self) -> None:
        """Be ready, and have a second playbook."""
        self.ready()

    def sabotage(self) -> str:
        """Retire it."""
        self.office.act("retire-policy", 1)
        return "Malware"

    def heal(self) -> None:
        """Write another one, and handle the category by it."""
        self.policy(name="new-playbook", kind="playbook", title="New playbook", text=PLAYBOOK, audience="nobody")
        self.office.act("incidents.change-category", 1, title="Malware", playbook="new-playbook")


DRILL = PlaybookRetired()
