"""The customer space: terms of confidentiality agreed to, documents fetched and marked, and the pack of all that customers may read."""

from dataclasses import dataclass
from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upheld import clock
from upheld.accounts.person import Person, SignedInRequest
from upheld.actions.asking import ask
from upheld.actions.declaring import declared
from upheld.actions.errors import Ill, Refused
from upheld.actions.files import Kept
from upheld.registers.privacy.models import Customer
from upheld.registers.trust.sharing_models import Fetched, SharedDocument, Terms
from upheld.web.customer import customer_of
from upheld.web.page import answer
from upheld.web.trust import serving, writing
from upheld.web.trust.gathering import CUSTOMERS
from upheld.web.trust.marking import NotMarked, marked
from upheld.web.trust.site import File, Site

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class TermsPage:
    """Terms of confidentiality to be agreed to for a customer: as they are, what was typed, and what is wrong with it."""

    customer: Customer
    terms: Terms
    name: str
    wrong: str


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, customer: str, number: int) -> HttpResponse:
    """Show terms of confidentiality, and take the agreement to them."""
    person, whose = _here(request, customer)
    found = Terms.objects.filter(pk=number, ended_at=None, documents__ended_at=None).distinct().first()
    if found is None or not any(each.is_for(whose) for each in found.documents.all()):
        raise Http404
    if request.method != "POST":
        return answer(request, "trust/terms", TermsPage(whose, found, person.name, ""), place="customer")
    name = request.POST.get("name", "")
    given = {"terms": str(number), "customer": customer, "name": name, "digest": request.POST.get("digest", "")}
    try:
        ask(declared()["trust.agree-to-terms"], given, by=person)
    except Ill as error:
        wrong = " ".join(said for each in error.fields.values() for said in each)
        return answer(request, "trust/terms", TermsPage(whose, found, name, wrong), place="customer", status=400)
    except Refused as error:
        return answer(request, "trust/terms", TermsPage(whose, found, name, str(error)), place="customer", status=409)
    return HttpResponseRedirect(reverse("customer"))


@require_POST
def fetch(request: HttpRequest, customer: str, number: int) -> HttpResponse:
    """Hand out a shared document, marked with who fetched it; that it was fetched is a record and an entry of the ledger."""
    person, whose = _here(request, customer)
    document = SharedDocument.objects.filter(pk=number, ended_at=None).select_related("terms").first()
    if document is None or not document.is_for(whose):
        raise Http404
    kept = Kept.named(document.file)
    if kept is None:
        raise Http404(_("The file of this document is gone; ask for it to be shared anew."))
    try:
        with transaction.atomic():  # what cannot be marked is not handed out, and was not fetched
            done = ask(declared()["trust.fetch-document"], {"document": str(number), "customer": customer}, by=person)
            record = cast(Fetched, done.result)
            content = marked(kept.path.read_bytes(), _mark(record, person))
    except (Refused, NotMarked) as error:
        return HttpResponse(f"{error}\n", status=409, content_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": f'attachment; filename="document-{number}-{record.pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _mark(record: Fetched, person: Person) -> str:
    said = {"number": record.pk, "customer": record.customer.title, "person": person.name, "at": f"{record.at:%Y-%m-%d %H:%M}"}
    return _("%(number)d · for %(customer)s, %(person)s · %(at)s UTC · confidential") % said


@require_safe
def pack(request: HttpRequest, customer: str) -> HttpResponse:
    """Hand out all that customers may read of the promises, with proofs, as one zip file to be opened anywhere."""
    _here(request, customer)
    site = serving.current(CUSTOMERS)
    if site is None:
        raise Http404
    packed = site.once("assurance.zip", lambda: _packed(site))
    headers = {"Content-Disposition": f'attachment; filename="assurance-{clock.now():%Y-%m-%d}.zip"'}
    return HttpResponse(packed.content, content_type=packed.media, headers=headers)


def _packed(site: Site) -> File:
    """Return the files of `site` as they lie in a folder, packed: made once for all that ask, until something of it changes."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for path, content in writing.files(Site(site.public, writing.INDEX)):
            archive.writestr(ZipInfo(path, _EPOCH), content, ZIP_DEFLATED)
    return File("application/zip", packed.getvalue())


def _here(request: HttpRequest, name: str) -> tuple[Person, Customer]:
    """Return who asks, and the customer called `name` that they are here for; to anybody else there is none."""
    person = cast(SignedInRequest, request).person
    found = customer_of(person, name)
    if found is None:
        raise Http404
    return person, found
