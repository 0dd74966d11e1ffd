"""What vouches for a paper: the digest of the text, the ledger with its key and last checkpoint, and the commands to check them by."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from upheld.exports.position import Position
from upheld.ledger import anchors, sequencer
from upheld.ledger.store import StoredLog
from upheld.verdicts.standing import DocumentStanding


def note(log: StoredLog) -> str:
    """Return the last checkpoint of `log`, with whatever vouches for it; "" where there is none."""
    found = log.checkpoint()
    return anchors.note(log, *found) if found else ""


def ledger_facts(log: StoredLog) -> Iterator[tuple[str, str]]:
    """Yield what it takes to verify an entry of `log`: its name, its key and its checkpoint."""
    yield _("Ledger"), log.origin
    yield _("Its key"), sequencer.verification_key(log).text()
    yield _("Checkpoint"), note(log).strip()


def proof(position: Position, document: DocumentStanding) -> Iterator[tuple[str, str]]:
    """Yield what the paper's page about checking it says."""
    yield _("SHA-256 of the document's text"), document.document.digest
    if position.entry is not None:
        yield _("Entry of the judgement"), str(position.entry)
    yield from ledger_facts(position.log)


def steps(position: Position) -> Iterator[str]:
    """Yield the commands by which the judgement is checked; the second needs nothing of the company's but its key."""
    if position.entry is not None:
        yield f"upheld ledger proof {position.entry} --output judgement.tlog-proof"
    yield f"upheld verify judgement.tlog-proof --key '{sequencer.verification_key(position.log).text()}'"
