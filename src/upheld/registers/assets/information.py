"""Actions on information: what there is and of which class, how each class is handled, and where it lies."""

from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.kinds import Number, Text
from upheld.registers.assets.kinds import Classification, Level, derived
from upheld.registers.assets.models import HandlingRule, InformationAsset, InformationStore
from upheld.registers.rules import LEADS, all_known, fill, not_taken
from upheld.registers.staff import PersonId
from upheld.registers.words import Line, Name

KEEPERS = (*LEADS, Role.OWNER, Role.MANAGER)
Kept = Annotated[list[Name], "short names of the information that lies there"]


def _kept(record: InformationAsset | InformationStore) -> str:
    return "It is no longer kept." if record.ended_at else ""


@action(by=KEEPERS, makes=InformationAsset)
def add_information(*, by: Person, name: Name, title: Line, owner: Annotated[PersonId, "who answers for it"]) -> InformationAsset:
    """Add a body of information that the company has: customer contracts, payroll, source code. It is to be classified then."""
    not_taken(InformationAsset, name)
    return keep(InformationAsset(name=name, title=title, owner=owner))


@action(by=KEEPERS, when=_kept)
def classify_information(
    information_asset: InformationAsset,
    *,
    by: Person,
    law: Annotated[Level, "how much do laws and contracts demand for it?"],
    value: Annotated[Level, "how much would it cost to get it again?"],
    criticality: Annotated[Level, "how much stands still without it?"],
    sensitivity: Annotated[Level, "how much harm is done when somebody else reads or changes it?"],
) -> InformationAsset:
    """Answer four questions, from which the class of `information_asset` follows; the strictest answer decides."""
    places = {"law": law.place, "value": value.place, "criticality": criticality.place, "sensitivity": sensitivity.place}
    fill(information_asset, **places, classification=derived(places.values()))
    information_asset.reviewed_at = clock.now()
    return keep(information_asset)


@action(by=KEEPERS, when=_kept)
def change_information(information_asset: InformationAsset, *, by: Person, title: Line, owner: PersonId) -> InformationAsset:
    """Say that `information_asset` has become something else, or somebody else's. It is to be classified anew then."""
    information_asset.reviewed_at = None
    return keep(fill(information_asset, title=title, owner=owner))


@action(by=KEEPERS, when=_kept)
def end_information(information_asset: InformationAsset, *, by: Person) -> InformationAsset:
    """Say that the company has `information_asset` no more."""
    information_asset.ended_at = clock.now()
    return keep(information_asset)


@action(by=LEADS, makes=HandlingRule)
def set_handling_rule(
    *,
    by: Person,
    classification: Classification,
    encrypted: Annotated[bool, "whether it must be encrypted where it lies"],
    most_readers: Annotated[int | None, Number(1), "how many people may read a store of it; any number if not given"] = None,
) -> HandlingRule:
    """Say how information of a class is handled where it lies."""
    rule = HandlingRule.objects.filter(classification=classification).first() or HandlingRule(classification=classification)
    rule.encrypted, rule.most_readers = encrypted, most_readers
    return keep(rule)


@action(by=KEEPERS, makes=InformationStore)
def register_store(
    *,
    by: Person,
    name: Annotated[str, Text(200), "what the cloud or the file server calls it"],
    title: Line,
    owner: PersonId,
    classes: Annotated[list[Classification], "classes of information that may lie there"],
    holds: Kept = [],  # noqa: B006  never changed
    label: Annotated[Classification | None, "what each of its documents must be labelled at least"] = None,
) -> InformationStore:
    """Register a place where information may lie: a share, a bucket, a database."""
    not_taken(InformationStore, name)
    return keep(_said(InformationStore(name=name), title, owner, classes, holds, label))


@action(by=KEEPERS, when=_kept)
def change_store(
    store: InformationStore,
    *,
    by: Person,
    title: Line,
    owner: PersonId,
    classes: list[Classification],
    holds: Kept = [],  # noqa: B006  never changed
    label: Classification | None = None,
) -> InformationStore:
    """Change what is said of `store`: what may lie there, and what does."""
    return keep(_said(store, title, owner, classes, holds, label))


def _said(
    store: InformationStore, title: str, owner: str, classes: list[Classification], holds: list[str], label: Classification | None
) -> InformationStore:
    all_known("holds", holds, "InformationAsset")
    return fill(store, title=title, owner=owner, classes=classes, holds=holds, label=label)


@action(by=KEEPERS, when=_kept)
def end_store(store: InformationStore, *, by: Person) -> InformationStore:
    """Say that `store` is no longer there."""
    store.ended_at = clock.now()
    return keep(store)
