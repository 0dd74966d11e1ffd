"""Reporting in under a minute: one page, three fields; for whoever is signed in, and by a link for whoever has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld import clock
from upheld.accounts.person import Held, Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.incidents.models import EventKind, ReportLink, SecurityEvent
from upheld.registers.incidents.reporting import why_shut
from upheld.registers.rules import LEADS
from upheld.web.page import answer

MOST_SHOWN = 20
FIELDS = ("what", "kind", "noticed_at", "contact")


@dataclass(frozen=True)
class Address:
    """A link by which people without an account report: what it is called, until when, and the address itself."""

    title: str
    number: int
    until: str
    address: str


@dataclass(frozen=True)
class ReportPage:
    """The form, as it was filled in, with what is wrong; what whoever looks reported before; links, for who leads.

    `reported` is the number that a report just got; `by_link` says that nobody signed in.
    """

    given: Mapping[str, str]
    wrong: Mapping[str, Sequence[str]]
    key: str
    now: datetime
    by_link: bool
    reported: int | None = None
    mine: tuple[SecurityEvent, ...] = ()
    links: tuple[Address, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form to whoever is signed in, and what came of what they reported before; take a report."""
    person = cast(SignedInRequest, request).person
    given = _given(request)
    if request.method == "POST":
        wrong, made, status = _send("incidents.report-event", given, person, request, without=("contact",))
        if made is not None:
            return HttpResponseRedirect(f"{reverse('report')}?reported={made}")
    else:
        wrong, status = {}, 200
    return _shown(request, person, given, wrong, status)


def _shown(request: HttpRequest, person: Person, given: Mapping[str, str], wrong: Mapping[str, Sequence[str]], status: int) -> HttpResponse:
    mine = SecurityEvent.objects.filter(reporter=person.ref).order_by("-pk") if person.ref else SecurityEvent.objects.none()
    said = request.GET.get("reported", "")
    page = ReportPage(
        given=given,
        wrong=wrong,
        key=str(uuid4()),
        now=clock.now(),
        by_link=False,
        reported=int(said) if said.isdecimal() and len(said) < 19 and mine.filter(pk=int(said)).exists() else None,
        mine=tuple(mine[:MOST_SHOWN]),
        links=tuple(_links(request)) if person.roles & set(LEADS) else (),
    )
    return answer(request, "incidents/report", page, place="report", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the form to whoever has the link, from where it may be used, and take a report."""
    link = _link(request, secret)
    given = _given(request)
    if request.method == "POST":
        visitor = Person(uuid5(NAMESPACE_URL, link.visitor), link.visitor, link.title, (Held(Role.EMPLOYEE),), "web")
        wrong, made, status = _send("incidents.report-by-link", given, visitor, request, without=("noticed_at",), number=link.pk)
        if made is not None:
            return HttpResponseRedirect(f"{request.path}?reported={made}")
    else:
        wrong, status = {}, 200
    said = request.GET.get("reported", "")
    reported = int(said) if said.isdecimal() and len(said) < 19 and link.events.filter(pk=int(said)).exists() else None
    page = ReportPage(given, wrong, str(uuid4()), clock.now(), by_link=True, reported=reported)
    return answer(request, "incidents/report", page, status=status)


def _send(
    name: str, given: Mapping[str, str], person: Person, request: HttpRequest, *, without: Sequence[str], number: int | None = None
) -> tuple[Mapping[str, Sequence[str]], int | None, int]:
    """Report; return what is wrong by field, or the number that it got, and the status to answer with."""
    told: dict[str, Any] = {field: value for field, value in given.items() if value and field not in without}
    sent = request.POST.get("key", "")[:80]
    try:
        done = ask(declared()[name], told, by=person, number=number, key=f"{person.account_id}/{sent}" if sent else "")
    except Ill as error:
        return error.fields, None, 400
    except NotAllowed as error:
        return {"": (str(error),)}, None, 403
    except Refused as error:
        return {"": (str(error),)}, None, 429 if number is not None else 409
    return {}, int(done.record.rpartition("/")[2]), 302


def _given(request: HttpRequest) -> dict[str, str]:
    read = request.POST if request.method == "POST" else {"kind": EventKind.EVENT.value}
    return {name: str(read.get(name, "")).replace("\r\n", "\n") for name in FIELDS}


def _signer() -> Signer:
    return Signer(salt="upheld.report-link")


def _links(request: HttpRequest) -> list[Address]:
    """Return the links that are open; whoever leads hands them out."""
    found = [each for each in ReportLink.objects.filter(ended_at=None) if not why_shut(each)]
    return [
        Address(
            each.title,
            each.pk,
            each.until_on.isoformat(),
            request.build_absolute_uri(reverse("report-by-link", args=[_signer().sign(str(each.pk))])),
        )
        for each in found
    ]


def _link(request: HttpRequest, secret: str) -> ReportLink:
    """Return the link, if it is open and may be used from where whoever asks is; else raises `Http404`, always in the same words."""
    try:
        found = ReportLink.objects.filter(pk=int(_signer().unsign(secret))).first()
    except (BadSignature, ValueError):
        found = None
    if found is None or why_shut(found) or not _from_there(request, found):
        raise Http404(_("There is no such address."))
    return found


def _from_there(request: HttpRequest, link: ReportLink) -> bool:
    try:
        where = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return not link.networks
    return not link.networks or any(where in ip_network(each) for each in link.networks)
