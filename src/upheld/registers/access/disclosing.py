"""Actions on secrets that came out."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused
from upheld.actions.kinds import Number, Text
from upheld.registers.access.kinds import SecretKind
from upheld.registers.access.models import Disclosure
from upheld.registers.access.resetting import order
from upheld.registers.access.secrets import make_link
from upheld.registers.rules import LEADS, STAFF, all_known, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose
from upheld.sources.enforcing import Verb


@action(by=STAFF, makes=Disclosure)
def report_disclosure(
    *,
    by: Person,
    system: Annotated[str, Text(60), "the system's short name in the list of systems"],
    account: Annotated[str, Text(200), "the name the account signs in with. Never write the secret itself here"],
    kind: SecretKind = SecretKind.PASSWORD,
    how: Annotated[Prose, "how it came out, without the secret itself"],
    person: Annotated[PersonId | None, "whose account it is, where you know"] = None,
    at: Annotated[datetime | None, "when you noticed; now if not given"] = None,
) -> Disclosure:
    """Report that a password, key or token came out or may have. It is to be changed within the window, whoever's fault it was."""
    all_known("system", [system], "System")
    told = {"system": system, "account": account, "kind": kind, "how": how, "person": person or ""}
    return keep(Disclosure(reported_by=by.ref, reported_at=not_ahead(at), **told))


def _closed(case: Disclosure) -> str:
    return "It is closed already." if case.closed_at else ""


@action(by=LEADS, when=_closed)
def reset_disclosed(
    disclosure: Disclosure,
    *,
    by: Person,
    hours: Annotated[int, Number(1, 168), "for how long the person can open the new secret"] = 72,
) -> Disclosure:
    """Set another secret in the place of the one that came out, and end the sessions that it began, where a source can.

    The person opens the new one by a link of their own; where nobody is known, nobody has it.
    """
    key, reason = f"disclosure/{disclosure.pk}", f"disclosure:{disclosure.pk}"
    whose = (disclosure.system, disclosure.account)
    if not order(Verb.END_SESSIONS, *whose, f"{key}/sessions", reason, by, disclosure.person):
        raise Refused("No source that takes orders tells of exactly one such account; reset it by hand, it is looked for on the system.")
    if disclosure.person:
        make_link(by, disclosure.person, *whose, hours)
    else:
        order(Verb.RESET_SECRET, *whose, f"{key}/reset", reason, by, "")
    return keep(disclosure)


@action(by=LEADS, when=_closed)
def close_disclosure(
    disclosure: Disclosure, *, by: Person, outcome: Annotated[Prose, "what was reset and ended, and what it was used for until then"]
) -> Disclosure:
    """Close `disclosure`. Whether the secret was changed is not said here: it is read from the system."""
    disclosure.closed_at, disclosure.closed_by, disclosure.outcome = clock.now(), by.ref, outcome
    return keep(disclosure)
