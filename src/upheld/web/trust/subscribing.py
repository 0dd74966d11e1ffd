"""Being told of changes by mail: asked for without an account, confirmed and ended by a link. No cookie is set."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from upheld.notices import mail, subscribing
from upheld.notices.models import Subscription
from upheld.notices.queueing import Told
from upheld.notices.subscribing import NotSubscribed
from upheld.web.trust import serving, words
from upheld.web.trust.changing import KINDS
from upheld.web.trust.pages import Page
from upheld.web.trust.site import Site


@dataclass(frozen=True)
class Kind:
    """A kind of change that can be subscribed to, and whether it is chosen."""

    name: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class SubscribePage:
    """The form: what was typed, what is wrong with it, whether it was taken, and whether mail can be sent from here at all."""

    mail: str
    kinds: tuple[Kind, ...]
    wrong: str
    taken: bool
    possible: bool


@dataclass(frozen=True)
class SubscriptionPage:
    """A subscription, as whoever has its link sees it; `done` says what was done just now."""

    confirmed: bool
    ended: bool
    kinds: tuple[str, ...]


@csrf_exempt  # nobody is signed in here: a forged request could do no more than anybody can, which is to ask for a mail that asks
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form, and let a mail go out that asks whether changes are wanted."""
    site = _site()
    typed, kinds = request.POST.get("mail", "")[:300], [each for each in KINDS if each in request.POST.getlist("kinds")]
    wrong, taken = "", request.method == "POST"
    if taken:
        try:
            _ask(site, typed, kinds)
        except NotSubscribed as error:
            wrong, taken = str(error), False
    with translation.override(site.public.language):
        chosen = kinds if request.method == "POST" else list(KINDS)
        shown = tuple(Kind(each, words.kind(each), each in chosen) for each in KINDS)
    return _page(site, "subscribe/", "subscribe", SubscribePage(typed, shown, wrong, taken, mail.is_set_up()), 400 if wrong else 200)


@csrf_exempt  # as above; whoever does something here has the link
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest, secret: str) -> HttpResponse:
    """Show a subscription to whoever has its link, and confirm or end it: by a button, since programs follow links in mails."""
    site, found = _site(), subscribing.by_secret(secret)
    if found is None:
        return _page(site, "subscribe/link/", "subscription", SubscriptionPage(confirmed=False, ended=True, kinds=()), 404)
    if request.method == "POST":
        (subscribing.end if "end" in request.POST else subscribing.confirm)(found)
    return _page(site, "subscribe/link/", "subscription", _shown(site, found))


def _shown(site: Site, found: Subscription) -> SubscriptionPage:
    with translation.override(site.public.language):
        kinds = tuple(words.kind(each) for each in KINDS if not found.kinds or each in found.kinds)
    return SubscriptionPage(found.confirmed_at is not None, found.ended_at is not None, kinds)


def _ask(site: Site, typed: str, kinds: list[str]) -> None:
    link = reverse("trust-subscription", args=["SECRET"]).replace("SECRET", "%s")
    with translation.override(site.public.language):
        title = _("%(company)s: do you want to be told of changes?") % {"company": site.public.company}
        text = _("Somebody, perhaps you, asked for this address to be told. Nothing is sent unless you confirm it within two days.")
        subscribing.ask(typed, kinds, Told(subscribing.CONFIRM, title, text), link, site.public.language)


def _site() -> Site:
    site = serving.current()
    if site is None:
        raise Http404(_("No Trust Center is open here."))
    return site


def _page(site: Site, path: str, template: str, shows: object, status: int = 200) -> HttpResponse:
    made = site.rendered(Page(path, template, "", shows, "changes"))
    return HttpResponse(made.content, made.media, status=status, headers={"Cache-Control": "no-store"})
