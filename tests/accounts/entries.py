"""What the ledger says happened."""

from upheld.ledger import canonical, entry, sequencer, store
from upheld.ledger.entry import Entry


def entries(*kinds: str) -> list[Entry]:
    """Return the entries of `kinds`, all where none is named, in their order."""
    found = [entry.read(canonical.read(each)) for each in _all()]
    return [each for each in found if not kinds or each.kind in kinds]


def everything() -> str:
    """Return every byte of the log as text, to look for what must not be in it."""
    return b"".join(_all()).decode()


def _all() -> list[bytes]:
    sequencer.sequence()
    log = store.current()
    assert log is not None, "the test's workspace has a ledger"
    return list(log.entries(0, log.size()))
