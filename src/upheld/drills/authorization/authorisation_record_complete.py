"""Adds an account to a real directory of which the record knows nothing."""

from upheld.drills.drill import ours
from upheld.drills.granted import CHIEF, GrantedDrill
from upheld.drills.staging import PASSWORD


class BehindTheRecord(GrantedDrill):
    """The directory in which the record authorises everybody who has an account."""

    measure = "authorization/authorisation_record_complete"
    breaks = "An account is added for somebody whom the record does not authorise"

    def sabotage(self) -> str:
        """Add it."""
        ours(self.slapd)
        self.slapd.add_person("eve", number=CHIEF, password=PASSWORD)
        return "eve"

    def heal(self) -> None:
        """Take it away."""
        ours(self.slapd)
        self.slapd.remove(self.slapd.dn("eve"))


DRILL = BehindTheRecord()
