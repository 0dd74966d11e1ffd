"""The text of a policy's version as people read it, and two versions side by side."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from upheld.accounts.person import SignedInRequest
from upheld.actions.errors import Ill
from upheld.registers.governance.policy_models import PolicyVersion, State
from upheld.registers.governance.written import Line, side_by_side, with_parameters
from upheld.registers.staff import names
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.registers.showing import Link, link

# No HTML of the writer's own, and only addresses that a browser may follow: what is written stays text.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class TextPage:
    """A version's text. `waiting` says that whoever looks has not acknowledged it; `stale` that a parameter's value changed since."""

    version: Link
    policy: Link
    number: int
    state: str
    author: str
    digest: str
    text: SafeString
    summary: str
    waiting: bool
    stale: bool
    others: tuple[PolicyVersion, ...]


@dataclass(frozen=True)
class ComparePage:
    """Two versions, line by line."""

    left: PolicyVersion
    right: PolicyVersion
    lines: tuple[Line, ...]


@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """Show the text of a version: as published, or, before that, as it would be published now."""
    person = cast(SignedInRequest, request).person
    version = cast(PolicyVersion, finding.as_it_is(person, PolicyVersion, number))
    now = _as_of_now(version)
    written = version.published_text or now
    acknowledged = bool(person.ref) and version.acknowledgements.filter(person=person.ref).exists()
    page = TextPage(
        version=link(version),
        policy=link(version.policy),
        number=version.number,
        state=version.state,
        author=names([version.author])[version.author],
        digest=version.digest,
        text=mark_safe(_MARKDOWN.render(written)),  # noqa: S308  the renderer escapes all HTML
        summary=version.summary,
        waiting=version.state == State.PUBLISHED and bool(person.ref) and not acknowledged,
        stale=bool(version.published_text) and version.published_text != now,
        others=tuple(version.policy.versions.exclude(pk=version.pk).defer("text", "published_text")[:20]),
    )
    return answer(request, "registers/text", page, place="registers")


def _as_of_now(version: PolicyVersion) -> str:
    try:
        return with_parameters(version.text)
    except Ill:  # a parameter that is gone since it was written
        return version.text


@require_safe
def compare(request: HttpRequest, number: int, other: int) -> HttpResponse:
    """Show two versions of one policy side by side, the older one on the left."""
    person = cast(SignedInRequest, request).person
    both = [cast(PolicyVersion, finding.as_it_is(person, PolicyVersion, each)) for each in (number, other)]
    left, right = sorted(both, key=lambda each: each.number)
    if left.policy_id != right.policy_id:
        raise Http404(_("These are versions of two policies."))
    return answer(request, "registers/compare", ComparePage(left, right, tuple(side_by_side(left.text, right.text))), place="registers")
