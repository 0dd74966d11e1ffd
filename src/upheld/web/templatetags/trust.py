"""Tags of the Trust Center's templates: links that hold on a server and in a folder alike, and days drawn thin."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upheld.checks.verdict import State
from upheld.web import wording
from upheld.web.templatetags.upheld import css
from upheld.web.trust import changing, words
from upheld.web.trust.pages import Stands
from upheld.web.trust.public import Means, PublicPromise, PublicVersion, Said
from upheld.web.year import Year

register = template.Library()

_HEADING = re.compile(r"(</?h)([1-6])(?=>)")


@register.simple_tag(takes_context=True)
def to(context: Context, page: str) -> str:
    """Return the way from the page that is made to `page`, a path below the Trust Center with an anchor if need be."""
    path, hash, anchor = page.partition("#")
    index = context["index"] if path == "" or path.endswith("/") else ""
    way = f"{context['root']}{path}{index}" or "./"
    return f"{way}{hash}{anchor}"


@register.filter
def state(value: State) -> SafeString:
    """Return the mark of a state and its word, in the language of the page; never the one without the other."""
    return _state(State(value), get_language())


@lru_cache(maxsize=32)
def _state(known: State, _language: str | None) -> SafeString:
    return format_html(
        '<span class="state {}"><span class="mark" aria-hidden="true">{}</span> {}</span>', css(known), known.mark, words.state(known)
    )


@register.filter
def days(year: Year) -> SafeString:
    """Return the year as one thin bar, with the same in words."""
    return _days(year, get_language())


@lru_cache(maxsize=2_000)
def _days(year: Year, _language: str | None) -> SafeString:
    shapes: dict[str, list[str]] = {}
    for run in year.runs:
        if run.state:
            shapes.setdefault(css(run.state), []).append(f"M{run.x} 0h{run.width}v8h-{run.width}z")
    drawn = format_html_join("", '<path class="{}" d="{}"/>', ((name, "".join(pieces)) for name, pieces in shapes.items()))
    frame = '<svg class="days" viewBox="0 0 {} 8" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    return format_html(frame, year.width, words.year(year), drawn)


@register.filter
def day(at: date | None) -> str:
    """Return a day, or the day of an instant, as people write it; "" for None."""
    return wording.day(at) if at else ""


@register.filter
def when(at: datetime | None) -> SafeString | str:
    """Return an instant as people write it, with itself for machines; "never" for None."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), wording.instant(at)) if at else _("never")


@register.filter
def kind(of: str) -> str:
    """Return what a kind of change is called."""
    return words.kind(of)


@register.filter
def differs(version: PublicVersion) -> str:
    """Return what is different in a version of a document from the one before it."""
    return changing.differs(version)


@register.filter
def honest(stands: Stands) -> str:
    """Return how many promises there are, and how many of them are upheld."""
    return words.honest_line(stands)


@register.filter
def get(mapping: Mapping[str, object], key: str) -> object:
    """Return the value of `mapping` at `key`, "" where there is none."""
    return mapping.get(key, "")


@register.filter
def text(said: Said) -> str:
    """Return what a piece of a notice says."""
    return said.text


@register.filter
def year_words(year: Year) -> str:
    """Return on how many days of the year it stood how."""
    return words.year(year)


@register.filter
def rests(promise: PublicPromise) -> str:
    """Return what the state of a promise rests on, in words."""
    return words.way(promise.way)


@register.filter
def looked(means: Means) -> str:
    """Return when a measure was looked at last, and what was found, in words."""
    return words.looked(means)


@register.filter
def lowered(html: str) -> SafeString:
    """Return a policy's text, which its renderer escaped, with its headings one level lower: the page has a first one already."""
    return mark_safe(_HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", html))  # noqa: S308  only digits change
