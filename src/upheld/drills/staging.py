"""What drills set up again and again: a small company on a real directory, a real database, and lists in a folder of the lab."""

from contextlib import ExitStack
from datetime import date, timedelta

from upheld import clock
from upheld.evidence.table import Row
from upheld.lab.postgres import Postgres
from upheld.lab.scratch import Scratch
from upheld.lab.slapd import BASE, Slapd
from upheld.sources.access_model import ACCESS_MODEL
from upheld.sources.ldap import LDAP
from upheld.sources.people import LIST, PEOPLE
from upheld.sources.postgresql import POSTGRESQL
from upheld.sources.source import Source, SourceKind, complete

DIRECTORY, DATABASE = "directory", "database"
PASSWORD = "correct-horse-7-battery"  # noqa: S105  of people who live in a server of the lab
ADA, BOB, CARL = "1001", "1002", "1003"
Named = tuple[str, tuple[str, ...], Source]


def directory(stack: ExitStack, slapd: Slapd, **settings: str) -> tuple[Slapd, Named]:
    """Start `slapd` on `stack`, with the people Ada and Bob in it, and return it with a source that reads it."""
    stack.enter_context(slapd)
    for uid, number in (("ada", ADA), ("bob", BOB)):
        slapd.add_person(uid, number=number, password=PASSWORD)
        slapd.sign_in(slapd.dn(uid), PASSWORD)
    told = {"system": DIRECTORY, "admin_pattern": "^admin", "admin_groups": "admins"} | slapd.settings | settings
    return slapd, (DIRECTORY, tuple(LDAP.tables), _connected(LDAP, told))


def database(stack: ExitStack) -> tuple[Postgres, Named]:
    """Start PostgreSQL on `stack`, with roles of Ada and Bob in it, and return it with a source that reads it."""
    postgres = stack.enter_context(Postgres())
    postgres.run(
        "CREATE ROLE ada LOGIN PASSWORD 'correct-horse-7-battery'",
        "COMMENT ON ROLE ada IS 'person: 1001'",
        "CREATE ROLE bob LOGIN PASSWORD 'correct-horse-7-battery'",
        "COMMENT ON ROLE bob IS 'person: 1002'",
        "CREATE ROLE payments NOLOGIN",
    )
    return postgres, (DATABASE, tuple(POSTGRESQL.tables), _connected(POSTGRESQL, {"system": DATABASE} | postgres.settings))


def access_model(stack: ExitStack, text: str) -> Named:
    """Write the access model `text` (TOML) into a folder of the lab, and return a source that reads it."""
    path = stack.enter_context(Scratch()).write("access.toml", text)
    return "access model", tuple(ACCESS_MODEL.tables), ACCESS_MODEL.connect(complete(ACCESS_MODEL, {"file": str(path)}))


class Listed:
    """A list in a folder of the lab, as somebody keeps it: a header and lines, written as CSV."""

    def __init__(self, stack: ExitStack, table: str, header: str, *lines: str) -> None:
        self.table, self.header = table, header
        self._scratch = stack.enter_context(Scratch())
        self._name = f"{table}.csv"
        self.write(*lines)

    def write(self, *lines: str) -> None:
        """Write the list anew, with `lines`."""
        self._scratch.write(self._name, "\n".join((self.header, *lines)) + "\n")

    @property
    def source(self) -> Named:
        """A source that reads the list."""
        settings = {"file": str(self._scratch.folder / self._name)}
        kind: SourceKind = PEOPLE if self.table == "people" else LIST
        return f"list of {self.table}", (self.table,), _connected(kind, settings if kind is PEOPLE else settings | {"table": self.table})


def _connected(kind: SourceKind, settings: dict[str, str]) -> Source:
    """Connect with settings whose secrets are resolved already, as the lab gives them."""
    secrets = {setting.name for setting in kind.settings if setting.secret}
    plain = {name: value for name, value in settings.items() if name not in secrets}
    return kind.connect(complete(kind, plain) | {name: settings[name] for name in secrets if name in settings})


def person(number: str, name: str, *, role: str = "engineer", ended_on: date | None = None) -> Row:
    """Return the row of somebody who began a year ago."""
    began = today() - timedelta(days=365)
    mail = f"{name.lower()}@example.org"
    return {
        "id": number,
        "name": name,
        "mail": mail,
        "role": role,
        "started_on": began,
        "ended_on": ended_on,
        "confidentiality_signed_on": began,
    }


def people(*more: Row) -> list[Row]:
    """Return who works here: the administrator, Ada, Bob, and `more`."""
    return [person("1", "Admin", role="administrator"), person(ADA, "Ada", role="accountant"), person(BOB, "Bob"), *more]


def system(system_id: str, kind: str, *, mfa_required: bool = False) -> Row:
    """Return the row of a system in operation, which the administrator answers for."""
    return {
        "id": system_id,
        "name": system_id,
        "kind": kind,
        "environment": "test",
        "in_operation": True,
        "owner_id": "1",
        "mfa_required": mfa_required,
        "keys_required": False,
    }


def today() -> date:
    """Return the day, in UTC."""
    return clock.now().date()


def yesterday() -> date:
    """Return the day before, in UTC: whatever hour of it is said lies in the past."""
    return today() - timedelta(days=1)


def days_ago(days: int) -> str:
    """Return an instant so many days ago, as LDAP writes it."""
    return f"{clock.now() - timedelta(days=days):%Y%m%d%H%M%SZ}"


def group(name: str) -> str:
    """Return the name of the entry of the group `name`."""
    return f"cn={name},ou=groups,{BASE}"
