"""Registers of the sample company: kept by its own people through the real actions, with the clock set back, and faults planted."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from upheld import clock
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.files import Kept, keep_file
from upheld.actions.models import Step
from upheld.evidence.history import rows_at
from upheld.evidence.table import Row
from upheld.registers.apps import CHAPTERS
from upheld.registers.staff import Known, held, known
from upheld.sources.frames import files

SOURCE = "sample"  # the name under which the company's own lists are read


@dataclass(frozen=True)
class PlantedFault:
    """Something wrong in the sample company's registers: `wrong` says what, `breaks` which subjects of which measures it must fail.

    `soon` are subjects that still pass and will fail within the measure's warning time.
    """

    wrong: str
    breaks: Sequence[tuple[str, str]] = ()
    soon: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Company:
    """The sample company as it stands at `now`; `staff` is everybody in its list of people, by id."""

    now: datetime
    staff: dict[str, Known]

    def at(self, days_ago: float) -> AbstractContextManager[datetime]:
        """Hold the clock at the instant so many days ago."""
        return clock.at(self.ago(days_ago))

    def ago(self, days: float) -> datetime:
        """Return the instant so many days ago, to the second."""
        return (self.now - timedelta(days=days)).replace(microsecond=0)

    def day(self, days_ago: float) -> date:
        """Return the day of `ago(days_ago)`."""
        return self.ago(days_ago).date()

    def person(self, id: str, role: Role = Role.EMPLOYEE) -> Person:
        """Return somebody of the company at work in `role`."""
        return Person(uuid5(NAMESPACE_URL, id), id, self.staff[id].name, (Held(role),), "cli", second_factor=True, sample=True)

    def lead(self) -> Person:
        """Return the security officer, who leads: what nobody else does, they do."""
        return self.person(LEAD, Role.SECURITY_LEAD)

    def officer(self) -> Person:
        """Return the data protection officer: who looks at what the security officer did."""
        return self.person(DPO, Role.DPO)

    def here(self, *, department: str = "", role: str = "") -> Iterator[str]:
        """Yield the id of everybody who works there now, of one department or role where asked, in order."""
        today = self.now.date()
        for id, somebody in sorted(self.staff.items()):
            if somebody.works_here(today) and department in ("", somebody.department) and role in ("", somebody.role):
                yield id

    def rows(self, table: str) -> list[Row]:
        """Return the rows of `table` as the company's list of it says now."""
        return list(rows_at(files(table_name=table, source=SOURCE), table, self.now))

    def letter(self, text: str) -> Kept:
        """Keep `text` as a file that a record rests on, and return it."""
        return keep_file(text.encode())


class ChapterSample(Protocol):
    """What `registers/<chapter>/sample.py` holds: what is wrong on purpose, and how the chapter's registers come about."""

    FAULTS: Sequence[PlantedFault]

    def keep(self, company: Company) -> None:
        """Keep the chapter's registers through its actions. Everybody named there is cast, so that every seed has them."""


# Ids of people whose posts every sample company has filled, whatever its seed and size (sources/sample/staff.py).
DIRECTOR, FINANCE, PEOPLE, TECHNOLOGY, LEAD, SALES, SUPPORT, MARKETING, OPERATOR = (str(1000 + number) for number in range(1, 10))
SECOND_OPERATOR, BUYER, DPO, ENGINEER = "1010", "1013", "1026", "1023"


def samples() -> dict[str, ChapterSample]:
    """Return what each chapter has for the sample company, by chapter."""
    names = {chapter: f"upheld.registers.{chapter}.sample" for chapter in CHAPTERS}
    return {chapter: import_module(name) for chapter, name in names.items() if find_spec(name)}


def keep_samples() -> bool:
    """Let the sample company's people keep their registers, all or nothing; return whether they had not yet.

    Takes a list of people that was read. Nothing is done where anything was ever kept in a register: it is somebody's own.
    """
    if Step.objects.exists():
        return False
    company = Company(clock.now(), dict(known()))
    # Everybody is known as of now, also while the clock is set back: the list was first read today.
    with transaction.atomic(), held():
        for chapter in samples().values():
            chapter.keep(company)
    return True


def page() -> str:
    """Return the page docs/sources/sample_registers.md, in Markdown."""
    lines = [
        "# The sample company's registers",
        "",
        "`upheld demo` lets the people of the [sample company](sample.md) keep its registers: through the same actions as everybody,",
        "with the clock set back, so that they look as if they had been kept for more than a year. What each chapter keeps is",
        "`src/upheld/registers/<chapter>/sample.py`. Where anything was ever kept in a register, nothing is added.",
        "",
        "## Planted faults",
        "Everything else is right: these subjects fail, and no others of these chapters do.",
        "",
        *_listed([(fault.wrong, fault.breaks) for sample in samples().values() for fault in sample.FAULTS if fault.breaks]),
        "",
        "## Faults to come",
        "These still pass, and will fail within the warning time of their measure.",
        "",
        *_listed([(fault.wrong, fault.soon) for sample in samples().values() for fault in sample.FAULTS if fault.soon]),
    ]
    return "\n".join(lines) + "\n"


def _listed(faults: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Iterator[str]:
    yield "| what is wrong | measure | subject |"
    yield "|---|---|---|"
    for wrong, subjects in faults:
        for at, (measure, subject) in enumerate(subjects):
            yield f"| {wrong if at == 0 else ''} | `{measure}` | `{subject}` |"
