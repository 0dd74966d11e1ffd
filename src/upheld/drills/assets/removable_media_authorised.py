"""Mounts a disk that nobody registered, in a real log of mounts."""

from upheld.drills.inventory import ListChanged


class UnknownDisk(ListChanged):
    """A stick that is registered, authorised and encrypted."""

    measure = "assets/removable_media_authorised"
    breaks = "A host mounts a USB disk that nobody registered"
    lasting = True
    table, named = "mount_events", "USB-9"

    def wrong(self) -> list[str]:
        """Mount it."""
        return [*self.lines("mount_events"), f"2,host,USB-9,{self.noon:%Y-%m-%d %H:%M},yes,yes"]


DRILL = UnknownDisk()
