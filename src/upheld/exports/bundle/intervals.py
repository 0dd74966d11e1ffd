"""How measures stood over a scope's time: intervals from the ledger's entries, and the steps of a document's life by then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from upheld.documents.document import Document
from upheld.documents.models import DocumentStep
from upheld.exports.bundle.scope import Scope, Selected
from upheld.ledger import lookup
from upheld.ledger.entry import instant_text
from upheld.ledger.profile import Json
from upheld.verdicts.models import MeasureVerdict


@dataclass(frozen=True)
class Interval:
    """A stretch of time over which a measure had one state; `entry` is the id of the entry that began it, and `facts` what that says.

    `judged_again` is whether the bundle goes into what was judged then: where it is about a period.
    """

    state: str
    from_at: datetime
    until_at: datetime | None
    entry: str
    facts: Mapping[str, object]
    judged_again: bool

    def plain(self) -> dict[str, Json]:
        """Return it as a bundle has it."""
        until = None if self.until_at is None else instant_text(self.until_at)
        return {"state": self.state, "from": instant_text(self.from_at), "until": until, "entry": self.entry}


def intervals(selected: Selected) -> dict[str, list[Interval]]:
    """Return, by measure, the interval in force as of the scope's instant, or all that lie in its period, in order of time."""
    scope = selected.scope
    assert scope.as_of is not None, "a scope that was selected has an instant"
    began = MeasureVerdict.objects.filter(measure__in=selected.measures, from_at__lte=scope.as_of)
    since = scope.from_at or scope.as_of
    rows = list(began.filter(Q(until_at=None) | Q(until_at__gt=since)).order_by("measure", "from_at"))
    entries = lookup.entries(row.entry_id for row in rows)
    found: dict[str, list[Interval]] = {}
    for row in rows:
        entry = entries.get(row.entry_id)
        until = row.until_at if row.until_at and row.until_at <= scope.as_of else None
        body = entry["body"] if entry else {}
        again = scope.from_at is not None
        found.setdefault(row.measure, []).append(Interval(str(body.get("state", "")), row.from_at, until, row.entry_id, body, again))
    return found


def steps(document: Document, scope: Scope) -> list[DocumentStep]:
    """Return the last approval, publication and review of this very text of `document` by the scope's instant."""
    found = DocumentStep.objects.filter(document=document.id, digest=document.digest, at__lte=scope.as_of).order_by("at", "id")
    return list({step.step: step for step in found}.values())
