"""How promises stand for the public: as they stand, but for what broke so lately that the published grace time has not run out.

Owners are told of a break at once. The public is shown, for the grace time of the document's version, the state that stood before it,
with the instant up to which that was seen: never that it is upheld now.
"""

from collections.abc import Iterable
from copy import copy
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from upheld import clock, workspace
from upheld.checks.verdict import State
from upheld.documents.publication import documents
from upheld.registers.governance.publication_models import DocumentVersion, Stage
from upheld.verdicts import standing
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import MeasureVerdict
from upheld.verdicts.standing import DocumentStanding

AGAIN_WITHIN = timedelta(days=30)  # what breaks again within this time is shown at once, so that breaks in a row hide nothing


def grace_of(document_id: str) -> timedelta:
    """Return the grace time of the version of a document that is in force; none where none was published by the actions."""
    found = DocumentVersion.objects.filter(document=document_id, state=Stage.PUBLISHED).values_list("grace_hours", flat=True).first()
    return timedelta(hours=found or 0)


def public_documents(found: Iterable[MeasureVerdict] | None = None) -> list[DocumentStanding]:
    """Return how every document stands as the public is shown it now; whoever has read the verdicts without an end gives them."""
    now, known, verdicts = clock.now(), known_of(workspace.current()), standing.in_force(found)
    graces = dict(DocumentVersion.objects.filter(state=Stage.PUBLISHED).values_list("document", "grace_hours"))
    shown = {hours: _shown(verdicts, timedelta(hours=hours), now) for hours in {0, *graces.values()}}
    return [each for text in documents() for each in standing.standing_of([text], shown[graces.get(text.id, 0)], known)]


class Stood(Protocol):
    """That something stood as `state` from an instant until another, or still."""

    @property
    def state(self) -> str:
        """How it stood."""

    @property
    def from_at(self) -> datetime:
        """From when."""

    @property
    def until_at(self) -> datetime | None:
        """Until when; None: still."""


AnyStood = TypeVar("AnyStood", bound=Stood)


def visible(intervals: Iterable[AnyStood], grace: timedelta) -> list[AnyStood]:
    """Return those of one measure's `intervals`, in order of time, that the public is shown now; a break once its grace time is over,

    also where it was mended within.
    """
    now, broke_until = clock.now(), None
    found: list[AnyStood] = []
    for each in intervals:
        if each.state == State.BROKEN:
            again = broke_until is not None and each.from_at - broke_until < AGAIN_WITHIN
            broke_until = each.until_at or now
            if not again and found and each.from_at + grace > now:
                continue
        found.append(each)
    return found


def _shown(verdicts: dict[str, MeasureVerdict], grace: timedelta, now: datetime) -> dict[str, MeasureVerdict]:
    lately = [name for name, each in verdicts.items() if each.state == State.BROKEN and each.from_at + grace > now]
    if not lately:
        return verdicts
    earlier: dict[str, list[MeasureVerdict]] = {}
    for each in MeasureVerdict.objects.filter(measure__in=lately, until_at__gt=now - grace - AGAIN_WITHIN).order_by("measure", "from_at"):
        earlier.setdefault(each.measure, []).append(each)
    forged = set(standing.contradicted(each for its in earlier.values() for each in its))
    return verdicts | {name: _before(its) for name, its in earlier.items() if name not in forged and _may_wait(verdicts[name], its)}


def _may_wait(broken: MeasureVerdict, earlier: list[MeasureVerdict]) -> bool:
    """Whether a break may wait: something else stood right before it, and it is the first for some time."""
    before = earlier[-1]
    lately = [each for each in earlier if each.state == State.BROKEN and each.until_at and broken.from_at - each.until_at < AGAIN_WITHIN]
    return before.until_at == broken.from_at and not lately


def _before(earlier: list[MeasureVerdict]) -> MeasureVerdict:
    shown = copy(earlier[-1])
    shown.until_at = None
    return shown
