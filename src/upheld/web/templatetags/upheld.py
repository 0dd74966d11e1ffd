"""Filters of the templates: states as marks, times in words, queries with their comments set apart."""

import re
from datetime import datetime
from typing import cast

from django import template
from django.template import RequestContext
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from upheld import clock
from upheld.accounts.person import NOBODY, SignedInRequest
from upheld.checks.verdict import State
from upheld.web import wording
from upheld.web.filters import query_of, saved
from upheld.web.said import said as in_language
from upheld.web.said import within as in_sentence

register = template.Library()

_ISO_DATE = re.compile(r"(?<![\w-])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9-])")
_COMMENT = re.compile(r"(--[^\n]*|/\*.*?\*/)", re.DOTALL)


@register.filter
def css(state: State) -> str:
    """Return the class of `state`: "at-risk"."""
    return State(state).value.replace(" ", "-")


@register.filter
def mark(state: State) -> SafeString:
    """Return the mark of `state` and its word; never the one without the other."""
    known = State(state)
    return format_html(
        '<span class="state {}"><span class="mark" aria-hidden="true">{}</span> {}</span>', css(known), known.mark, wording.state(known)
    )


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    """Return how long ago `at` was, with the instant itself for machines and on hover; "never" for None."""
    return _time(at, wording.ago(at, clock.now())) if at else gettext("never")


@register.filter
def instant(at: datetime | None) -> SafeString | str:
    """Return `at` written out; "never" for None."""
    return _time(at, wording.instant(at)) if at else gettext("never")


@register.filter
def day(at: datetime) -> SafeString:
    """Return the day of `at`."""
    return _time(at, wording.day(at))


@register.filter
def dates(text: str) -> SafeString:
    """Return `text` escaped, each date such as 2026-05-04 in it kept on one line; no browser breaks at its hyphens then."""
    kept = _ISO_DATE.sub(r'<span class="date">\1</span>', conditional_escape(text))
    return mark_safe(kept)  # noqa: S308  it was escaped just above, and a date holds digits and hyphens only


@register.filter
def said(words: str) -> str:
    """Return `words`, made from a declaration, in the language of the page."""
    return in_language(words)


@register.filter
def within(words: str) -> str:
    """Return a name that is declared in small letters, as it stands within a line, in the language of the page."""
    return in_sentence(words)


@register.filter
def number(value: int) -> str:
    """Return `value` with its thousands set apart."""
    return wording.figure(value)


@register.filter
def counted(value: int, noun: str) -> str:
    """Return `value` and `noun`, which takes an s for all but one ("entry,entries" gives both forms), in the language of the page."""
    one, _, many = noun.partition(",")
    return wording.counted(value, one, many)


@register.filter
def short(digest: str) -> SafeString | str:
    """Return the first twelve characters of `digest`, the whole of it on hover."""
    return format_html('<abbr class="digest" title="{}">{}</abbr>', digest, digest[:12]) if digest else gettext("none")


@register.filter
def anchor(name: str) -> str:
    """Return `name` as an id that an address can point to: "iso-4.1.4"."""
    return re.sub(r"[^\w.-]+", "-", name)


@register.filter
def sql(query: str) -> SafeString:
    """Return `query` escaped, its comments marked."""
    pieces = _COMMENT.split(query)
    shown = [
        format_html('<span class="comment">{}</span>', piece) if at % 2 else conditional_escape(piece) for at, piece in enumerate(pieces)
    ]
    return mark_safe("".join(shown))  # noqa: S308  every piece was escaped just above


@register.inclusion_tag("web/_filters.html", takes_context=True)
def filters(context: RequestContext) -> dict[str, object]:
    """Show the filters that whoever looks keeps on this list, and a way to keep what is looked for now."""
    request = cast(SignedInRequest, context.request)
    if request.person.account_id == NOBODY:
        return {}
    return {
        "saved": saved(request),
        "query": query_of(request.META.get("QUERY_STRING", "")),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), wording.instant(at), words)
