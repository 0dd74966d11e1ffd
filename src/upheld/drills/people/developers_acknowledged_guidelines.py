"""Lets a developer join who is not given the guidelines, in an office of the lab."""

from typing import ClassVar

from upheld.drills.trained import ReadDrill


class Unguided(ReadDrill):
    """An office where everybody read the guidelines for development."""

    measure = "people/developers_acknowledged_guidelines"
    breaks = "A developer who joined 31 days ago has not read the guidelines"
    topic = "development-guidelines"
    role = "engineer"
    parameters: ClassVar = {"developer_roles": ["engineer"]}  # as Bob is one


DRILL = Unguided()
