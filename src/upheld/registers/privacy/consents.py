"""Actions on consents, and on how people sign up for services."""

from datetime import datetime
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.actions.files import Kept
from upheld.registers.privacy.processing_models import Consent, SignUp
from upheld.registers.rules import LEADS, STAFF, fill, not_ahead, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
When = Annotated[datetime | None, "when; now if not given"]
Owner = Annotated[PersonId, "who answers for it"]
Asks = Annotated[Prose, "what people are asked for, and what they must agree to"]
Required = Annotated[bool, "whether nobody can sign up without agreeing to marketing"]


@action(by=STAFF, makes=Consent)
def note_consent(
    *,
    by: Person,
    principal: Annotated[Line, "who agreed, as the log of that use calls them: a pseudonym rather than an address"],
    purpose: Annotated[Name, "a short name of what they agreed to, as that log calls it"],
    how: Annotated[Prose, "how they were asked, and what they did"],
    wording: Annotated[Kept, "what they were asked, word by word"],
    given_at: When = None,
) -> Consent:
    """Note that somebody agreed to a use of their data."""
    when = not_ahead(given_at, "given_at")
    if Consent.objects.filter(principal=principal, purpose=purpose, withdrawn_at=None).exists():
        raise ill(principal="This consent is there already, and was not withdrawn.")
    return keep(fill(Consent(), principal=principal, purpose=purpose, how=how, wording=wording, given_at=when))


@action(by=STAFF, when=lambda consent: "It was withdrawn already." if consent.withdrawn_at else "")
def withdraw_consent(consent: Consent, *, by: Person, at: When = None) -> Consent:
    """Note that `consent` was withdrawn: nothing is sent on it any more."""
    when = not_ahead(at)
    if when < consent.given_at:
        raise ill(at="It cannot have been withdrawn before it was given.")
    return keep(fill(consent, withdrawn_at=when))


def _open(sign_up: SignUp) -> str:
    return "Nobody signs up this way any more." if sign_up.ended_at else ""


@action(by=KEEPERS, makes=SignUp)
def declare_sign_up(*, by: Person, name: Name, title: Line, owner: Owner, asks: Asks, consent_required: Required) -> SignUp:
    """Declare a way to sign up for a service, as it is. Somebody else then looks whether it is so."""
    not_taken(SignUp, name)
    return keep(fill(SignUp(name=name), title=title, owner=owner, asks=asks, consent_required=consent_required))


@action(by=KEEPERS, when=_open)
def change_sign_up(sign_up: SignUp, *, by: Person, title: Line, owner: Owner, asks: Asks, consent_required: Required) -> SignUp:
    """Say anew how `sign_up` works; somebody else looks at it again."""
    said = {"title": title, "owner": owner, "asks": asks, "consent_required": consent_required}
    return keep(fill(sign_up, **said, checked_at=None, checked_by=""))


@action(
    by=KEEPERS,
    apart_from=["declare-sign-up", "change-sign-up"],
    why_apart="what was declared is looked at by somebody else",
    when=lambda sign_up: _open(sign_up) or ("It was looked at already." if sign_up.checked_at else ""),
)
def check_sign_up(sign_up: SignUp, *, by: Person) -> SignUp:
    """Say that you tried `sign_up`, and that it asks for what is written there."""
    return keep(fill(sign_up, checked_at=clock.now(), checked_by=by.ref))


@action(by=KEEPERS, when=_open)
def end_sign_up(sign_up: SignUp, *, by: Person) -> SignUp:
    """Say that nobody signs up by `sign_up` any more."""
    return keep(fill(sign_up, ended_at=clock.now()))
