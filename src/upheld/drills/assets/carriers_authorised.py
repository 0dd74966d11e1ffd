"""Lets a host see a stick that nobody authorised, in a real log of mounts."""

from upheld.drills.inventory import ListChanged


class UnknownSerial(ListChanged):
    """A stick that Ada may carry."""

    measure = "assets/carriers_authorised"
    breaks = "A host on the premises sees a stick with an unknown serial number"
    lasting = True
    table, named = "mount_events", "USB-9"

    def wrong(self) -> list[str]:
        """Let it be seen."""
        return [*self.lines("mount_events"), f"2,host,USB-9,{self.noon:%Y-%m-%d %H:%M},yes,yes"]


DRILL = UnknownSerial()
