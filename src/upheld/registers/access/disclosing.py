"""Actions on secrets that came out."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.kinds import Text
from upheld.registers.access.kinds import SecretKind
from upheld.registers.access.models import Disclosure
from upheld.registers.rules import LEADS, STAFF, all_known, not_ahead
from upheld.registers.staff import PersonId
from upheld.registers.words import Prose


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


@action(by=LEADS, when=lambda case: "It is closed already." if case.closed_at else "")
def close_disclosure(
    disclosure: Disclosure, *, by: Person, outcome: Annotated[Prose, "what was reset and ended, and what it was used for until then"]
) -> Disclosure:
    """Close `disclosure`. Whether the secret was changed is not said here: it is read from the system."""
    disclosure.closed_at, disclosure.closed_by, disclosure.outcome = clock.now(), by.ref, outcome
    return keep(disclosure)
