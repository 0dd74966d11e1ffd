"""What the ledger says of one thing: as known at a checkpoint, as it held on a day; and the proof of an entry, as a file to keep."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.ledger import proving, store
from upheld.ledger.entry import IMPERSONAL
from upheld.ledger.history import Told, history
from upheld.ledger.store import NoEntry, NotAsSigned, StoredLog
from upheld.web.page import answer
from upheld.web.witness import TEXT

_LONGEST = 1024
_MOST_SHOWN = 500


@dataclass(frozen=True)
class ToldPage:
    """What was asked for, as it was written, what is `wrong` with it, and the entries, newest first; `more` are not shown.

    `size` is that of the checkpoint which covers the answer, 0 where none was asked for.
    """

    type: str
    id: str
    known: str
    effective: str
    wrong: str
    origin: str
    size: int
    checkpoints: tuple[tuple[int, datetime], ...]
    entries: tuple[Told, ...]
    more: int


@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """Show what the ledger says of `type` and `id` in the address; `known` is a checkpoint's size, `effective` a day."""
    log = _log()
    type, id = (request.GET.get(name, "").strip()[:_LONGEST] for name in ("type", "id"))
    known, effective = (request.GET.get(name, "").strip()[:20] for name in ("known", "effective"))
    found, size, wrong = _asked(log, type, id, known, effective)
    shown = tuple(reversed(found[-_MOST_SHOWN:]))
    page = ToldPage(type, id, known, effective, wrong, log.origin, size, _checkpoints(log), shown, len(found) - len(shown))
    return answer(request, "told", page, place="ledger")


@require_safe
def proof(_request: HttpRequest, index: int) -> HttpResponse:
    """Return an entry of the current log with its proof, under the newest checkpoint that witnesses saw."""
    log = _log()
    try:
        found = proving.prove(log, index)
    except NoEntry as error:
        raise Http404(str(error)) from error
    except NotAsSigned as error:
        return HttpResponse(f"{error}\n", status=500, content_type=TEXT)
    named = f"{log.origin.replace('/', '_')}.{index}.tlog-proof"
    return HttpResponse(found.text(), content_type=TEXT, headers={"Content-Disposition": f'attachment; filename="{named}"'})


def _asked(log: StoredLog, type: str, id: str, known: str, effective: str) -> tuple[list[Told], int, str]:
    """Return the entries, oldest first, the size that was asked for, and what is wrong with what was asked."""
    if not type and not id:
        return [], 0, ""
    if type not in IMPERSONAL:
        return [], 0, _("Entries about people name nobody. Who holds the keys asks on the machine: upheld ledger history person NUMBER.")
    if known and not (known.isascii() and known.isdecimal()):
        return [], 0, _("A checkpoint is given by the number of its entries.")
    try:
        at = datetime.combine(date.fromisoformat(effective), time.max, UTC) if effective else None
        found = history(type, id, known=(log.origin, int(known)) if known else None, effective_at=at)
    except NoEntry as error:
        return [], 0, str(error)
    except (ValueError, OverflowError):
        return [], 0, _("Write days as in 2026-05-03.")
    return found, int(known or 0), ""


def _checkpoints(log: StoredLog) -> tuple[tuple[int, datetime], ...]:
    """Return size and instant of the last checkpoints, newest first."""
    return tuple(log.checkpoints(20))


def _log() -> StoredLog:
    log = store.current()
    if log is None:
        raise Http404
    return log
