"""What every page shows around its own content, and how a page is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from upheld.accounts.person import ANYBODY_HERE, STRANGER, Person
from upheld.accounts.role import Verb
from upheld.evidence.visible import visible
from upheld.sources import configured
from upheld.sources.models import Collection
from upheld.verdicts.models import Judgement
from upheld.web.access import Open, access_of


@dataclass(frozen=True)
class Place:
    """An entry of the menu; `here` is "page" on the page itself, "true" below it, else empty."""

    name: str
    words: str
    address: str
    here: str


@dataclass(frozen=True)
class Around:
    """Who looks and where they may go; notices of the sources in use, when it was judged last, and when the sources were read.

    `open_here` says that nobody has an account yet, so that whoever is at this machine reads everything.
    """

    person: Person
    places: tuple[Place, ...]
    open_here: bool
    place: str
    notices: tuple[str, ...]
    judged_at: datetime | None
    sources: int
    oldest_read_at: datetime | None
    newest_read_at: datetime | None

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
        return Around(person, (), False, place, (), None, 0, None, None)
    if not person.may(Verb.SEE, "promises"):
        return Around(person, _places(person, place), False, place, (), None, 0, None, None)
    read = (
        Collection.objects.filter(source__removed_at=None).values("source").annotate(last=Max("started_at")).values_list("last", flat=True)
    )
    times = sorted(read)
    judgement = Judgement.objects.order_by("-as_of", "-id").first()
    return Around(
        person=person,
        places=_places(person, place),
        open_here=person is ANYBODY_HERE,
        place=place,
        notices=tuple(configured.notices()),
        judged_at=judgement.as_of if judgement else None,
        sources=len(times),
        oldest_read_at=times[0] if times else None,
        newest_read_at=times[-1] if times else None,
    )


def _places(person: Person, place: str) -> tuple[Place, ...]:
    """Return the entries of the menu that `person` may see, each once, in the one order."""
    known = (
        ("today", "today", _("Today"), "promises"),
        ("mine", "mine", _("My work"), "policies"),
        ("promises", "documents", _("Promises"), "promises"),
        ("findings", "findings", _("Findings"), "subjects"),
        ("registers", "registers", _("Registers"), "registers"),
        ("evidence", "evidence", _("Evidence"), "evidence"),
        ("evidence", "measures", _("Measures"), "measures"),
        ("ledger", "ledger", _("Ledger"), "ledger"),
        ("people", "people-who-sign-in", _("Accounts"), "accounts"),
    )
    shown: dict[str, Place] = {}
    for name, address, words, thing in known:
        its_own = access_of(address) is Open.SIGNED_IN  # somebody's own page, of which nobody signed in has none
        if name not in shown and person.may(Verb.SEE, thing) and (person.signed_in or not its_own):
            here = ("page" if name == "today" else "true") if name == place else ""
            shown[name] = Place(name, words, reverse(address), here)
    return tuple(shown.values())
