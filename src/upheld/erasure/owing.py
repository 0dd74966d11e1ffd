"""Going on after a machine was put back whole: the erasures that it has forgotten are told by their receipts, and owed until done again."""

from collections.abc import Sequence

from django.db import transaction

from upheld.erasure import receipt
from upheld.erasure.acting import CLI
from upheld.erasure.plan import Refused
from upheld.ledger import forgetting, sequencer, signers
from upheld.ledger.append import append
from upheld.ledger.checkpoint import MalformedKey
from upheld.ledger.continuity import LedgerForked
from upheld.ledger.placing import NotLoggable
from upheld.ledger.sequencer import Sequenced
from upheld.vault import erasures, owed
from upheld.vault.keys import Vault


class ErasuresOwed(RuntimeError):
    """People who were erased are here again. Nothing is served or read until they are erased again."""


def go_on(reason: str, vault: Vault, *, receipts: Sequence[str] = (), none_erased: bool = False) -> Sequenced:
    """Go on in a new log for `reason`, owing each erasure of `receipts` that is not known here.

    Where this machine has forgotten what was signed, somebody must say what was erased since: by receipts, or that nobody was.
    Raises `Refused` if nobody says so, `NotGenuine` for a receipt that the keys of the old log did not sign.
    """
    said = forgetting.why(sequencer.current())
    if said and not (receipts or none_erased):
        raise Refused(
            f"{said}: whoever was erased since is here again, and nothing here knows whom. Give the receipts of those erasures "
            "(--receipt FILE, for each), or say that there was none (--none-erased). Nothing was changed"
        )
    known = {each.id for each in erasures.listed(vault)}
    told = [str(receipt.verified(text, signers.known())["erasure"]) for text in receipts]
    lost = sorted({*told} - known)
    owed.owe(vault, lost)
    return sequencer.new_shard(reason, more={"erasures_owed": [*lost]} if said else {})


def goes_on_by_itself() -> bool:
    """Whether the current log can be signed as it stands; what waits is placed and signed to see it.

    Nothing is signed where this machine may have forgotten what was: that would be the second history.
    """
    if forgetting.why(sequencer.current()):
        return False
    try:
        sequencer.require_going_on()  # first: what is placed in a log that nobody can sign is in neither
        sequencer.sequence()
    except (LedgerForked, NotLoggable, MalformedKey, OSError):
        return False
    return True


def require_none(vault: Vault) -> None:
    """Raise `ErasuresOwed` while any is."""
    if left := owed.owed(vault):
        raise ErasuresOwed(
            f"{len(left)} erased people are here again, since this machine was put back as it was earlier: erase each again, by "
            f"`upheld erase PERSON --again ERASURE`. Owed: {', '.join(left)}"
        )


def settle(vault: Vault, erasure: str, *, found: bool) -> None:
    """Note, and enter, that the owed `erasure` was done again, or that nobody was `found`. Raises `Refused` if it is not owed."""
    require_owed(vault, erasure)
    with transaction.atomic():
        append("erasure.settled", subject=("record", erasure), body={"erasure": erasure, "found": found}, actor=CLI)
    owed.paid(vault, erasure)
    sequencer.sequence()


def require_owed(vault: Vault, erasure: str) -> None:
    """Raise `Refused` unless `erasure` is owed."""
    if erasure not in owed.owed(vault):
        raise Refused(f"no erasure {erasure!r} is owed here: see upheld erased list")
