"""What every page shows around its own content, and how a page is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.functional import SimpleLazyObject

from upheld.accounts.person import ANYBODY_HERE, STRANGER, Person
from upheld.accounts.role import Verb
from upheld.evidence.visible import visible
from upheld.sources import configured
from upheld.verdicts.models import Judgement
from upheld.web.places import Place, places


@dataclass(frozen=True)
class Around:
    """Who looks and where they may go; notices of the sources in use, when it was judged last, and when they were read.

    `sources` says how many of those `in_use` were read. `open_here` says that nobody has an account yet, so that whoever is at
    this machine reads everything.
    """

    person: Person
    places: tuple[Place, ...]
    open_here: bool
    place: str
    notices: tuple[str, ...]
    judged_at: datetime | None
    sources: int
    in_use: int
    oldest_read_at: datetime | None
    newest_read_at: datetime | None

    @property
    def within(self) -> tuple[Place, ...]:
        """What else lies in the place of the menu where this page is."""
        return next((each.within for each in self.places if each.within), ())

    @property
    def searches(self) -> bool:
        """Whether there is anything that whoever looks may search."""
        return bool(self.places)

    @property
    def sees_measures(self) -> bool:
        """Whether links to measures lead anywhere for whoever looks."""
        return self.person.may(Verb.SEE, "measures")

    @property
    def sees_evidence(self) -> bool:
        """Whether links to sources and tables do."""
        return self.person.may(Verb.SEE, "evidence")


def answer(request: HttpRequest, template: str, page: object, *, place: str = "", status: int = 200) -> HttpResponse:
    """Return the page that `template` makes of the context `page`; `place` is the entry of the menu it belongs to."""
    return HttpResponse(rendered(f"web/{template}.html", {"page": page, "around": _around(request, place)}, request), status=status)


def rendered(template: str, context: Mapping[str, object], request: HttpRequest) -> str:
    """Return what `template` makes of `context`, with characters that nobody can see as their escapes, whoever wrote them."""
    return visible(loader.render_to_string(template, dict(context), request), keep="\n\t")


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Return what pages of the sign-in library show around theirs; a context processor, which asks only if it is used."""
    return {"around": SimpleLazyObject(lambda: _around(request, "account"))}


def _around(request: HttpRequest, place: str) -> Around:
    person: Person = getattr(request, "person", STRANGER)
    if person.lacks_second_factor:
        return Around(person, (), False, place, (), None, 0, 0, None, None)
    if not person.may(Verb.SEE, "promises"):
        return Around(person, places(person, place), False, place, (), None, 0, 0, None, None)
    sources = configured.read_last()
    times = sorted(filter(None, sources.values()))
    return Around(
        person=person,
        places=places(person, place),
        open_here=person is ANYBODY_HERE,
        place=place,
        notices=tuple(configured.notices(sources)),
        judged_at=Judgement.objects.order_by("-as_of", "-id").values_list("as_of", flat=True).first(),
        sources=len(times),
        in_use=len(sources),
        oldest_read_at=times[0] if times else None,
        newest_read_at=times[-1] if times else None,
    )
