"""Handing entries over: `append` one, or `append_all` of many, in the transaction that makes them true."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count, islice
from types import MappingProxyType
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError

from upheld import clock
from upheld.ledger import canonical, commitment, entry, envelope, identifier, openings, outbox, placing
from upheld.ledger.entry import IMPERSONAL, SYSTEM, Actor, Evidence, MalformedEntry
from upheld.ledger.envelope import Frame
from upheld.ledger.openings import Opened, Personal
from upheld.ledger.profile import Json
from upheld.ledger.store import StoredLog

NOTHING: Mapping[str, Json] = MappingProxyType({})
ACTOR, SUBJECT = "actor", "subject"

_PIECE = 8192  # entries of a bulk that are made, and handed over, at a time
_NOW = "log = (SELECT max(number) FROM ledger_log)"
_GIVES = "RETURNING name, n, log, (SELECT origin FROM ledger_log WHERE number = log)"
_FREE = f"SELECT id FROM ledger_emitter WHERE {_NOW} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"  # noqa: S608 - from the line above
_COUNT = {
    "sqlite": f"UPDATE ledger_emitter SET n = n + ? WHERE {_NOW} AND name = 'app' {_GIVES}",  # noqa: S608
    "postgresql": f"UPDATE ledger_emitter SET n = n + ? WHERE id = ({_FREE}) {_GIVES}",  # noqa: S608
}


class NotInTransaction(TransactionManagementError):
    """`append` was called outside a transaction, so that the entry and what it tells of could come apart."""


class NoLedger(RuntimeError):
    """There is no log yet: `upheld init` makes it."""


class Draft(NamedTuple):
    """What `append` takes, for one entry of many."""

    kind: str
    body: Mapping[str, Json]
    subject: tuple[str, str] | None = None
    actor: Actor = SYSTEM
    effective_at: datetime | None = None
    personal: Mapping[str, Personal] = NOTHING
    evidence: Sequence[Evidence] = ()
    corrects: str | None = None


class _Counted(NamedTuple):
    """Who counts, the first number given, and the log that is written to."""

    emitter: str
    number: int
    log: int
    origin: str


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
    database = _database(kind)
    draft = Draft(kind, body, subject, actor, effective_at, personal, evidence, corrects)
    at = clock.now()
    name = identifier.new(at)
    opened: list[Opened] = []
    counted = _count(database)
    text = _text(draft, name, entry.instant_text(at), counted, counted.number, opened)
    outbox.put(database, counted.log, text)
    if opened:
        _keep(database, opened)
    return name


def append_all(drafts: Iterable[Draft]) -> list[str]:
    """Hand over many entries at once, in order, and return their ids; an entry costs a third of what it does by `append`.

    They stand or fall with the current transaction. On SQLite they take their place in the log within it, after all that
    waits, and need not wait themselves; where the log cannot go on (`LedgerForked`) they wait as any entry does.
    Raises as `append` does.
    """
    database = _database("a bulk of entries")
    rest, made, piece = iter(drafts), [], 1
    while piece:
        with outbox.many_rows():
            piece = len(names := _append_piece(database, list(islice(rest, _PIECE))))
            made += names
    return made


def readdress(origin: str, fields: dict[str, Json]) -> None:
    """Hand over again the entry `fields` that never reached its own log, to the current one, `origin`, under the same id.

    Its emitter and number are new ones; commitments hold, since they bind the id and not the log.
    """
    database = connections[DEFAULT_DB_ALIAS]
    counted = _count(database)
    text = canonical.write({**fields, "log": origin, "src": {"id": counted.emitter, "n": counted.number}})
    outbox.put(database, counted.log, text)


def _database(what: str) -> BaseDatabaseWrapper:
    database = connections[DEFAULT_DB_ALIAS]
    if not database.in_atomic_block:
        raise NotInTransaction(f"{what} must be appended inside transaction.atomic(), together with what it tells of")
    return database


def _append_piece(database: BaseDatabaseWrapper, drafts: Sequence[Draft]) -> list[str]:
    if not drafts:
        return []
    at = clock.now()
    counted = _count(database, len(drafts))
    names = identifier.many(at, len(drafts))
    opened: list[Opened] = []
    said = zip(drafts, names, count(counted.number))
    instant = entry.instant_text(at)
    texts = [_text(draft, name, instant, counted, number, opened) for draft, name, number in said]
    if not placing.place_now(StoredLog(counted.log, counted.origin), names, texts):
        outbox.put_all(counted.log, texts)
    if opened:
        _keep(database, opened)
    return names


def _text(draft: Draft, name: str, at: str, counted: _Counted, number: int, opened: list[Opened]) -> bytes:
    """Return the text of one entry, and add to `opened` what opens its commitments."""
    kind, body, subject, actor, effective_at, personal, evidence, corrects = draft
    if not isinstance(body, dict):
        raise MalformedEntry(f"the body of {kind} is not a dictionary")
    if actor.type in IMPERSONAL and (subject is None or subject[0] in IMPERSONAL):
        frame = _frame(counted.origin, counted.emitter, kind, actor, subject)
    else:
        who = _party(name, ACTOR, actor.type, actor.id, opened, actor.via)
        whom = _party(name, SUBJECT, *subject, opened) if subject else ""
        frame = envelope.frame(counted.origin, kind, who, counted.emitter, whom)
    rare = corrects is not None or effective_at is not None or evidence
    more = envelope.rare(corrects, effective_at, evidence) if rare else ""
    pii = envelope.pii({field: _commit(name, field, value, opened) for field, value in personal.items()}) if personal else ""
    return frame.write(name, number, at, canonical.write(body, 1), more, pii)


@lru_cache(maxsize=1024)
def _frame(origin: str, emitter: str, kind: str, actor: Actor, subject: tuple[str, str] | None) -> Frame:
    whom = envelope.named(*subject) if subject else ""
    return envelope.frame(origin, kind, envelope.named(actor.type, actor.id, actor.via), emitter, whom)


def _count(database: BaseDatabaseWrapper, entries: int = 1) -> _Counted:
    """Return an emitter's name, its next number, and the number and origin of the log that is written to.

    The number rolls back with the transaction, so that it never leaves a gap. SQLite has one writer at a time, and one
    emitter. On PostgreSQL every writer takes one that no other holds, and adds one if all are held: nobody waits.
    """
    found = outbox.run(database, _COUNT[database.vendor], (entries,))
    if found is None:
        _add_emitter(database)
        found = outbox.run(database, _COUNT[database.vendor], (entries,))
        assert found is not None
    emitter, last, log, origin = found
    return _Counted(emitter, last - entries + 1, log, origin)


def _add_emitter(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM ledger_log")
        (log,) = cursor.fetchone()
        if log is None:
            raise NoLedger("there is no ledger yet: run `upheld init`")
        name = "app" if database.vendor == "sqlite" else "app-" + identifier.new(clock.now())[-12:]
        cursor.execute("INSERT INTO ledger_emitter (log, name, n) VALUES (%s, %s, 0)", (log, name))


def _keep(database: BaseDatabaseWrapper, opened: Sequence[Opened]) -> None:
    with database.cursor() as cursor:
        openings.keep(cursor, opened)


def _party(entry_id: str, role: str, type: str, id: str, opened: list[Opened], via: str | None = None) -> str:
    if type in IMPERSONAL:
        return envelope.named(type, id, via)
    opening = commitment.opening()
    opened.append(Opened(entry_id, role, id, opening, person=(type, id)))
    return envelope.tagged(type, commitment.commit(entry_id, role, id, opening), via)


def _commit(entry_id: str, field: str, value: Personal, opened: list[Opened]) -> str:
    if field in (ACTOR, SUBJECT):
        raise ValueError(f"{field!r} is said by its own argument, not among the personal values")
    said, about = openings.told(value)
    opening = commitment.opening()
    opened.append(Opened(entry_id, field, said, opening, about=about))
    return commitment.commit(entry_id, field, said, opening)
