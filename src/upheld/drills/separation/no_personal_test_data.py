"""Copies rows of a real production database into the test database beside it."""

from contextlib import ExitStack
from typing import LiteralString

from upheld.drills.connected import connected
from upheld.drills.drill import Drill, Scene, ours
from upheld.lab.postgres import Postgres
from upheld.sources.test_data import TEST_DATA

PEOPLE: tuple[LiteralString, ...] = (
    "CREATE TABLE buyers (id int, name text, contact text)",
    "INSERT INTO buyers SELECT n, 'Buyer ' || n, 'wharf ' || n FROM generate_series(1, 40) AS n",
    "GRANT SELECT ON buyers TO upheld_reader",
)
NOBODY: tuple[LiteralString, ...] = (
    "CREATE TABLE buyers (id int, name text, contact text)",
    "INSERT INTO buyers SELECT n, 'Buyer ' || n, 'n' || n || '@example.org' FROM generate_series(1, 40) AS n",
    "GRANT SELECT ON buyers TO upheld_reader",
)
COPY: LiteralString = "INSERT INTO buyers SELECT n, 'Buyer ' || n, 'wharf ' || n FROM generate_series(1, 10) AS n"


class Copied(Drill):
    """Two databases of one cluster, with the same table in each."""

    measure = "separation/no_personal_test_data"
    breaks = "Ten rows of production are copied into the test database"

    def open(self, stack: ExitStack) -> Scene:
        """Fill production with people, and the test database with nobody."""
        self._postgres = stack.enter_context(Postgres())
        self._postgres.run("CREATE DATABASE testing")
        self._postgres.run(*PEOPLE)
        self._in_testing(*NOBODY)
        place = self._postgres.settings
        more = {f"production_{name}": value for name, value in place.items()} | place
        source = connected(TEST_DATA, **more | {"system": "staging", "database": "testing"})
        return Scene([("test data", TEST_DATA.tables, source)])

    def _in_testing(self, *statements: LiteralString) -> None:
        self._postgres.run(*statements, database="testing")

    def sabotage(self) -> str:
        """Copy them."""
        ours(self._postgres)
        self._in_testing(COPY)
        return "buyers"

    def heal(self) -> None:
        """Delete them."""
        ours(self._postgres)
        self._in_testing("DELETE FROM buyers WHERE contact LIKE 'wharf%'")


DRILL = Copied()
