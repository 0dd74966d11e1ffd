"""Who may ask for which address at all. One that is not listed here answers nobody, and a test fails."""

from dataclasses import dataclass
from enum import Enum

from upheld.accounts.person import Person
from upheld.accounts.role import Verb


class Open(Enum):
    """Addresses that are no matter of roles."""

    ANYONE = "anyone"  # before signing in
    SIGNED_IN = "signed in"  # one's own account
    SETTING_UP = "setting up"  # one's own account, also while a second factor is still missing


@dataclass(frozen=True)
class Asks:
    """Takes a right of `rights.toml`, or the same right to another thing; how far it reaches, the page itself keeps to."""

    verb: Verb
    thing: str
    others: tuple[str, ...] = ()

    def lets(self, person: Person) -> bool:
        """Whether any role of `person` gives the right."""
        return any(person.may(self.verb, thing) for thing in (self.thing, *self.others))


Access = Open | Asks

PROMISES, MEASURES = Asks(Verb.SEE, "promises"), Asks(Verb.SEE, "measures")
EVIDENCE, LEDGER, LOGS = Asks(Verb.SEE, "evidence"), Asks(Verb.SEE, "ledger"), Asks(Verb.SEE, "logs")
REGISTERS, POLICIES = Asks(Verb.SEE, "registers"), Asks(Verb.SEE, "policies")
ACT = Asks(Verb.DO, "registers")
# Customers' people see and answer what is their own customer's, which each record's scope decides.
RECORD, ANSWER = Asks(Verb.SEE, "registers", ("customer-space",)), Asks(Verb.DO, "registers", ("customer-space", "audit-space"))
SEE_ACCOUNTS = Asks(Verb.SEE, "accounts")

# By the name of the address in the urlconf. A name that ends in * stands for all that begin so.
ADDRESSES: dict[str, Access] = {
    "today": PROMISES,
    "customer": Open.SIGNED_IN,  # what is theirs alone
    "customer-trust": Open.SIGNED_IN,
    "customer-trust-page": Open.SIGNED_IN,
    "customer-terms": Open.SIGNED_IN,
    "customer-fetch": Open.SIGNED_IN,
    "customer-pack": Open.SIGNED_IN,
    "customer-contract": Open.SIGNED_IN,
    "customer-questionnaire": REGISTERS,
    "customer-questionnaire-file": RECORD,  # as it came, or with the answers: to whoever may see the record
    "search": Open.SIGNED_IN,  # each kind of what is found asks for its own right
    "coverage": MEASURES,
    "documents": PROMISES,
    "document": PROMISES,
    "promise": PROMISES,
    "measures": MEASURES,
    "measure": MEASURES,
    "measure-changes": MEASURES,
    "population-csv": Asks(Verb.SEE, "subjects"),
    "evidence": EVIDENCE,
    "table": EVIDENCE,
    "kept": EVIDENCE,
    "filters": Open.SIGNED_IN,  # one's own, on lists that ask for their own right
    "filter-drop": Open.SIGNED_IN,
    "logs": LOGS,
    "detection": LOGS,
    "ledger": LEDGER,
    "ledger-tile": LEDGER,
    "ledger-history": LEDGER,
    "ledger-proof": LEDGER,
    "ledger-checkpoint": Open.ANYONE,  # what others keep, so that we cannot change what was before it
    "ledger-rotations": Open.ANYONE,
    "scim": Open.ANYONE,  # identity providers; each shows the token of a source
    "witness": Open.ANYONE,  # other companies' logs; what they send is signed
    # Registers: what each shows and does, scope and the action's declaration decide
    "registers": REGISTERS,
    "register": REGISTERS,
    "record": RECORD,
    "register-export": REGISTERS,
    "register-import": ACT,
    "audits": REGISTERS,
    "audit-*": Asks(Verb.SEE, "audit-space"),
    "audit": REGISTERS,
    "policy-text": POLICIES,
    "document-version": POLICIES,
    "policy-compare": POLICIES,
    "questionnaire": REGISTERS,
    "answer-file": REGISTERS,
    "answer-by-link": Open.ANYONE,  # by a secret link, which whoever sent a supplier its questions handed out
    "incident": REGISTERS,
    "review": Asks(Verb.SEE, "access-reviews"),
    "review-paper": Asks(Verb.SEE, "access-reviews"),  # and then whoever leads or audits
    "first-secret": REGISTERS,
    "held": EVIDENCE,
    "held-as": EVIDENCE,
    "orders": EVIDENCE,
    "api-cleared": REGISTERS,
    "report": Open.SIGNED_IN,
    "report-by-link": Open.ANYONE,  # by an address that whoever leads handed out; it shows nothing but a form
    "mine": Open.SIGNED_IN,
    "calendar": Open.ANYONE,  # by a secret link, which is all that a calendar program can send
    "findings": Asks(Verb.SEE, "subjects"),
    "finding": PROMISES,  # and then either its subject by name, or that one was given it or asked about it
    "finding-file": PROMISES,
    "act": ANSWER,
    "api-openapi": REGISTERS,
    "api-records": REGISTERS,
    "api-record": REGISTERS,
    "api-act": ACT,
    "api-files": ACT,
    "door": Open.ANYONE,  # a tablet at the door, by a secret link; it signs visitors in and out, and shows nobody
    "kiosk-link": REGISTERS,
    "desk-round": Asks(Verb.DO, "facilities"),
    "site-round": Asks(Verb.DO, "facilities"),
    "zone-rules": Asks(Verb.SEE, "facilities"),
    "use-rules": Asks(Verb.SEE, "assets"),
    "receipt": REGISTERS,
    "trust": Open.ANYONE,  # what was published, for everybody; nothing is there until somebody opens it
    "trust-page": Open.ANYONE,
    "trust-subscribe": Open.ANYONE,
    "trust-subscription": Open.ANYONE,  # by a secret link, which was mailed
    "security-txt": Open.ANYONE,
    "robots-txt": Open.ANYONE,
    "health": Open.ANYONE,
    # Signing in
    "account_login": Open.ANYONE,
    "account_logout": Open.ANYONE,
    "account_inactive": Open.ANYONE,
    "sign-in-link": Open.ANYONE,
    "sign-in-forgotten": Open.ANYONE,
    "sign-in-sample": Open.ANYONE,
    "mfa_authenticate": Open.ANYONE,
    "mfa_login_webauthn": Open.ANYONE,
    "openid_connect_login": Open.ANYONE,
    "openid_connect_callback": Open.ANYONE,
    "saml_*": Open.ANYONE,
    "socialaccount_login_cancelled": Open.ANYONE,
    "socialaccount_login_error": Open.ANYONE,
    "socialaccount_signup": Open.ANYONE,
    "language": Open.ANYONE,
    # One's own account
    "account": Open.SETTING_UP,
    "account_change_password": Open.SETTING_UP,
    "account_set_password": Open.SETTING_UP,
    "account_reauthenticate": Open.SETTING_UP,
    "mfa_*": Open.SETTING_UP,
    "account-session-end": Open.SIGNED_IN,
    "account-token-revoke": Open.SIGNED_IN,
    # Other people's accounts
    "people-who-sign-in": SEE_ACCOUNTS,
    "one-who-signs-in": SEE_ACCOUNTS,
}


def access_of(name: str | None) -> Access | None:
    """Return who may ask for the address called `name`; None for one that nobody classified."""
    if name is None:
        return None
    if name in ADDRESSES:
        return ADDRESSES[name]
    return next((access for known, access in ADDRESSES.items() if known.endswith("*") and name.startswith(known[:-1])), None)
