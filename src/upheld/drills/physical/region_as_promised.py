"""Adds a store with customer data in another region to a real list of stores."""

from upheld.drills.facility import ELSEWHERE, OneMoreLine


class StoreElsewhere(OneMoreLine):
    """A list of stores, all where customers were told."""

    measure = "physical/region_as_promised"
    breaks = "A storage account with customer data is made in another region"
    table, named = "store_states", "copies"

    @property
    def line(self) -> str:
        """The line."""
        return f"copies,Cloud,{ELSEWHERE},yes,yes,no,3"


DRILL = StoreElsewhere()
