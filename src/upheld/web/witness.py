"""The witness's address for other logs, and our own log's checkpoint and hashes for everybody's tools (C2SP tlog-witness, tlog-tiles)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from upheld.ledger import anchors, rotating, store, tiles
from upheld.ledger.store import NoEntry, StoredLog
from upheld.ledger.tiles import ENTRIES, MalformedTile
from upheld.ledger.witness import cosigner, request
from upheld.ledger.witness.cosigner import NotCosigned

TEXT = "text/plain; charset=utf-8"
_FOR_EVER = "public, max-age=31536000, immutable"


@csrf_exempt  # the sender is a program, and what it sends is signed
@require_POST
def add_checkpoint(asked: HttpRequest) -> HttpResponse:
    """Answer a log that asks for our cosignature. Where we watch no log, nothing is here."""
    try:
        length = asked.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdecimal()) or int(length[:9]) > request.MAX_BYTES:
            raise NotCosigned(413, f"at most {request.MAX_BYTES:,} bytes")
        return HttpResponse(cosigner.add_checkpoint(asked.read(request.MAX_BYTES + 1)), content_type=TEXT)
    except NotCosigned as refused:
        return HttpResponse(refused.body, status=refused.status, content_type=refused.media_type)


@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Return the last checkpoint with every cosignature kept for it."""
    log = _log()
    signed = log.checkpoint()
    if signed is None:
        raise Http404
    return HttpResponse(anchors.note(log, *signed), content_type=TEXT)


@require_safe
def rotations(_request: HttpRequest) -> HttpResponse:
    """Return every statement by which the signing key was rotated, in order."""
    return HttpResponse("\n".join(rotating.statements(_log())), content_type=TEXT)


@require_safe
def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """Return hashes of the tree. Entries are not published: they say what a company runs."""
    log = _log()
    signed = log.checkpoint()
    try:
        wanted = tiles.parse_path(f"tile/{path}")
        if signed is None or wanted.level == ENTRIES or not _within(wanted, signed[0]):
            raise Http404
        return HttpResponse(log.tile(wanted), content_type="application/octet-stream", headers={"Cache-Control": _FOR_EVER})
    except (MalformedTile, NoEntry) as error:
        raise Http404 from error


def _within(wanted: tiles.Tile, size: int) -> bool:
    """Whether what was signed, `size` entries, holds all hashes of the tile."""
    return wanted.n * tiles.WIDTH + wanted.width <= size >> (wanted.level * tiles.HEIGHT)


def _log() -> StoredLog:
    log = store.current()
    if log is None:
        raise Http404
    return log
