"""Edits that cross: the record that somebody saw is held against the row as it is now, in the transaction that would change it."""

from upheld.actions.errors import Change, Crossed, NoSuchRecord
from upheld.actions.models import Record, Step


def locked(seen: Record) -> Record:
    """Return the row of `seen` as it is now, locked until the transaction ends. Raises `NoSuchRecord` if it is gone."""
    fresh = type(seen)._default_manager.select_for_update(of=("self",)).filter(pk=seen.pk).first()
    if fresh is None:
        raise NoSuchRecord(f"There is no {seen._meta.verbose_name} {seen.pk}.")
    return fresh


def refuse_crossing(seen: Record, fresh: Record) -> None:
    """Raise `Crossed`, with what changed, unless `fresh` is in the version that was `seen`."""
    if fresh.version != seen.version:
        raise Crossed(f"The {seen._meta.verbose_name} {fresh}", changes_since(fresh, seen.version))


def changes_since(record: Record, version: int) -> list[Change]:
    """Return what changed in `record` after `version`, field by field: as it was then, and as it is now."""
    steps = Step.objects.filter(register=record.register(), record=str(record.pk), version__gt=version, wrote=True).order_by("version")
    found: dict[str, Change] = {}
    for step in steps:
        for name, (before, after) in step.changes.items():
            found[name] = Change(name, found[name].before if name in found else before, after)
    return [change for change in found.values() if change.before != change.after]
