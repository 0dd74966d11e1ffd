"""Lets what was to follow from an incident lapse, in the database of an office of the lab."""

from upheld.drills.handled import BOB, HandledDrill, ago


class Lapsed(HandledDrill):
    """Something that Bob is to do within ten days."""

    measure = "incidents/lesson_actions_done"
    breaks = "What was to follow from an incident was due yesterday"

    def keep(self) -> None:
        """Let it follow from an incident."""
        self.ready()
        lesson = self.by_lead("review-incident", self.over(ago(0)), ago(0), cause="no patch", lesson="patch weekly")
        self.by_lead("plan-follow-up", lesson, ago(0), what="Patch weekly", owner=BOB, due_on=str(ago(-10).date()))

    def sabotage(self) -> str:
        """Move its day."""
        self.office.move("registers_followup", "due_on", ago(1).date())
        return "Patch weekly"

    def heal(self) -> None:
        """Move it back, and do it."""
        self.office.put_back()
        self.by_lead("finish-follow-up", 1, ago(0), note="every Monday")


DRILL = Lapsed()
