"""Opens a confidential share to everybody, in a real list of stores."""

from upheld.drills.inventory import ListChanged


class WorldReadable(ListChanged):
    """A share with contracts that three people can read."""

    measure = "assets/handled_by_class"
    breaks = "A confidential share is made readable by anybody"
    table, named = "store_states", "share, contracts"

    def wrong(self) -> list[str]:
        """Open it."""
        return ["share,Cloud,uksouth,yes,yes,yes,3"]


DRILL = WorldReadable()
