"""The page of logs: which are watched, how much came when, what rules found, and a search by time, field and words."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from upheld import clock
from upheld.logs.models import Detection, Scan, WatchedLog
from upheld.logs.searching import Answer, Hit, Question, SearchError, search, volume
from upheld.web.logs.bars import Bars, bars
from upheld.web.page import answer
from upheld.web.population import PER_PAGE, page_number
from upheld.web.wording import clipped

SPANS = {"1": _("a day"), "7": _("a week"), "30": _("a month"), "90": _("three months")}
LEVELS = (_("critical"), _("high"), _("medium"), _("low"), _("informational"))
_MOST_PAGES = 400


@dataclass(frozen=True)
class LogLine:
    """A log that is watched, its newest reading, and the newest event of it."""

    log: WatchedLog
    scan: Scan | None
    last_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """What was asked, as the form shows it again."""

    log: str
    words: str
    days: str
    from_at: str
    until_at: str
    level: str


@dataclass(frozen=True)
class LogsPage:
    """Logs, what was asked, how much there was, detections in that time, and lines that a search found (None: nothing was asked for)."""

    logs: tuple[LogLine, ...]
    asked: Asked
    from_at: datetime
    until_at: datetime
    bars: Bars
    columns: tuple[tuple[str, int, int], ...]
    detections: tuple[Detection, ...]
    of_them: int
    levels: tuple[tuple[str, int, str], ...]
    hits: tuple[Hit, ...] | None
    found: int
    wrong: str
    page: int
    next: str
    previous: str
    spans: tuple[tuple[str, str, str], ...]


@require_safe
def logs(request: HttpRequest) -> HttpResponse:
    """Show logs; what is asked for stands in the address."""
    watched = list(WatchedLog.objects.filter(removed_at=None))
    asked, from_at, until_at = _asked(request, watched)
    chosen = tuple(log for log in watched if asked.log in ("", log.name))
    page, wrong, searched = page_number(request.GET.get("page", "")), "", None
    try:
        if asked.words and chosen:
            searched = search(Question(chosen, from_at, until_at, asked.words), most=PER_PAGE, skip=(min(page, _MOST_PAGES) - 1) * PER_PAGE)
    except SearchError as error:
        wrong = str(error)
    seen: Answer = searched or volume(Question(chosen, from_at, until_at))
    detections = Detection.objects.filter(log__in=chosen, first_at__gte=from_at, first_at__lt=until_at).select_related("log")
    at_level = detections.filter(level=asked.level) if asked.level else detections.exclude(level="informational")
    found = Counter(at_level.values_list("first_at", flat=True)[:10_000])
    drawn = bars(seen.bars, found, from_at, until_at, seen.step)
    by_level = Counter(detections.values_list("level", flat=True))
    shown = LogsPage(
        logs=tuple(_line(each) for each in watched),
        asked=asked,
        from_at=from_at,
        until_at=until_at,
        bars=drawn,
        columns=tuple(
            (_query(asked, from_at=_local(each.from_at), until_at=_local(each.until_at)), each.x, each.found) for each in drawn.bars
        ),
        detections=tuple(at_level[:PER_PAGE]),
        of_them=at_level.count(),
        levels=tuple((each, by_level[each], _query(asked, level=each)) for each in LEVELS if by_level[each]),
        hits=None if searched is None else tuple(_cut(each) for each in searched.hits),
        found=seen.found,
        wrong=wrong,
        page=page,
        next=_query(asked, page=str(page + 1)) if searched and page < _MOST_PAGES and page * PER_PAGE < searched.found else "",
        previous=_query(asked, page=str(page - 1)) if searched and page > 1 else "",
        spans=tuple(
            (words, _query(asked, days=days, from_at="", until_at=""), "true" if days == asked.days else "")
            for days, words in SPANS.items()
        ),
    )
    return answer(request, "logs/logs", shown, place="logs")


def _asked(request: HttpRequest, watched: list[WatchedLog]) -> tuple[Asked, datetime, datetime]:
    """What the address asks for; what makes no sense there asks for nothing."""
    given = request.GET
    log = given.get("log", "") if given.get("log") in {each.name for each in watched} else ""
    level = given.get("level", "") if given.get("level") in LEVELS else ""
    begin, end = _instant(given.get("from", "")), _instant(given.get("until", ""))
    days = given.get("days", "") if given.get("days") in SPANS else "7"
    until = end or clock.now() + timedelta(minutes=1)
    from_at = begin or until - timedelta(days=int(days))
    if from_at >= until:
        from_at = until - timedelta(days=1)
    fixed = bool(begin or end)
    asked = Asked(
        log,
        given.get("q", "").strip()[:500],
        "" if fixed else days,
        _local(from_at) if fixed else "",
        _local(until) if fixed else "",
        level,
    )
    return asked, from_at, until


def _instant(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    zone = clock.now().tzinfo
    return read.astimezone(zone) if read.tzinfo else read.replace(tzinfo=zone)


def _local(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def _query(asked: Asked, **changed: str) -> str:
    """The address of this page with what was asked, but for what is `changed`."""
    names = {"log": asked.log, "q": asked.words, "days": asked.days, "from": asked.from_at, "until": asked.until_at, "level": asked.level}
    names |= {name.removesuffix("_at"): value for name, value in changed.items()}
    return "?" + urlencode({name: value for name, value in names.items() if value})


def _line(log: WatchedLog) -> LogLine:
    last = log.scans.exclude(last_at=None).order_by("-last_at").values_list("last_at", flat=True).first()
    return LogLine(log, log.scans.order_by("-began_at").first(), last)


def _cut(hit: Hit) -> Hit:
    return Hit(hit.log, hit.at, hit.file, hit.place, clipped(hit.line, 600))
