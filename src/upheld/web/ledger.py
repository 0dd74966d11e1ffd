"""The ledger: how large, signed by whom, its last entries, and how anyone verifies it. Names nobody."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from upheld.ledger import anchors, canonical, entry, store
from upheld.ledger.append import NoLedger
from upheld.ledger.entry import Entry
from upheld.ledger.sequencer import Status, status
from upheld.ledger.standing import Standing, standing
from upheld.ledger.store import StoredLog
from upheld.ledger.witness.watching import Watching, watching
from upheld.web.page import answer
from upheld.web.population import PER_PAGE


@dataclass(frozen=True)
class EntryShown:
    """One entry: its number, when, what happened, and to what; a person is never named. `type` and `id` lead to a thing's history."""

    number: int
    at: datetime
    kind: str
    subject: str
    type: str = ""
    id: str = ""


@dataclass(frozen=True)
class LedgerPage:
    """How the log stands (None: there is none yet), with others, its last checkpoint as a note, and entries, newest first."""

    status: Status | None
    others: Standing | None
    watched: tuple[Watching, ...]
    note: str
    entries: tuple[EntryShown, ...]
    before: int | None


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the ledger; `before` in the address asks for the entries below that number."""
    log = store.current()
    try:
        stands = status() if log else None
    except NoLedger:
        stands = None
    if log is None or stands is None:
        return answer(request, "ledger", LedgerPage(None, None, (), "", (), None), place="ledger")
    end = _end(request.GET.get("before", ""), stands.size)
    start = max(0, end - PER_PAGE)
    checkpoint = log.checkpoint()
    note = anchors.note(log, *checkpoint) if checkpoint else ""
    page = LedgerPage(stands, standing(log), tuple(watching()), note, _entries(log, start, end), start or None)
    return answer(request, "ledger", page, place="ledger")


def _end(text: str, size: int) -> int:
    """Return the number that entries are asked for below; the size for anything that is none."""
    number = int(text[:19]) if text.isascii() and text.isdecimal() else size
    return min(max(number, 0), size)


def _entries(log: StoredLog, start: int, end: int) -> tuple[EntryShown, ...]:
    read = [entry.read(canonical.read(each)) for each in log.entries(start, end)]
    return tuple(reversed([_shown(start + at, each) for at, each in enumerate(read)]))


def _shown(number: int, each: Entry) -> EntryShown:
    party = each.subject
    subject = "" if party is None else f"{party.type} {party.id}" if party.id else f"a {party.type}"
    known = (party.type, party.id) if party is not None and party.id else ("", "")
    return EntryShown(number, each.at, each.kind, subject, *known)
