"""What a customer's contract with us says: which promises, in which version; by when it is told what, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from upheld.accounts.person import SignedInRequest
from upheld.checks.span import Span, span
from upheld.documents.document import Document, Promise
from upheld.documents.published import versions
from upheld.registers.owing import interval
from upheld.registers.privacy.models import Contract
from upheld.web.customer import contracts_of, customer_of
from upheld.web.page import answer
from upheld.web.trust import serving
from upheld.web.trust.gathering import CUSTOMERS
from upheld.web.trust.public import PublicPromise

# What a contract may say by when, and the parameter that holds where it does not; "" where the law alone does.
DEADLINES = (
    ("subprocessor_notice", "change_notice"),
    ("transfer_notice", "change_notice"),
    ("breach_notice", ""),
    ("rights_within", "subject_help_within"),
    ("information_within", "information_window"),
    ("deletion_within", "deletion_window"),
)


@dataclass(frozen=True)
class Deadline:
    """A time that the contract gives, or that we keep where it gives none (`ours`)."""

    name: str
    length: Span
    ours: bool


@dataclass(frozen=True)
class Promised:
    """A sentence of the annex, and how it stands now; None where what is published now does not promise it any more, or otherwise."""

    promise: Promise
    now: PublicPromise | None


@dataclass(frozen=True)
class ContractPage:
    """A contract's scope. `document` is its annex in the version agreed; `newer` the version in force, where that is another."""

    contract: Contract
    document: Document | None
    newer: str
    promises: tuple[Promised, ...]
    deadlines: tuple[Deadline, ...]
    shown: bool


@require_safe
def contract(request: HttpRequest, customer: str, number: int) -> HttpResponse:
    """Show what one contract says, to whoever is here for the customer."""
    whose = customer_of(cast(SignedInRequest, request).person, customer)
    found = contracts_of(whose).filter(pk=number).select_related("customer").first() if whose else None
    if found is None:
        raise Http404
    every = versions(found.annex) if found.annex else ()
    agreed = next((each.document for each in every if each.document.version == found.annex_version), None)
    newer = every[0].document.version if every and agreed and every[0].document.digest != agreed.digest else ""
    site = serving.current(CUSTOMERS)
    public = {each.id: each for doc in site.public.documents for each in doc.promises} if site else {}
    promises = tuple(_promised(agreed, every[0].document, public)) if agreed else ()
    worded = agreed.in_language(get_language()) if agreed else None
    page = ContractPage(found, worded, newer, promises, tuple(_deadlines(found)), site is not None)
    return answer(request, "customers/contract", page, place="customer")


def _promised(agreed: Document, now: Document, public: dict[str, PublicPromise]) -> Iterator[Promised]:
    """Yield what was `agreed`, in the reader's words; whether it still is said is told by the document's own."""
    said = {each.id: each.text for each in now.promises}
    for own, worded in zip(agreed.promises, agreed.in_language(get_language()).promises, strict=True):
        yield Promised(worded, public.get(own.id) if said.get(own.id) == own.text else None)


def _deadlines(contract: Contract) -> Iterator[Deadline]:
    for name, parameter in DEADLINES:
        said = getattr(contract, name)
        if said or parameter:
            yield Deadline(name, span(said) if said else interval("privacy", parameter), not said)
