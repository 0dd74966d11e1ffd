"""What the last round of judgements kept for this one: believed only where it is, byte for byte, what the ledger says was kept."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from upheld.checks.keeping import Kept, Lying, Round, digest_of, load
from upheld.ledger import lookup
from upheld.verdicts.models import Judgement

FILE = "kept.json"
# However sound the proofs, so often everything is judged from nothing.
WHOLE_EVERY = timedelta(days=7)


def folder_of(outcomes: Path, as_of: datetime) -> Path:
    """Return where the populations of the judgements as of `as_of` lie, and what is kept of them."""
    return outcomes / as_of.strftime("%Y%m%dT%H%M%S%fZ")


def resume(outcomes: Path, as_of: datetime) -> Round | None:
    """Return what the last round kept, without judgements whose population is gone or altered, and without such steps.

    None where there is nothing that the ledger vouches for, or the last time that everything was judged whole is `WHOLE_EVERY` ago.
    """
    last = Judgement.objects.order_by("-as_of", "-id").first()
    said = _said(last, outcomes) if last else None
    if said is None:
        return None
    try:
        kept = load(said)
    except ValueError:
        return None
    if as_of - kept.whole_at >= WHOLE_EVERY:
        return None
    judged = {name: each for name, each in kept.judged.items() if not each.file or _is_there(each, outcomes)}
    return replace(kept, judged=judged, steps={name: each for name, each in kept.steps.items() if _is_there(each, outcomes)})


def vouched(outcomes: Path) -> dict[Path, str]:
    """Return the SHA-256 of each population that the last round rests on, as the ledger vouches for it; nothing after an erasure."""
    last = Judgement.objects.order_by("-as_of", "-id").first()
    said = _said(last, outcomes) if last else None
    judged = orjson.loads(said)["judged"].values() if said is not None else ()
    return {outcomes / each["file"]: each["sha256"] for each in judged if each["file"]}


def write(kept: Round, folder: Path) -> str:
    """Write `kept` into `folder`, and return its SHA-256, for the ledger."""
    said = kept.dump()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / FILE).write_bytes(said)
    return hashlib.sha256(said).hexdigest()


def _said(last: Judgement, outcomes: Path) -> bytes | None:
    """What lies where the judgement `last` kept it, if it is what its entry of the ledger says."""
    try:
        said = (folder_of(outcomes, last.as_of) / FILE).read_bytes()
    except OSError:
        return None
    entry = lookup.entries([last.entry_id]).get(last.entry_id)
    vouched = entry is not None and entry["kind"] == "judgement.made" and entry["body"].get("kept") == hashlib.sha256(said).hexdigest()
    return said if vouched else None


def _is_there(kept: Kept | Lying, outcomes: Path) -> bool:
    return digest_of(outcomes / kept.file) == kept.sha256
