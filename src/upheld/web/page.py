"""What every page shows around its own content, and how a page is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.template import loader

from upheld.evidence.visible import visible
from upheld.sources import configured
from upheld.sources.models import Collection
from upheld.verdicts.models import Judgement


@dataclass(frozen=True)
class Around:
    """Notices of the sources in use, when it was judged last, and between which instants the sources were last read."""

    place: str
    notices: tuple[str, ...]
    judged_at: datetime | None
    sources: int
    oldest_read_at: datetime | None
    newest_read_at: datetime | None


def answer(request: HttpRequest, template: str, page: object, *, place: str = "", status: int = 200) -> HttpResponse:
    """Return the page that `template` makes of the context `page`; `place` is the entry of the menu it belongs to."""
    return HttpResponse(rendered(f"web/{template}.html", {"page": page, "around": _around(place)}, request), status=status)


def rendered(template: str, context: Mapping[str, object], request: HttpRequest) -> str:
    """Return what `template` makes of `context`, with characters that nobody can see as their escapes, whoever wrote them."""
    return visible(loader.render_to_string(template, dict(context), request), keep="\n\t")


def _around(place: str) -> Around:
    read = (
        Collection.objects.filter(source__removed_at=None).values("source").annotate(last=Max("started_at")).values_list("last", flat=True)
    )
    times = sorted(read)
    judgement = Judgement.objects.order_by("-as_of", "-id").first()
    return Around(
        place=place,
        notices=tuple(configured.notices()),
        judged_at=judgement.as_of if judgement else None,
        sources=len(times),
        oldest_read_at=times[0] if times else None,
        newest_read_at=times[-1] if times else None,
    )
