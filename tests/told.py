"""A source that tells what a test says, of any tables at once: a kind as an installed package would bring it."""

from collections.abc import Mapping
from typing import ClassVar

import pytest
from tests.rows import Row

from upheld.evidence.collection import Collecting
from upheld.sources import configured, source
from upheld.sources.collecting import collect
from upheld.sources.models import ConfiguredSource
from upheld.sources.source import Setting, Source

Tables = dict[str, list[Row]]


class Told:
    """A source and its kind in one; `says` are its tables, which a test may change between collections."""

    title: ClassVar[str] = "what a test says"
    settings: ClassVar[tuple[Setting, ...]] = ()
    least_rights: ClassVar[str] = "none"
    notice: ClassVar[str] = ""

    def __init__(self, name: str, says: Tables) -> None:
        self.name, self.says, self.short = name, says, False

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it says something of."""
        return tuple(self.says)

    def connect(self, settings: Mapping[str, str]) -> Source:
        """Return the source, which is this."""
        return self

    def test(self) -> str:
        """Return what it is."""
        return self.title

    def collect(self, into: Collecting) -> None:
        """Bring the rows."""
        for name, rows in self.says.items():
            into.rows(name, rows)
            if self.short:
                into.cut_short(name, "the test says so")


class Telling:
    """Brings kinds as installed packages do, and reads them."""

    def __init__(self) -> None:
        self.kinds: dict[str, Told] = {}

    def tell(self, name: str, **tables: list[Row]) -> ConfiguredSource:
        """Put a source called `name` into use that says `tables`, or let it say them from now on, and read it."""
        if name in self.kinds:
            self.kinds[name].says = self.kinds[name].says | tables
            told = ConfiguredSource.objects.get(name=name)
        else:
            self.kinds[name] = Told(name, tables)
            told = configured.add(name, name, {})
        collect(told)
        return told

    def cut(self, name: str, **tables: list[Row]) -> None:
        """Let the source `name` say `tables`, and that this is not all of it."""
        self.kinds[name].short = True
        self.tell(name, **tables)


class _Brought:
    def __init__(self, kind: Told) -> None:
        self.kind = kind

    def load(self) -> Told:
        return self.kind


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Telling:
    """Sources that tell what the test says."""
    found = Telling()
    monkeypatch.setattr(source, "_brought", lambda: {name: _Brought(kind) for name, kind in found.kinds.items()})
    return found
