"""Taking somebody out of a record: the one change that no person asks for by an action; with its step and its entry, as any other has."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from django.db import transaction

from upheld import clock
from upheld.actions.models import Record, Step
from upheld.ledger.append import append
from upheld.ledger.entry import Actor
from upheld.ledger.profile import Json

REDACTED = "record.redacted"


def redact(record: Record, new: Mapping[str, Any], *, by: Actor) -> str:
    """Write the values `new`, by column, into `record`, and return the id of the entry that says so, without saying what was there.

    The row gets a new version and salt, so that its old digest can no longer be guessed from what is left. The step tells the new
    values as if they had been there before: what was there is what must be forgotten. Call it in a transaction.
    """
    assert transaction.get_connection().in_atomic_block
    for name, value in new.items():
        setattr(record, name, value)
    record.version, record.salt = record.version + 1, token_hex(16)
    record.save(update_fields=[*new, "version", "salt"])
    digest = type(record)._default_manager.get(pk=record.pk).row_digest()
    row: Json = {"record": record.reference, "version": record.version, "digest": digest, "changed": sorted(new)}
    entry_id = append(REDACTED, subject=("record", record.reference), actor=by, body={"rows": [row], "given": {}})
    Step.objects.create(
        action=REDACTED,
        register=record.register(),
        record=str(record.pk),
        version=record.version,
        target=True,
        at=clock.now(),
        by=by.id,
        via=by.via,
        changes={name: [value, value] for name, value in new.items()},
        entry_id=entry_id,
    )
    return entry_id
