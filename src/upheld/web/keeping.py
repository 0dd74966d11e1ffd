"""What is kept how long: history, files and logs, what would go now, and what went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld.accounts.person import SignedInRequest
from upheld.actions.allowing import why_not_at_all
from upheld.checks.span import Span
from upheld.logs import watching
from upheld.logs.models import WatchedLog
from upheld.registers.privacy.retention import FILES_FLOOR, HISTORY_FLOOR, set_retention
from upheld.registers.privacy.retention_models import Retention
from upheld.retention import handed_in, history
from upheld.retention.handed_in import Over
from upheld.retention.history import Past
from upheld.retention.needs import needs
from upheld.sources.models import Forgotten
from upheld.web.page import answer

MOST = 50


@dataclass(frozen=True)
class Alike:
    """Tables of which the same goes, for the same reason no more: what had ended by `until` (None: nothing), `versions` of rows now."""

    tables: tuple[str, ...]
    until: datetime | None
    why: str
    versions: int


@dataclass(frozen=True)
class KeepingPage:
    """Rules, tables under a rule and those kept for good, and what went last.

    `counted`: what would go now was counted, too; `sets`: whoever looks may set rules.
    """

    rules: tuple[Retention, ...]
    history_floor: Span
    files_floor: Span
    past: tuple[Alike, ...]
    for_good: tuple[str, ...]
    files: tuple[Over, ...]
    logs: tuple[WatchedLog, ...]
    gone: tuple[Forgotten, ...]
    counted: bool
    sets: bool


def alike(past: Iterable[Past]) -> tuple[Alike, ...]:
    """Return `past` by what goes and why not more; first what goes most."""
    found: dict[tuple[datetime | None, str], list[Past]] = {}
    for each in past:
        found.setdefault((each.until, each.why), []).append(each)
    together = [
        Alike(tuple(sorted({each.table for each in its})), until, why, sum(each.versions for each in its))
        for (until, why), its in found.items()
    ]
    return tuple(sorted(together, key=lambda each: (-each.versions, each.why, each.tables)))


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show it; with `?count` also how much would go now, which reads the history."""
    counted, needed = "count" in request.GET, needs()
    past = history.planned(needed, count=counted)
    page = KeepingPage(
        rules=tuple(Retention.objects.filter(ended_at=None)),
        history_floor=HISTORY_FLOOR,
        files_floor=FILES_FLOOR,
        past=alike([each for each in past if each.kept]),
        for_good=tuple(sorted({each.table for each in past if not each.kept})),
        files=tuple(handed_in.planned(needed)) if counted else (),
        logs=tuple(watching.watched()),
        gone=tuple(history.last_round(MOST)),
        counted=counted,
        sets=not why_not_at_all(set_retention, cast(SignedInRequest, request).person),
    )
    return answer(request, "keeping", page, place="kept")
