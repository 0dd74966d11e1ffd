"""Actions on the Trust Center itself: open it, say anew what it says, close it; and how much of each promise is shown to whom."""

import re
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Text
from upheld.documents.publication import documents
from upheld.registers.rules import LEADS, fill
from upheld.registers.trust.models import Language, PromiseShown, Shown, ToAuditors, TrustCenter
from upheld.registers.words import Line, Prose

# RFC 9116 wants the day to be less than a year away, so that nobody writes to an address that is long gone.
LONGEST = timedelta(days=366)
_MAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")

Company = Annotated[str, Text(120), "what the company is called"]
Contact = Annotated[Line, "where weaknesses are reported: a mail address that nobody's name is in, or an https address"]
UntilOn = Annotated[date | None, "until when that contact holds, a year at most; in half a year if not given"]
About = Annotated[Prose | None, "what the company does, and for whom; a few sentences"]
Policy = Annotated[Line | None, "the https address of the rules for who reports a weakness"]
Public = Annotated[Shown, "how much of each promise everybody is shown"]
Customers = Annotated[Shown, "how much of each promise customers are shown, at least as much as everybody"]
Auditors = Annotated[ToAuditors, "whether auditors are shown who and what passes and fails, or how many"]


def _open(center: TrustCenter) -> str:
    return "It is closed." if center.closed_at else ""


@action(by=LEADS, makes=TrustCenter)
def open_trust_center(
    *,
    by: Person,
    company: Company,
    contact: Contact,
    contact_until_on: UntilOn = None,
    about: About = None,
    reporting_policy: Policy = None,
    language: Language = Language.ENGLISH,
    public: Public = Shown.MEANS,
    customers: Customers = Shown.NUMBERS,
    auditors: Auditors = ToAuditors.SUBJECTS,
) -> TrustCenter:
    """Open the Trust Center: from now on whoever reaches the product reads, without signing in, what was published."""
    if TrustCenter.objects.filter(closed_at=None).exists():
        raise Refused("The Trust Center is open already; change it.")
    said: dict[str, Any] = {"company": company, "about": about, "language": language, "public": public, "customers": customers}
    said |= {"auditors": auditors, "contact": contact, "contact_until_on": contact_until_on, "reporting_policy": reporting_policy}
    return keep(_filled(TrustCenter(opened_at=clock.now()), said))


@action(by=LEADS, when=_open)
def change_trust_center(
    center: TrustCenter,
    *,
    by: Person,
    company: Company,
    contact: Contact,
    contact_until_on: UntilOn = None,
    about: About = None,
    reporting_policy: Policy = None,
    language: Language = Language.ENGLISH,
    public: Public = Shown.MEANS,
    customers: Customers = Shown.NUMBERS,
    auditors: Auditors = ToAuditors.SUBJECTS,
) -> TrustCenter:
    """Say anew what the Trust Center says of the company, and how much it shows."""
    said: dict[str, Any] = {"company": company, "about": about, "language": language, "public": public, "customers": customers}
    said |= {"auditors": auditors, "contact": contact, "contact_until_on": contact_until_on, "reporting_policy": reporting_policy}
    return keep(_filled(center, said))


@action(by=LEADS, when=_open)
def close_trust_center(center: TrustCenter, *, by: Person, why: Prose) -> TrustCenter:
    """Close the Trust Center: nobody reads it any more without signing in."""
    return keep(fill(center, closed_at=clock.now()))


@action(by=LEADS, makes=PromiseShown)
def show_promise(
    *,
    by: Person,
    promise: Annotated[str, Text(120), "the id of a promise, as in iso:4.1.4"],
    public: Public,
    customers: Customers,
    auditors: Auditors = ToAuditors.SUBJECTS,
    why: Annotated[Prose, "why less or more of it is shown than of the others"],
) -> PromiseShown:
    """Say how much of one promise is shown to whom. Whatever is left out is said to be left out, and never counts as upheld."""
    if promise not in {each.id for document in documents() for each in document.promises}:
        raise ill(promise="There is no such promise in any document.")
    _in_order(public, customers)
    found = PromiseShown.objects.filter(promise=promise).first() or PromiseShown(promise=promise)
    return keep(fill(found, public=public, customers=customers, auditors=auditors, why=why))


def _filled(center: TrustCenter, said: dict[str, Any]) -> TrustCenter:
    _in_order(said["public"], said["customers"])
    _must_reach(said["contact"])
    if said["reporting_policy"] and not _is_https(said["reporting_policy"]):
        raise ill(reporting_policy="Write an https address.")
    today = clock.now().date()
    until_on = said["contact_until_on"] or today + LONGEST / 2
    if not today < until_on <= today + LONGEST:
        raise ill(contact_until_on="This day lies after today, and a year ahead at most.")
    return fill(center, **said | {"contact_until_on": until_on})


def _must_reach(contact: str) -> None:
    if not (_is_https(contact) or _MAIL.fullmatch(contact)):
        raise ill(contact="Write a mail address, as security@example.org, or an https address.")


def _is_https(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and not any(character.isspace() for character in address)


def _in_order(public: Shown, customers: Shown) -> None:
    if customers.rank < public.rank:
        raise ill(customers="Customers are shown at least as much as everybody.")
