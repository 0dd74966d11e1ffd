"""Source kind `test_data`: samples of a PostgreSQL database to test with, looked at for personal data and rows of production."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.evidence.table import Row
from upheld.sources.postgresql import POSTGRESQL
from upheld.sources.postgresql.connection import Address, BrokenOffError, Connected, RefusedError, address
from upheld.sources.source import Misconfigured, Setting, SourceError
from upheld.sources.test_data.finding import found
from upheld.sources.test_data.get import Place, Texts, all_rows, fingerprints, in_common, places, sample

OF_THE_CONNECTION = ("host", "port", "database", "user", "password", "ca_file", "allow_plaintext", "timeout")
BEFORE = "production_"
LARGEST = 5_000_000


@dataclass(frozen=True)
class TestData:
    """A test database, and the production that it must share no row with."""

    __test__ = False  # no test, for pytest

    where: Address
    production: Address | None
    system: str
    rows: int

    def test(self) -> str:
        """Return how many tables there are; raises `SourceError`."""
        with Connected(self.where) as connected:
            many = len(self._places(connected, self.where))
        beside = f"compared with {self.production.said}" if self.production else "compared with nothing: say which database production is"
        return f"{self.where.said} has {many} tables, {beside}"

    def collect(self, into: Collecting) -> None:
        """Look at a sample of each table. A table that may not be read is said, and ends no row."""
        with ExitStack() as stack:
            test = stack.enter_context(Connected(self.where))
            production = stack.enter_context(Connected(self.production)) if self.production else None
            real = {each.said: each for each in self._places(production, self.production)} if production and self.production else {}
            rows: list[Row] = []
            for place in self._places(test, self.where):
                into.progress(f"sampling {place.said}", len(rows))
                try:
                    rows.append(self._looked(test, production, place, real.get(place.said)))
                except (RefusedError, BrokenOffError) as error:
                    into.cut_short("test_data_scans", f"{place.said}: {error}")
            into.rows("test_data_scans", rows)

    def _places(self, connected: Connected, where: Address) -> list[Place]:
        try:
            return places(connected)
        except (RefusedError, BrokenOffError) as error:
            raise SourceError(f"{where.said}: {error}", permanent=isinstance(error, RefusedError)) from error

    def _looked(self, test: Connected, production: Connected | None, place: Place, real: Place | None) -> Row:
        seen = sample(test, place, self.rows)
        return {
            "id": f"{self.system}/{place.said}",
            "system_id": self.system,
            "place": place.said,
            "sampled": len(seen),
            "found": found(place.columns, seen),
            "compared": production is not None,
            "in_production": None if production is None else _shared(production, place, real, seen) if real else 0,
            "scanned_at": clock.now(),
        }


def _shared(production: Connected, place: Place, real: Place, seen: Sequence[Texts]) -> int:
    """Return how many of the rows `seen` are in production. The key is made here, and gone with the comparison."""
    columns, key = in_common(place, real), secrets.token_bytes(32)
    if not columns:
        return 0
    kept = [place.columns.index(column) for column in columns]
    wanted = list(fingerprints([tuple(row[number] for number in kept) for row in seen], key))
    there = set(wanted) & set(fingerprints(all_rows(production, real, columns, LARGEST), key))
    return sum(each in there for each in wanted)


class TestDataKind:
    """What `upheld source add ... test_data` needs."""

    __test__ = False  # no test, for pytest

    name: ClassVar[str] = "test_data"
    title: ClassVar[str] = "Test databases, looked at for personal data (PostgreSQL)"
    tables: ClassVar[Sequence[str]] = ("test_data_scans",)
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "systems.id of the test database"),
        *(each for each in POSTGRESQL.settings if each.name in OF_THE_CONNECTION),
        Setting("rows", "how many rows of each table are looked at", "1000"),
        *(
            Setting(BEFORE + each.name, f"of production: {each.meaning}", "" if each.name == "host" else each.default, secret=each.secret)
            for each in POSTGRESQL.settings
            if each.name in OF_THE_CONNECTION
        ),
    )
    least_rights: ClassVar[str] = "SELECT on the tables of the test database, and on those of production that it is compared with."
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> TestData:
        """Return the source; raises `Misconfigured`."""
        if not settings["rows"].isdecimal() or not int(settings["rows"]):
            raise Misconfigured(f"rows {settings['rows']!r} is not a number of rows")
        real = {name: settings[BEFORE + name] for name in OF_THE_CONNECTION}
        production = address(real) if real["host"] else None
        if production is not None and (production.host, production.port, production.database) == (
            settings["host"],
            int(settings["port"]),
            settings["database"],
        ):
            raise Misconfigured("the test database and production are the same")
        return TestData(address(settings), production, settings["system"], int(settings["rows"]))


TEST_DATA = TestDataKind()
