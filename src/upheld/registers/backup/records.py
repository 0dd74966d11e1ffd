"""Actions on records: classes with their time, holds, filing, release and destruction."""

from datetime import date
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.files import Kept
from upheld.checks.span import Span, span
from upheld.registers.backup.models import FiledRecord, RecordClass, RecordHold, RecordRelease
from upheld.registers.owing import starts
from upheld.registers.rules import LEADS, STAFF, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)


@action(by=KEEPERS, makes=RecordClass)
def declare_record_class(
    *,
    by: Person,
    name: Name,
    title: Line,
    store: Annotated[Line, "where they lie, as the store's source calls it"],
    owner: PersonId,
    keep_for: Annotated[Span, "how long each is kept, from the day on which it was closed"],
    basis: Annotated[Prose, "the law or contract that wants it so"],
) -> RecordClass:
    """Declare a class of records: where they lie, and how long each is kept."""
    not_taken(RecordClass, name)
    said = {"name": name, "title": title, "store": store, "owner": owner, "keep_for": keep_for, "basis": basis}
    return keep(fill(RecordClass(), **said))


@action(by=LEADS, makes=RecordHold, when=lambda kept: "There is a hold on it already." if kept.held else "")
def hold_records(record_class: RecordClass, *, by: Person, why: Annotated[Prose, "the dispute or request that calls for it"]) -> RecordHold:
    """Hold the records of `record_class`: none is destroyed until the hold is released."""
    record_class.held = True
    keep(record_class)
    return keep(RecordHold(record_class=record_class, why=why, from_at=clock.now()))


@action(by=LEADS, when=lambda hold: "This hold is released already." if hold.ended_at else "")
def release_hold(hold: RecordHold, *, by: Person) -> RecordHold:
    """Release `hold`."""
    hold.record_class.held = False
    keep(hold.record_class)
    hold.ended_at = clock.now()
    return keep(hold)


@action(by=STAFF, makes=FiledRecord)
def file_record(
    record_class: RecordClass,
    *,
    by: Person,
    title: Line,
    closed_on: Annotated[date, "the day from which its time counts: the end of the year, the end of the contract"],
    place: Annotated[Line | None, "where it lies in the store"] = None,
    file: Annotated[Kept | None, "the record itself, where it is kept here"] = None,
) -> FiledRecord:
    """File a record of `record_class`, or a bundle of them; its time is counted from the day on which it was closed."""
    if not place and file is None:
        raise ill(place="Say where it lies, or hand it in.")
    until = span(record_class.keep_for).after(starts(closed_on)).date()
    said = {"title": title, "closed_on": closed_on, "keep_until_on": until, "place": place, "file": file}
    return keep(fill(FiledRecord(record_class=record_class, filed_by=by.ref, filed_at=clock.now()), **said))


@action(
    by=KEEPERS,
    apart_from=["file-record"],
    why_apart="a record is destroyed by somebody who did not file it",
    when=lambda record: "This record is destroyed already." if record.destroyed_at else "",
)
def destroy_record(record: FiledRecord, *, by: Person, how: Annotated[Prose, "how, and who witnessed it"]) -> FiledRecord:
    """Say that `record` was destroyed. Refused while its time or a hold lasts."""
    if record.record_class.held:
        raise Refused("There is a hold on its class: nothing of it is destroyed.")
    if clock.now().date() <= record.keep_until_on:
        raise Refused(f"It must be kept until {record.keep_until_on}.")
    record.destroyed_by, record.destroyed_at, record.how = by.ref, clock.now(), how
    return keep(record)


@action(by=STAFF, makes=RecordRelease)
def ask_release(
    record_class: RecordClass,
    *,
    by: Person,
    recipient: Annotated[Line, "who outside is given them"],
    what: Annotated[Prose, "which records, and what for"],
    until_on: Annotated[date, "the last day on which they may be given"],
) -> RecordRelease:
    """Ask that records of `record_class` may be given to somebody outside."""
    if until_on < clock.now().date():
        raise ill(until_on="This day is over.")
    said = {"recipient": recipient, "what": what, "until_on": until_on}
    return keep(fill(RecordRelease(record_class=record_class, asked_by=by.ref, asked_at=clock.now()), **said))


@action(
    by=KEEPERS,
    apart_from=["ask-release"],
    why_apart="nobody authorises what they asked for",
    when=lambda release: "This is authorised already." if release.authorised_at else "",
)
def authorise_release(release: RecordRelease, *, by: Person) -> RecordRelease:
    """Authorise `release`."""
    release.authorised_by, release.authorised_at = by.ref, clock.now()
    return keep(release)
