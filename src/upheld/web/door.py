"""The tablet at the door: visitors sign themselves in and out, and see nothing of one another. Its link is all that it has."""

from dataclasses import dataclass
from typing import cast
from uuid import NAMESPACE_URL, uuid5

from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld import clock
from upheld.accounts.person import Held, Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.physical.models import Kiosk, Visit
from upheld.registers.staff import known
from upheld.web.page import answer, rendered
from upheld.web.registers import finding

SIGNER = signing.Signer(salt="upheld.kiosk", sep="~")
TYPED = ("name", "company", "host", "badge")
MOST_AN_HOUR = 240  # what one tablet may be told: whoever has its link can neither fill the visits nor try out names and badges


@dataclass(frozen=True)
class LinkPage:
    """The link of one tablet, for whoever sets it up."""

    kiosk: Kiosk
    link: str


@dataclass(frozen=True)
class DoorPage:
    """What the tablet shows: the forms with what was typed and what is wrong with it, or, in `done`, what was just done."""

    site: str
    token: str
    rules: str
    typed: dict[str, str]
    wrong: dict[str, str]
    done: str = ""
    thanks: str = ""


def token(kiosk: Kiosk) -> str:
    """Return the secret of `kiosk`: its number, which nobody else can sign for this workspace."""
    return SIGNER.sign(f"{kiosk.pk}.{int(kiosk.made_at.timestamp())}")


def _kiosk(said: str) -> Kiosk:
    try:
        number, _dot, made = SIGNER.unsign(said).partition(".")
    except signing.BadSignature as error:
        raise Http404(_("There is no such tablet.")) from error
    found = Kiosk.objects.select_related("site").filter(pk=int(number), ended_at=None, site__ended_at=None).first()
    if found is None or int(found.made_at.timestamp()) != int(made):
        raise Http404(_("There is no such tablet."))
    return found


def _at_work(kiosk: Kiosk) -> Person:
    """Return the tablet as somebody at work: it reaches the visits of its own site alone."""
    held = (Held(Role.OWNER, ("owner", kiosk.site.name)),)
    return Person(uuid5(NAMESPACE_URL, f"upheld-kiosk-{kiosk.pk}"), f"kiosk-{kiosk.pk}", kiosk.title, held, "web", second_factor=True)


@require_safe
def kiosk_link(request: HttpRequest, number: int) -> HttpResponse:
    """Show the link of a tablet to whoever may open one."""
    person = cast(SignedInRequest, request).person
    kiosk = cast(Kiosk, finding.record(person, Kiosk, number))
    if not declared()["physical.open-kiosk"].by & person.roles or kiosk.ended_at:
        raise Http404(_("There is no such tablet."))
    return answer(
        request, "physical/kiosk", LinkPage(kiosk, request.build_absolute_uri(reverse("door", args=[token(kiosk)]))), place="registers"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, said: str) -> HttpResponse:
    """Sign a visitor in, or out."""
    kiosk = _kiosk(said)
    typed = {name: request.POST.get(name, "").strip()[:300] for name in TYPED}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            _count(kiosk)
            done = _sign_out(kiosk, request) if "out" in request.POST else _sign_in(kiosk, typed, request)
        except Ill as error:
            wrong = {name: " ".join(told) for name, told in error.fields.items()}
        except Refused as error:
            wrong = {"": str(error)}
        else:
            return HttpResponseRedirect(f"{reverse('door', args=[said])}?done={done}")
    return _shown(request, kiosk, said, typed, wrong)


def _count(kiosk: Kiosk) -> None:
    """Count what is sent by `kiosk`, right or wrong; raises `Refused` where it was too much within the hour. Each process has its count."""
    key = f"upheld-kiosk-{kiosk.pk}-{clock.now():%Y%m%d%H}"
    cache.add(key, 0, timeout=2 * 3600)
    if cache.incr(key) > MOST_AN_HOUR:
        raise Refused(_("Too much was typed here within the hour. Please ask somebody at the reception."))


def _shown(request: HttpRequest, kiosk: Kiosk, said: str, typed: dict[str, str], wrong: dict[str, str]) -> HttpResponse:
    site = kiosk.site
    thanks = {
        "in": _("You are signed in. Your badge opens where you may go; please give it back here when you leave."),
        "out": _("You are signed out. Thank you for your visit."),
    }
    done = request.GET.get("done", "")
    page = DoorPage(site.title, said, site.house_rules, typed, wrong, done if done in thanks else "", thanks.get(done, ""))
    return HttpResponse(rendered("web/physical/door.html", {"page": page}, request), status=400 if wrong else 200)


def _sign_in(kiosk: Kiosk, typed: dict[str, str], request: HttpRequest) -> str:
    host = _host(typed["host"])
    given = {"name": typed["name"], "host": host, "signed": "yes" if request.POST.get("signed") == "yes" else "no"}
    given |= {name: typed[name] for name in ("company", "badge") if typed[name]}
    if not typed["name"]:
        raise Ill({"name": [_("Please type your name.")]})
    ask(declared()["physical.sign-in-visitor"], given, by=_at_work(kiosk), number=kiosk.site_id)
    return "in"


def _host(words: str) -> str:
    """Return the people.id of whom the visitor named; nobody is listed, since whoever stands here need not know who works here."""
    today, wanted = clock.now().date(), " ".join(words.casefold().split())
    here = {number: " ".join(each.name.casefold().split()) for number, each in known().items() if each.works_here(today)}
    exact = [number for number, name in here.items() if name == wanted]
    found = exact or [number for number, name in here.items() if wanted in name.split()]
    if len(found) != 1 or not wanted:
        raise Ill({"host": [_("Please type the first and last name of whom you visit, as it is on their invitation.")]})
    return found[0]


def _sign_out(kiosk: Kiosk, request: HttpRequest) -> str:
    badge = request.POST.get("badge_out", "").strip()[:60]
    visit = Visit.objects.filter(site=kiosk.site, badge=badge, out_at=None).exclude(badge="").first()
    if visit is None:
        raise Ill({"badge_out": [_("Nobody who is inside wears this badge. Please look at the number again.")]})
    try:
        ask(declared()["physical.sign-out-visitor"], {}, by=_at_work(kiosk), number=visit.pk)
    except NotAllowed as error:
        raise Ill({"badge_out": [str(error)]}) from error
    return "out"
