"""Lets a cloud tell of a store in a country that is on no list."""

from upheld.drills.entrusted import OneMoreLine
from upheld.drills.kept import ago


class Elsewhere(OneMoreLine):
    """Destinations that are all on the published list."""

    measure = "privacy/destination_documented"
    breaks = "A store with personal data is made in a country that is not on the published list"
    table = "observed_destinations"
    named = "us"

    @property
    def line(self) -> str:
        """A store overseas."""
        return f"copy,crm,us,Host Ltd,{ago(1):%Y-%m-%d %H:%M}"


DRILL = Elsewhere()
