"""The registers as a source: collected like any other, and held against the ledger while that is done."""

from collections.abc import Mapping
from typing import ClassVar

from upheld.evidence.collection import Collecting
from upheld.registers.recorded import register_states
from upheld.registers.tables import TABLES
from upheld.sources.source import Setting, Source


class RegistersSource:
    """The registers of the current workspace."""

    def test(self) -> str:
        """Return a sentence about what is read."""
        return f"the registers of this workspace: {len(TABLES)} tables, each row held against the ledger"

    def collect(self, into: Collecting) -> None:
        """Bring the rows of each table that is asked for.

        Where a row is not as the ledger says, no table counts as wholly read: nothing resolves by it.
        """
        states = list(register_states())
        wrong = sum(row["as_recorded"] is False and "/" in str(row["id"]) for row in states)
        wanted = {name: rows for name, rows in TABLES.items() if name in into.seen}
        for number, (name, rows) in enumerate(wanted.items(), 1):
            into.rows(name, states if name == register_states.__name__ else rows())
            if wrong and name != register_states.__name__:
                into.cut_short(name, f"{wrong:,} records are not as the ledger says: they were changed behind the product's back")
            into.progress(name, number, len(wanted))


class RegistersKind:
    """The kind "registers"."""

    name: ClassVar[str] = "registers"
    title: ClassVar[str] = "the registers that people keep in this workspace"
    tables: ClassVar[tuple[str, ...]] = tuple(TABLES)
    settings: ClassVar[tuple[Setting, ...]] = ()
    least_rights: ClassVar[str] = "none beyond the workspace"
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return the source; contacts nothing."""
        return RegistersSource()


REGISTERS = RegistersKind()
