"""Sends a newsletter to somebody who never agreed to it."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class Withdrawn(OneMoreLine):
    """Somebody who agreed, and gets the newsletter."""

    measure = "privacy/marketing_consented"
    breaks = "A newsletter goes to somebody who did not agree to it"
    named = "m2"
    table = "marketing_uses"

    @property
    def line(self) -> str:
        """The line."""
        return f"m2,crm,p-2,newsletter,{ago(1):%Y-%m-%d %H:%M}"


DRILL = Withdrawn()
