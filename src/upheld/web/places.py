"""The six places of the menu, what lies within each, and which of it somebody may see."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.web.access import Open, access_of


@dataclass(frozen=True)
class Place:
    """An entry of the menu; `here` is "page" on the page itself, "true" below it, else empty. `within` lies in it, if one is there."""

    words: str
    address: str
    here: str
    within: tuple["Place", ...] = ()


Words = str | Promise
# Name of the page, of its address, what it is called, and the right that it takes.
Within = tuple[str, str, Words, str]
PLACES: tuple[tuple[Words, tuple[Within, ...]], ...] = (
    (
        _("Today"),
        (
            ("today", "today", _("Overview"), "promises"),
            ("mine", "mine", _("My work"), "policies"),
            ("findings", "findings", _("Findings"), "subjects"),
        ),
    ),
    (_("Promises"), (("promises", "documents", _("Promises"), "promises"),)),
    (
        _("Registers"),
        (
            ("registers", "registers", _("All registers"), "registers"),
            ("people", "people-who-sign-in", _("Accounts"), "accounts"),
        ),
    ),
    (
        _("Evidence"),
        (
            ("evidence", "evidence", _("Sources and tables"), "evidence"),
            ("logs", "logs", _("Logs"), "logs"),
            ("held", "held", _("Who had access"), "evidence"),
            ("measures", "measures", _("Measures"), "measures"),
            ("coverage", "coverage", _("Coverage"), "measures"),
            ("kept", "kept", _("What is kept"), "evidence"),
            ("ledger", "ledger", _("Ledger"), "ledger"),
        ),
    ),
    (_("Audits"), (("audits", "audits", _("Audits"), "registers"), ("audit-space", "audit-spaces", _("Auditor's space"), "audit-space"))),
    ("Trust Center", (("trust", "trust", "Trust Center", "promises"),)),
)


def places(person: Person, here: str) -> tuple[Place, ...]:
    """Return the entries of the menu that `person` may see; `here` names the page that is shown."""
    return tuple(place for words, within in PLACES if (place := _place(person, str(words), within, here)))


def _place(person: Person, words: str, within: tuple[Within, ...], here: str) -> Place | None:
    """Return one place with what lies in it, or None where `person` may see none of that."""
    seen = [(name, address, said) for name, address, said, thing in within if _may(person, address, thing)]
    if not seen:
        return None
    pages = tuple(Place(str(said), reverse(address), _here(name, here)) for name, address, said in seen)
    inside = any(name == here for name, _address, _said in seen)
    at = pages[0].here or ("true" if inside else "")
    return Place(words, pages[0].address, at, pages if inside and len(pages) > 1 else ())


def _here(name: str, here: str) -> str:
    return "" if name != here else "page" if name == "today" else "true"


def _may(person: Person, address: str, thing: str) -> bool:
    its_own = access_of(address) is Open.SIGNED_IN  # somebody's own page, of which nobody signed in has none
    return person.may(Verb.SEE, thing) and (person.signed_in or not its_own)
