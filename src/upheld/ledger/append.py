"""Handing entries over: `append` writes one into the outbox, in the transaction that makes it true."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.transaction import TransactionManagementError

from upheld import clock
from upheld.ledger import canonical, commitment, identifier, openings
from upheld.ledger.entry import IMPERSONAL, SYSTEM, Actor, Entry, Evidence, Party
from upheld.ledger.openings import Opened, Personal
from upheld.ledger.profile import Json

NOTHING: Mapping[str, Json] = MappingProxyType({})
ACTOR, SUBJECT = "actor", "subject"

_NOW = "log = (SELECT max(number) FROM ledger_log)"
_GIVES = "RETURNING name, n, log, (SELECT origin FROM ledger_log WHERE number = log)"
_FREE = f"SELECT id FROM ledger_emitter WHERE {_NOW} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"  # noqa: S608 - from the line above
_COUNT = {
    "sqlite": f"UPDATE ledger_emitter SET n = n + 1 WHERE {_NOW} AND name = 'app' {_GIVES}",  # noqa: S608
    "postgresql": f"UPDATE ledger_emitter SET n = n + 1 WHERE id = ({_FREE}) {_GIVES}",  # noqa: S608
}


class NotInTransaction(TransactionManagementError):
    """`append` was called outside a transaction, so that the entry and what it tells of could come apart."""


class NoLedger(RuntimeError):
    """There is no log yet: `upheld init` makes it."""


def append(
    kind: str,
    *,
    body: Mapping[str, Json],
    subject: tuple[str, str] | None = None,
    actor: Actor = SYSTEM,
    effective_at: datetime | None = None,
    personal: Mapping[str, Personal] = NOTHING,
    evidence: Sequence[Evidence] = (),
    corrects: str | None = None,
) -> str:
    """Hand over an entry that something of `kind` (`collection.finished`) happened now, and return its id.

    It stands or falls with the current transaction. `body` holds facts that name nobody; `personal` values are
    logged as commitments, their openings sealed beside the log, each under the key of the person it is about (`About`, `Naming`,
    else the subject). `subject` is (type, id): of a type that
    `entry.IMPERSONAL` lists it stands in the clear, of any other (a person) as a tag. `effective_at` (aware) says
    since when it holds, if not now; `corrects` is the id of the entry that this one puts right.
    Raises `NotInTransaction`, `NoLedger`, `NotCanonical` (floats, odd keys, too long) or `MalformedEntry`.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if not database.in_atomic_block:
        raise NotInTransaction(f"{kind} must be appended inside transaction.atomic(), together with what it tells of")
    at = clock.now()
    entry_id = identifier.new(at)
    opened: list[Opened] = []
    who = _party(entry_id, ACTOR, actor.type, actor.id, opened)
    whom = None if subject is None else _party(entry_id, SUBJECT, *subject, opened)
    commitments = {field: _commit(entry_id, field, value, opened) for field, value in personal.items()}
    with database.cursor() as cursor:
        emitter, number, log, origin = _count(cursor, database.vendor)
        entry = Entry(
            log=origin, id=entry_id, at=at, kind=kind, actor=who, via=actor.via, emitter=emitter, number=number, body=body,
            effective_at=effective_at, subject=whom, evidence=evidence, commitments=commitments, corrects=corrects,
        )  # fmt: skip
        _hand_over(cursor, log, entry_id, canonical.encode(entry.fields()))
        if opened:
            openings.keep(cursor, opened)
    return entry_id


def readdress(origin: str, fields: dict[str, Json]) -> None:
    """Hand over again the entry `fields` that never reached its own log, to the current one, `origin`, under the same id.

    Its emitter and number are new ones; commitments hold, since they bind the id and not the log.
    """
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        emitter, number, log, _ = _count(cursor, database.vendor)
        _hand_over(cursor, log, str(fields["id"]), canonical.write({**fields, "log": origin, "src": {"id": emitter, "n": number}}))


def _hand_over(cursor: CursorWrapper, log: int, entry_id: str, text: bytes) -> None:
    cursor.execute("INSERT INTO ledger_outbox (log, time_id, data) VALUES (%s, %s, %s)", (log, identifier.time_id(entry_id), text))


def _count(cursor: CursorWrapper, vendor: str) -> tuple[str, int, int, str]:
    """Return an emitter's name, its next number, and the number and origin of the log that is written to.

    The number rolls back with the transaction, so that it never leaves a gap. SQLite has one writer at a time, and one
    emitter. On PostgreSQL every writer takes one that no other holds, and adds one if all are held: nobody waits.
    """
    cursor.execute(_COUNT[vendor])
    found: tuple[str, int, int, str] | None = cursor.fetchone()
    if found is None:
        _add_emitter(cursor, vendor)
        cursor.execute(_COUNT[vendor])
        found = cursor.fetchone()
    assert found is not None
    return found


def _add_emitter(cursor: CursorWrapper, vendor: str) -> None:
    cursor.execute("SELECT max(number) FROM ledger_log")
    (log,) = cursor.fetchone()
    if log is None:
        raise NoLedger("there is no ledger yet: run `upheld init`")
    name = "app" if vendor == "sqlite" else "app-" + identifier.new(clock.now())[-12:]
    cursor.execute("INSERT INTO ledger_emitter (log, name, n) VALUES (%s, %s, 0)", (log, name))


def _party(entry_id: str, role: str, type: str, id: str, opened: list[Opened]) -> Party:
    if type in IMPERSONAL:
        return Party(type, id=id)
    opening = commitment.opening()
    opened.append(Opened(entry_id, role, id, opening, person=(type, id)))
    return Party(type, tag=commitment.commit(entry_id, role, id, opening))


def _commit(entry_id: str, field: str, value: Personal, opened: list[Opened]) -> str:
    if field in (ACTOR, SUBJECT):
        raise ValueError(f"{field!r} is said by its own argument, not among the personal values")
    said, about = openings.told(value)
    opening = commitment.opening()
    opened.append(Opened(entry_id, field, said, opening, about=about))
    return commitment.commit(entry_id, field, said, opening)
