"""Doing an action: one transaction in which permission is checked, rows are written, and the ledger's entry is appended."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions import allowing
from upheld.actions.crossing import locked, refuse_crossing
from upheld.actions.declaring import Action
from upheld.actions.errors import KeyReused, NotAllowed, OutsideAction, Refused, SamePerson
from upheld.actions.models import Call, Record, Step
from upheld.actions.together import current
from upheld.actions.written import Act, Request, Written
from upheld.ledger.append import append

AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True)
class Done:
    """What came of an action: what its function returned, the entry's id ("" while it waits to be told), and the record it is about."""

    result: Any
    entry_id: str
    record: str


_current: ContextVar[Act | None] = ContextVar("act", default=None)


def keep(record: AnyRecord) -> AnyRecord:
    """Write `record`, new or changed, as part of the action that is being done, and return it. Raises `OutsideAction`."""
    being_done = _being_done(record)
    before = type(record)._default_manager.filter(pk=record.pk).first() if record.pk else None
    was = before.values() if before else {}
    record.version = (before.version if before else _last_version(record)) + 1
    record.salt = token_hex(16)
    record.save(force_insert=before is None)
    if before is None and current() is not None:
        being_done.written.append(Written(record, record.reference, record.version, "", {}, pending=True))
        return record
    now = type(record)._default_manager.get(pk=record.pk)
    changes = {name: [was.get(name), value] for name, value in now.values().items() if was.get(name) != value and name != "version"}
    being_done.written.append(Written(record, now.reference, now.version, now.row_digest(), changes))
    return record


def drop(record: Record) -> None:
    """Delete `record` as part of the action that is being done; that it was there stays in the ledger. Raises `OutsideAction`."""
    being_done = _being_done(record)
    changes = {name: [value, None] for name, value in record.values().items() if name not in ("version", "id")}
    being_done.written.append(Written(record, record.reference, record.version + 1, "", changes, gone=True))
    record.delete()


def _being_done(record: Record) -> Act:
    being_done = _current.get()
    if being_done is None:
        raise OutsideAction(f"{record.register()} is written by actions alone")
    return being_done


def _last_version(record: Record) -> int:
    """Return the last version that a record of this number ever had: SQLite gives numbers of deleted rows again."""
    if not record.pk:
        return 0
    last = Step.objects.filter(register=record.register(), record=str(record.pk)).order_by("-version").first()
    return last.version if last else 0


def act(
    action: Action[..., Any],
    args: tuple[Any, ...],
    given: Mapping[str, Any],
    *,
    key: str = "",
    request: str = "",
) -> Done:
    """Do `action` to the record in `args`, if it takes one, as `given["by"]`; all of it, or nothing.

    The record is the one that was seen: if its row changed since, nothing is done (`Crossed`). `key` and `request` are kept, so
    that the same request is not done twice. An attempt refused because of who asked is itself entered in the ledger.
    """
    by: Person = given["by"]
    record: Record | None = args[0] if args else None
    if record is not None and (many := current()) is not None:
        many.tell()  # who did which step on a record before is read from what was told
    try:
        with transaction.atomic():
            if key and (earlier := _answered(key, request)):
                return earlier
            fresh = locked(record) if record is not None else None
            allowing.check(action, by, fresh)
            if record is not None and fresh is not None:
                refuse_crossing(record, fresh)
                _refuse_as_it_is(action, fresh)
            return _do(action, fresh, by, given, key, request)
    except NotAllowed as refusal:
        _enter_refusal(action, by, record, refusal)
        raise
    except IntegrityError as error:
        # Two requests with one key at once: the second waited for the first, and is answered with what came of that.
        if key and (earlier := _answered(key, request)):
            return earlier
        raise Refused(f"{action.title}: this contradicts a record that is there already ({error}).") from error


def _refuse_as_it_is(action: Action[..., Any], record: Record) -> None:
    if why := action.when(record):
        raise Refused(why)


def _answered(key: str, request: str) -> Done | None:
    many = current()
    call = many.answered[key] if many is not None and key in many.answered else Call.objects.filter(key=key).first()
    if call is None:
        return None
    if call.request != request:
        raise KeyReused(f"The idempotency key {key[:40]!r} was used for another request; take a new one.")
    return Done(None, call.entry_id, call.record)


def check_first(action: Action[..., Any], by: Person, record: Record | None) -> None:
    """Raise `NotAllowed`, having entered the attempt, unless `by` may do `action` to `record`: before anything that was given is read,

    so that whoever may not learns nothing from what is said of it.
    """
    try:
        allowing.check(action, by, record)
    except NotAllowed as refusal:
        _enter_refusal(action, by, record, refusal)
        raise


def _do(action: Action[..., Any], record: Record | None, by: Person, given: Mapping[str, Any], key: str, request: str) -> Done:
    being_done = Act(action.name, clock.now())
    token = _current.set(being_done)
    try:
        result = action.function(*((record,) if record is not None else ()), **given)
    finally:
        _current.reset(token)
    about = result if isinstance(result, Record) else record
    if not being_done.written or about is None:
        raise OutsideAction(f"{action.name} wrote nothing")
    acted_on = record if record is not None and record.reference not in {each.reference for each in being_done.written} else None
    done = Request(action, by, about, being_done, given, acted_on, key, request)
    if (many := current()) is not None:
        many.add(done)
        return Done(result, "", about.reference)
    entry_id = append(**done.draft()._asdict())
    Step.objects.bulk_create(done.steps(entry_id))
    Call.objects.bulk_create(done.call(entry_id))
    return Done(result, entry_id, about.reference)


def _enter_refusal(action: Action[..., Any], by: Person, record: Record | None, refusal: NotAllowed) -> None:
    """Enter that somebody tried what they may not, unless nobody is signed in."""
    if not by.signed_in:
        return
    subject = ("record", record.reference) if record is not None else ("register", action.register.register())
    why = "same-person" if isinstance(refusal, SamePerson) else "not-allowed"
    with transaction.atomic():
        append("action.refused", subject=subject, actor=by.actor, body={"action": action.name, "why": why})
