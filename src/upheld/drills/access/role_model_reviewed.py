"""Ages the last review of a business role, in the database of an office of the lab."""

from upheld.drills.kept import ADA, KeptDrill, ago


class RoleAged(KeptDrill):
    """An office with one business role, which Ada answers for and reviewed."""

    measure = "access/role_model_reviewed"
    breaks = "The only review of the role is moved to 400 days ago"

    def keep(self) -> None:
        """Declare it, and let Ada review it."""
        role = self.office.act("authorization.declare-role", at=ago(60), name="accountant", title="Accountant", owner=ADA)
        self.office.act("authorization.review-role", role, at=ago(30), by=ADA, role="owner", outcome="all of it is needed")

    def sabotage(self) -> str:
        """Move it."""
        self.office.move("registers_businessrole", "reviewed_at", ago(400))
        return "Accountant"

    def heal(self) -> None:
        """Move it back."""
        self.office.put_back()


DRILL = RoleAged()
