"""Filters that somebody keeps on a list: a name for an address of theirs, which anybody who may see the list can be sent."""

from typing import cast
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from upheld.accounts.models import SavedFilter
from upheld.accounts.person import SignedInRequest
from upheld.web.page import answer
from upheld.web.wrong import WrongPage

# Lists that can be looked at through a filter, by the name of their address.
LISTS = frozenset({"register", "findings", "document", "people-who-sign-in", "logs", "held"})
MOST, LONGEST = 30, 1000


def query_of(said: str) -> str:
    """Return the part of an address after the ?, without which page of the list it was and without what was left empty."""
    return urlencode([(name, value) for name, value in parse_qsl(said) if name != "page"])


def saved(request: HttpRequest) -> list[SavedFilter]:
    """Return the filters that whoever asks keeps on this list."""
    return list(SavedFilter.objects.filter(account_id=cast(SignedInRequest, request).person.account_id, page=request.path))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what is looked for on a list under a name; the same name again is what is looked for now."""
    page, query, name = (request.POST.get(field, "").strip() for field in ("page", "query", "name"))
    if not _is_list(page) or not query or len(query) > LONGEST:
        return _not_taken(request, _("A filter belongs to a list, and looks for something."))
    if not name or len(name) > 60:
        return _not_taken(request, _("Give the filter a name of at most 60 letters."))
    account = cast(SignedInRequest, request).person.account_id
    mine = SavedFilter.objects.filter(account_id=account, page=page)
    if mine.exclude(name=name).count() >= MOST:
        text = ngettext("%(most)d filter on a list is all that can be kept.", "%(most)d filters on a list are all that can be kept.", MOST)
        return _not_taken(request, text % {"most": MOST})
    mine.update_or_create(name=name, defaults={"account_id": account, "page": page, "query": query_of(query)})
    return HttpResponseRedirect(f"{page}?{query_of(query)}")


@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Keep one of one's own filters no longer."""
    mine = get_object_or_404(SavedFilter, pk=number, account_id=cast(SignedInRequest, request).person.account_id)
    mine.delete()
    return HttpResponseRedirect(mine.page)


def _not_taken(request: HttpRequest, why: str) -> HttpResponse:
    return answer(request, "wrong", WrongPage(_("This was not taken"), why), status=400)


def _is_list(page: str) -> bool:
    try:
        return resolve(page).url_name in LISTS
    except Resolver404:
        return False
