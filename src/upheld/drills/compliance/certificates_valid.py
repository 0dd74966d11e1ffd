"""Lets a certificate lapse, in the database of an office of the lab."""

from upheld.drills.complied import ComplianceDrill, day


class Lapsed(ComplianceDrill):
    """A certification that is claimed, and its certificate."""

    measure = "compliance/certificates_valid"
    breaks = "The certificate of a certification that is claimed lapses"

    def keep(self) -> None:
        """Claim it, and prove it."""
        body = self.body()
        claim = self.act("claim-certification", name="iso", standard="ISO/IEC 27001", scope="all of it", owner="1", from_on=day(400))
        dates = {"issued_on": day(400), "until_on": day(-600)}
        self.act("add-certificate", claim, body=body, serial="C-1", scope_agrees="yes", file="a letter", **dates)

    def sabotage(self) -> str:
        """Let it have run until yesterday."""
        self.office.sql("UPDATE registers_certificate SET until_on = %s", day(1))
        return "ISO/IEC 27001"

    def heal(self) -> None:
        """Let it run on."""
        self.office.sql("UPDATE registers_certificate SET until_on = %s", day(-600))


DRILL = Lapsed()
