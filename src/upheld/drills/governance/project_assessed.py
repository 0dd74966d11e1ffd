"""Moves a project that nobody assessed into building, in the database of an office of the lab."""

from upheld.drills.kept import ADA, BOB, KeptDrill, ago


class BuiltUnassessed(KeptDrill):
    """A project that was assessed before it was built, and a plan."""

    measure = "governance/project_assessed"
    breaks = "A project is moved into building without an assessment, past the product that refuses it"
    lasting = True

    def keep(self) -> None:
        """Build one project properly, and plan another."""
        shop = self.office.act("start-project", name="shop", title="Shop", owner=BOB)
        written = self.office.act("assess-project", shop, risks="few", classification="internal", personal_data="no", dpia_needed="no")
        self.office.act("approve-assessment", written, by=ADA)
        self.office.act("advance-project", shop, stage="build")
        self.office.act("start-project", name="wiki", title="Wiki", owner=BOB)

    def sabotage(self) -> str:
        """Build the plan."""
        at = f"{ago(1):%Y-%m-%d %H:%M:%S}"
        self.office.sql("UPDATE registers_project SET stage = 'build', build_at = %s WHERE name = 'wiki'", at)
        return "Wiki"

    def heal(self) -> None:
        """Stop building."""
        self.office.sql("UPDATE registers_project SET stage = 'idea', build_at = NULL WHERE name = 'wiki'")


DRILL = BuiltUnassessed()
