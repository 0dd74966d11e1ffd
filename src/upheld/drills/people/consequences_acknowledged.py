"""Lets somebody join who is not told what follows from not complying, in an office of the lab."""

from upheld.drills.trained import ReadDrill


class Uninformed(ReadDrill):
    """An office where everybody read what follows from not complying."""

    measure = "people/consequences_acknowledged"
    breaks = "Somebody who joined 31 days ago has not read what follows from not complying"
    topic = "consequences"
    role = "clerk"


DRILL = Uninformed()
