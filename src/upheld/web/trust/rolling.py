"""How a promise stood through the last year, from the intervals of the measures that it rests on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from upheld.checks.verdict import State, worst
from upheld.verdicts.public import visible
from upheld.web.trust.public import Turn

GOOD = frozenset({State.UPHELD, State.AT_RISK})


@dataclass(frozen=True)
class Interval:
    """From when a measure was in `state`, until when it was seen so, and until when it stood (None: still)."""

    state: State
    from_at: datetime
    seen_until_at: datetime
    until_at: datetime | None


def shown(intervals: Sequence[Interval], grace: timedelta) -> list[Interval]:
    """Return those of one measure's `intervals`, oldest first, that the public is shown: what it is not shown yet leaves no gap."""
    seen = visible(intervals, grace)
    if len(seen) == len(intervals):
        return seen
    ends = [*(after.from_at for _, after in pairwise(seen)), None]
    return [replace(each, until_at=end) for each, end in zip(seen, ends, strict=False)]


def turns(measures: Sequence[Sequence[Interval]]) -> list[Turn]:
    """Return how the worst of `measures` changed, oldest first; before the first of them was judged there is nothing to say."""
    steps: list[tuple[datetime, bool, int, State | None]] = []
    for place, intervals in enumerate(measures):
        for each in intervals:
            steps.append((each.from_at, True, place, each.state))
            if each.until_at is not None:
                steps.append((each.until_at, False, place, None))
    now: list[State | None] = [None] * len(measures)
    found: list[Turn] = []
    for at, together in groupby(sorted(steps, key=lambda step: step[:3]), key=lambda step: step[0]):
        for _, _, place, state in together:  # ends before beginnings
            now[place] = state
        if any(now):
            state = worst([each or State.UNPROVEN for each in now])
            if not found or found[-1].state is not state:
                found.append(Turn(at, state))
    return found


def last_proven(measures: Sequence[Sequence[Interval]], state: State) -> datetime | None:
    """Return when all of `measures` were last seen to hold, None for never; `state` is how the promise stands now."""
    if not measures or not all(measures):
        return None
    if state in GOOD:
        return min(intervals[-1].seen_until_at for intervals in measures)
    good = [each for intervals in measures for each in intervals if each.state in GOOD]
    steps = sorted([(each.from_at, 1) for each in good] + [(each.seen_until_at, 2) for each in good])  # at one instant, beginnings first
    holding, found = 0, None
    for at, what in steps:
        if what == 1:
            holding += 1
        else:
            found = at if holding == len(measures) else found
            holding -= 1
    return found
