"""What somebody answers for, over a period: the roles they hold, the chapters of promises these own, and the systems that are theirs."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache

from upheld import clock
from upheld.checks import library
from upheld.evidence.history import rows_at
from upheld.registers.governance.models import Holding, Part
from upheld.registers.governance.responsibilities import management_roles
from upheld.sources.configured import in_use
from upheld.sources.frames import files

ANSWERING = (Part.ACCOUNTABLE, Part.RESPONSIBLE)


@lru_cache(maxsize=1)
def roles_by_chapter() -> Mapping[str, frozenset[str]]:
    """Return the roles that own measures, by the chapter of these; shipped files do not change while we run."""
    found: dict[str, set[str]] = {}
    for measure in library.shipped().values():
        found.setdefault(measure.id.partition("/")[0], set()).add(measure.owner)
    return {chapter: frozenset(roles) for chapter, roles in found.items()}


def what_they_own(person: str, chapters: Collection[str], systems: Collection[str], from_on: date, until_on: date) -> Iterator[str]:
    """Yield, in words, what of `chapters` and `systems` was `person`'s on any day of the period."""
    roles = {role for chapter in chapters for role in roles_by_chapter().get(chapter, ())}
    held = Holding.objects.filter(person=person, part__in=ANSWERING, responsibility__name__in=roles, from_on__lte=until_on)
    for each in held.exclude(until_on__lt=from_on).select_related("responsibility"):
        yield f"the responsibility {each.responsibility.name}"
    for system, owner in owners_of_systems().items():
        if owner == person and system in systems:
            yield f"the system {system}"


def manages(person: str, day: date) -> bool:
    """Whether `person` belongs to the management on `day`: answers for a responsibility that is the management's."""
    return bool(management_roles(person, day))


def owners_of_systems() -> Mapping[str, str]:
    """Return whose each system is, as the lists of systems say now; "" where they name nobody."""
    found: dict[str, str] = {}
    for source in in_use():
        read = files(table_name="systems", source=source.name)
        found |= {str(row["id"]): str(row["owner_id"] or "") for row in rows_at(read, "systems", clock.now())} if read else {}
    return found
