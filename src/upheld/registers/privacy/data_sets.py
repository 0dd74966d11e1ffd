"""Actions on where personal data lie: data sets with their retention, and temporary places."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import ill
from upheld.checks.span import Span
from upheld.registers.privacy.keeping_models import DataSet, TemporaryPlace
from upheld.registers.privacy.models import DataCategory
from upheld.registers.rules import LEADS, all_known, fill, length, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name, Prose

KEEPERS = (*LEADS, Role.OWNER)
Owner = Annotated[PersonId, "who answers for it"]
System = Annotated[Name, "the short name of the system"]
Category = Annotated[Name, "the short name of the data category"]
Fields = Annotated[list[Line], "what is held of each person there, as an answer to them names it"]
Keep = Annotated[Span, "how long it is kept at most"]
How = Annotated[Prose, "how what is over is deleted"]


def _there(record: DataSet | TemporaryPlace) -> str:
    return "It is gone already." if record.ended_at else ""


@action(by=KEEPERS, makes=DataSet)
def declare_data_set(
    *, by: Person, name: Name, title: Line, owner: Owner, system: System, data_category: Category, fields: Fields, keep_for: Keep, how: How
) -> DataSet:
    """Declare where personal data of a category lie, which fields of each person, and how long."""
    not_taken(DataSet, name)
    given = {key: value for key, value in locals().items() if key not in ("by", "name")}
    return keep(_said(DataSet(name=name, since=clock.now()), **given))


@action(by=KEEPERS, when=_there)
def change_data_set(
    data_set: DataSet,
    *,
    by: Person,
    title: Line,
    owner: Owner,
    system: System,
    data_category: Category,
    fields: Fields,
    keep_for: Keep,
    how: How,
) -> DataSet:
    """Say anew what `data_set` holds, and for how long."""
    given = {key: value for key, value in locals().items() if key not in ("by", "data_set")}
    return keep(_said(data_set, **given))


@action(by=KEEPERS, when=_there)
def end_data_set(data_set: DataSet, *, by: Person) -> DataSet:
    """Say that `data_set` is there no more."""
    return keep(fill(data_set, ended_at=clock.now()))


def _said(data_set: DataSet, *, keep_for: Span, fields: list[str], **given: object) -> DataSet:
    all_known("system", [str(given["system"])], "System")
    all_known("data_category", [str(given["data_category"])], "DataCategory")
    if not fields:
        raise ill(fields="Name at least one.")
    most = length(DataCategory.objects.get(name=given["data_category"]).retention)
    if most and keep_for.about > most:
        raise ill(keep_for="The data category is kept for less; change that first, or keep this for no longer.")
    return fill(data_set, keep=keep_for, fields=fields, **given)


@action(by=KEEPERS, makes=TemporaryPlace)
def declare_temporary_place(
    *,
    by: Person,
    name: Name,
    title: Line,
    owner: Owner,
    system: System,
    place: Annotated[Prose, "the folder, the bucket, the table"],
    keep_for: Annotated[Span, "how long a file or row may lie there at most"],
    how: How,
) -> TemporaryPlace:
    """Declare where files or rows lie for a while when personal data are processed. What sweeps it tells what it found."""
    not_taken(TemporaryPlace, name)
    all_known("system", [system], "System")
    return keep(fill(TemporaryPlace(name=name), title=title, owner=owner, system=system, place=place, keep=keep_for, how=how))


@action(by=KEEPERS, when=_there)
def end_temporary_place(temporary_place: TemporaryPlace, *, by: Person) -> TemporaryPlace:
    """Say that nothing is put into `temporary_place` any more, and that it is gone."""
    return keep(fill(temporary_place, ended_at=clock.now()))
