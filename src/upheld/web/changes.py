"""Why a measure's verdict is another than it was: what entered and left the failing subjects between two days, and which inputs changed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld import clock, workspace
from upheld.checks.verdict import State
from upheld.verdicts.comparing import Comparison, compare
from upheld.verdicts.measures import known_of
from upheld.verdicts.models import MeasureVerdict
from upheld.web.page import answer
from upheld.web.sight import sight

LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True)
class ChangesPage:
    """A measure on two days, as it stood when each ended. `named` says whether subjects may be seen; `wrong` what was asked wrongly."""

    id: str
    title: str
    since: date
    until: date
    found: Comparison
    before: State
    after: State
    intervals: tuple[MeasureVerdict, ...]
    named: bool
    wrong: str

    @property
    def failing_before(self) -> int:
        """How many subjects failed on the first day, excepted or not."""
        return self.found.left_count + self.found.stayed

    @property
    def failing_after(self) -> int:
        """How many fail on the last day, excepted or not."""
        return self.found.entered_count + self.found.stayed


@require_safe
def changes(request: HttpRequest, chapter: str, name: str) -> HttpResponse:
    """Show what changed of a measure between the days `since` and `until` in the address; of the last thirty days where none is given."""
    known, seen = known_of(workspace.current()).get(f"{chapter}/{name}"), sight(request)
    if known is None or not seen.measure(known.id):
        raise Http404(_("There is no measure called %(name)s.") % {"name": f"{chapter}/{name}"})
    today = clock.now().date()
    since, until, wrong = _days(request.GET.get("since", ""), request.GET.get("until", ""), today)
    if seen.since_at is not None:
        since = max(since, seen.since_at.date())
        until = max(since, until)
    found = compare(known.id, _end(since), _end(until))
    between = MeasureVerdict.objects.filter(measure=known.id, from_at__gt=found.since_at, from_at__lte=found.until_at).order_by("from_at")
    page = ChangesPage(
        id=known.id,
        title=known.title,
        since=since,
        until=until,
        found=found,
        before=_state(found.before),
        after=_state(found.after),
        intervals=seen.history(between.select_related("judgement")),
        named=seen.names(known.id),
        wrong=wrong,
    )
    return answer(request, "changes", page, place="evidence")


def _days(since: str, until: str, today: date) -> tuple[date, date, str]:
    """Return the two days that were asked for, and what is wrong with them, if anything is; then the last thirty."""
    try:
        end = min(date.fromisoformat(until), today) if until else today
        begin = date.fromisoformat(since) if since else end - LOOKED_BACK
    except (ValueError, OverflowError):
        return today - LOOKED_BACK, today, _("Write days as in 2026-05-03. These are the last thirty.")
    if begin > end:
        return today - LOOKED_BACK, today, _("The first day lies after the last. These are the last thirty.")
    return begin, end, ""


def _end(day: date) -> datetime:
    """Return the instant at which `day` ends, or now where it has not."""
    return min(datetime.combine(day, time(), UTC) + timedelta(days=1) - timedelta.resolution, clock.now())


def _state(verdict: MeasureVerdict | None) -> State:
    return State(verdict.state) if verdict else State.UNPROVEN
