"""Openings that a bundle discloses: the personal values behind commitments in entries, each shown to be the one committed to."""

import hashlib
import re
from collections.abc import Mapping

from upheld.ledger.profile import Json
from upheld.ledger.verify import strict
from upheld.ledger.verify.bundle.fields import Fields
from upheld.ledger.verify.bundle.logs import Logged

_OPENING = re.compile(r"[0-9a-f]{128}", re.ASCII)
_CONTEXT = b"upheld/commit/1\x00"


def wrong(said: Fields, entries: Mapping[str, Logged]) -> str:
    """Return why the opening that `said` discloses opens nothing in `entries`; "" when it does."""
    entry, name, opening = entries.get(said.text("entry")), said.text("field"), said.text("opening")
    if entry is None:
        return f"{said.place}: it is of an entry that the bundle does not have"
    committed = _commitment(entry, name)
    if committed is None:
        return f"{said.place}: entry {entry.index} commits to nothing under {ascii(name)[:60]}"
    if "value" not in said.said or not _OPENING.fullmatch(opening):
        return f"{said.place}: it has no value, or no opening of 64 bytes"
    if commit(entry.id, name, said.said["value"], bytes.fromhex(opening)) != committed:
        return f"{said.place}: it does not open what entry {entry.index} commits to under {ascii(name)[:60]}"
    return ""


def commit(entry_id: str, name: str, value: Json, opening: bytes) -> str:
    """Return the commitment to `value` of the field `name` in the entry `entry_id` (docs/design/ledger.md)."""
    field = name.encode()
    bound = _CONTEXT + opening + entry_id.encode() + len(field).to_bytes(2, "big") + field
    return hashlib.sha256(bound + strict.write(value)).hexdigest()


def _commitment(entry: Logged, name: str) -> str | None:
    if name in ("actor", "subject"):
        party = entry.fields.get(name)
        found = party.get("tag") if isinstance(party, dict) else None
    else:
        pii = entry.fields.get("pii")
        found = pii.get(name) if isinstance(pii, dict) else None
    return found if isinstance(found, str) else None
