"""Secrets set on the systems themselves: the first one of an account, or another in the place of one that came out."""

from upheld import clock
from upheld.accounts.person import Person
from upheld.registers.access.models import SecretLink
from upheld.registers.evidence import evidence
from upheld.registers.ordering import Wanted, ask, tried
from upheld.sources.enforcing import Order, Outcome, Verb
from upheld.sources.models import Enforcement

_ACCOUNT = """
    SELECT source, id FROM accounts
    WHERE system_id = $system AND (lower(user_name) = lower($account) OR identifier = lower($account))
    ORDER BY source, id
"""


def where(system: str, account: str) -> list[tuple[str, str]]:
    """Return the source and accounts.id of everything that signs in to `system` as `account`, as sources tell."""
    with evidence(clock.now(), ["accounts"]) as connection:
        return connection.execute(_ACCOUNT, {"system": system, "account": account}).fetchall()


def set_there(link: SecretLink, by: Person) -> bool:
    """Let the secret of `link` be set on its system, to be changed at first use; return whether a source does that."""
    return order(Verb.RESET_SECRET, link.system, link.account, f"first-secret/{link.pk}", f"first-secret:{link.pk}", by, link.person)


def make_there(link: SecretLink, source: str, by: Person) -> bool:
    """Let the account of `link` be made by `source`, with its secret, to be changed at first use; return whether it takes orders."""
    wanted = Wanted(source, Order(Verb.CREATE, link.account), f"first-secret/{link.pk}", f"first-secret:{link.pk}", link.person)
    return ask(wanted, by)


def order(verb: Verb, system: str, account: str, key: str, reason: str, by: Person, person: str) -> bool:
    """Order `verb` for the one account of that name; return whether a source does that. Nobody guesses which of several is meant."""
    found = where(system, account)
    if len(found) != 1:
        return False
    source, account_id = found[0]
    return ask(Wanted(source, Order(verb, account_id), key, reason, person), by)


def last_order(key: str) -> Enforcement | None:
    """Return the last order under `key`, None where there is none."""
    orders = tried(key)
    return orders[-1] if orders else None


def is_being_made(link: SecretLink) -> bool:
    """Whether the account of `link` is made with its secret, and no source tells of the account yet."""
    row = last_order(f"first-secret/{link.pk}")
    return row is not None and row.verb == Verb.CREATE and row.outcome != Outcome.REFUSED and not where(link.system, link.account)


def not_set(link: SecretLink) -> str:
    """Return why the secret of `link` does not open anything on its system, "" if it does or somebody sets it by hand."""
    row = last_order(f"first-secret/{link.pk}")
    if row is None or row.outcome == Outcome.CARRIED_OUT:
        return ""
    if row.outcome == Outcome.REFUSED:
        return f"{row.source.name} refused to set it: {row.said}. Ask for another."
    return "It is being set on its system; try again in a few minutes."
