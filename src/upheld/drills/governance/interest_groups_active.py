"""Ages the last time somebody took part in a security group, in the database of an office of the lab."""

from upheld.drills.kept import ADA, KeptDrill, ago


class LongAsleep(KeptDrill):
    """A group in which somebody took part last month."""

    measure = "governance/interest_groups_active"
    breaks = "The last time that somebody took part in the only group is moved to two years ago"

    def keep(self) -> None:
        """Join a group, and take part."""
        group = self.office.act("add-contact", kind="cert", title="CERT", how="its list", holder=ADA, active_every="6 months")
        self.office.act("note-participation", group, by=ADA, role="employee", at=ago(30), note="read an advisory")

    def sabotage(self) -> str:
        """Age it."""
        self.office.move("registers_participation", "at", ago(730))
        return "Memberships"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = LongAsleep()
