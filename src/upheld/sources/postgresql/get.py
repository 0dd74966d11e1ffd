"""Asks PostgreSQL's catalogs. Works with versions 13 and newer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from upheld.sources.postgresql.connection import BrokenOffError, Connected, RefusedError

LOG_TAIL_BYTES = 64 * 1024 * 1024


class Role(NamedTuple):
    """A row of pg_roles; `comment` is what COMMENT ON ROLE says."""

    oid: int
    name: str
    is_superuser: bool
    may_create_roles: bool
    bypasses_row_security: bool
    replicates: bool
    may_sign_in: bool
    valid_until: datetime | None
    comment: str | None


class Membership(NamedTuple):
    """`member` is in `role`; `admin` may let others in. From version 16 on a pair may come from several grantors: the first is named."""

    role: int
    member: int
    grantor: str | None
    admin: bool


class Right(NamedTuple):
    """A right on tables, schemas or the database: `covers` of `of` tables of the schema; `grantee` 0 is PUBLIC."""

    grantee: int
    kind: str
    place: str
    name: str
    right: str
    grantable: bool


class Owned(NamedTuple):
    """How many things of a kind a role owns in a schema or database; it may grant rights on them."""

    owner: int
    kind: str
    place: str
    number: int


class HbaRule(NamedTuple):
    """A line of pg_hba.conf as the server reads it."""

    line: int
    type: str | None
    databases: list[str] | None
    users: list[str] | None
    address: str | None
    netmask: str | None
    method: str | None
    options: list[str] | None
    error: str | None


@dataclass(frozen=True)
class Server:
    """Settings of the server that bear on signing in, by name; absent where they are not shown."""

    version: int
    settings: dict[str, str]

    @property
    def libraries(self) -> set[str]:
        """Libraries loaded at start, such as passwordcheck."""
        return {name.strip().strip('"') for name in self.settings.get("shared_preload_libraries", "").split(",") if name.strip()}


ROLES: LiteralString = """
    SELECT oid, rolname, rolsuper, rolcreaterole, rolbypassrls, rolreplication, rolcanlogin,
           CASE WHEN isfinite(rolvaliduntil) THEN rolvaliduntil END, shobj_description(oid, 'pg_authid')
    FROM pg_roles ORDER BY oid"""
MEMBERSHIPS: LiteralString = """
    SELECT m.roleid, m.member, min(g.rolname), bool_or(m.admin_option)
    FROM pg_auth_members AS m LEFT JOIN pg_roles AS g ON g.oid = m.grantor
    GROUP BY m.roleid, m.member ORDER BY 1, 2"""
# A right that a role has on every table of a schema is one row, however many tables there are.
RIGHTS: LiteralString = r"""
    WITH tables AS (
        SELECT c.oid, c.relname, c.relacl, c.relowner, n.nspname, count(*) OVER (PARTITION BY n.nspname) AS all_of_them
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    ),
    held AS (
        SELECT a.grantee, t.nspname, t.relname, a.privilege_type, a.is_grantable, t.all_of_them,
               count(*) OVER (PARTITION BY a.grantee, t.nspname, a.privilege_type) AS had
        FROM tables AS t, LATERAL aclexplode(t.relacl) AS a WHERE a.grantee <> t.relowner
    )
    SELECT grantee, 'table', nspname, CASE WHEN had = all_of_them AND had > 1 THEN '*' ELSE relname END,
           privilege_type, bool_or(is_grantable)
    FROM held GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT a.grantee, 'schema', '', n.nspname, a.privilege_type, bool_or(a.is_grantable)
    FROM pg_namespace AS n, LATERAL aclexplode(n.nspacl) AS a
    WHERE n.nspname NOT IN ('information_schema', 'public') AND n.nspname !~ '^pg_' AND a.grantee <> n.nspowner GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT a.grantee, 'database', '', d.datname, a.privilege_type, bool_or(a.is_grantable)
    FROM pg_database AS d, LATERAL aclexplode(d.datacl) AS a
    WHERE NOT d.datistemplate AND a.grantee NOT IN (0, d.datdba) GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5"""
OWNED: LiteralString = r"""
    SELECT c.relowner, 'tables', n.nspname, count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' GROUP BY 1, 2, 3
    UNION ALL SELECT nspowner, 'schema', nspname, 1 FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
    UNION ALL SELECT datdba, 'database', datname, 1 FROM pg_database WHERE NOT datistemplate ORDER BY 1, 2, 3"""
SETTINGS: LiteralString = """
    SELECT name, setting FROM pg_settings WHERE name IN ('password_encryption', 'shared_preload_libraries', 'log_connections',
        'log_timezone', 'idle_session_timeout', 'log_destination', 'logging_collector', 'log_line_prefix')"""
HBA: LiteralString = """
    SELECT line_number, type, database, user_name, address, netmask, auth_method, options, error
    FROM pg_hba_file_rules ORDER BY line_number"""
SCHEMES_VIEW: LiteralString = "SELECT role, scheme FROM upheld.password_schemes"
SCHEMES_TABLE: LiteralString = """
    SELECT oid, CASE WHEN rolpassword IS NULL THEN 'none' WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256'
        WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE 'cleartext' END FROM pg_authid"""
PLAIN_SESSIONS: LiteralString = """
    SELECT count(*) FILTER (WHERE NOT s.ssl), count(*) FROM pg_stat_ssl AS s JOIN pg_stat_activity AS a USING (pid)
    WHERE a.client_addr IS NOT NULL AND a.client_addr NOT IN ('127.0.0.1', '::1')"""


def clock(connected: Connected) -> datetime:
    """Return what the server's clock says; raises as `Connected.rows` does."""
    found: list[tuple[datetime]] = connected.rows("SELECT clock_timestamp()")
    return found[0][0]


def server(connected: Connected) -> Server:
    """Return the server's version and settings; raises as `Connected.rows` does."""
    return Server(connected.version, dict(connected.rows(SETTINGS)))


def roles(connected: Connected) -> list[Role]:
    """Return every role of the cluster, by oid; raises as `Connected.rows` does."""
    return [Role(*row) for row in connected.rows(ROLES)]


def memberships(connected: Connected) -> list[Membership]:
    """Return who is in which role; raises as `Connected.rows` does."""
    return [Membership(*row) for row in connected.rows(MEMBERSHIPS)]


def rights(connected: Connected) -> list[Right]:
    """Return rights on tables and schemas of the connected database, and on databases; raises as `Connected.rows` does."""
    return [Right(*row) for row in connected.rows(RIGHTS)]


def owned(connected: Connected) -> list[Owned]:
    """Return who owns how much; raises as `Connected.rows` does."""
    return [Owned(*row) for row in connected.rows(OWNED)]


def hba(connected: Connected) -> list[HbaRule]:
    """Return the lines of pg_hba.conf; raises `RefusedError` where the role may not see them."""
    return [HbaRule(*row) for row in connected.rows(HBA)]


def password_schemes(connected: Connected) -> dict[int, str]:
    """Return how each role's password is stored, never the password; raises `RefusedError` where neither view nor pg_authid may be read."""
    try:
        return dict(connected.rows(SCHEMES_VIEW))
    except RefusedError:
        return dict(connected.rows(SCHEMES_TABLE))


def log_tail(connected: Connected) -> str:
    """Return the end of the server's log, at most 64 MiB; raises `RefusedError` where the role may not read it."""
    try:
        found = connected.rows("SELECT upheld.log_tail(%s)", LOG_TAIL_BYTES)
    except RefusedError:
        found = connected.rows(
            """SELECT convert_from(pg_read_binary_file(pg_current_logfile('stderr'), greatest(0, size - %s), %s), 'SQL_ASCII')
               FROM pg_stat_file(pg_current_logfile('stderr'))""",
            LOG_TAIL_BYTES,
            LOG_TAIL_BYTES,
        )
    return str(found[0][0] or "") if found else ""


def plain_sessions(connected: Connected) -> tuple[int, int] | None:
    """Return how many sessions from other machines are without TLS, and how many there are; None where they are not shown."""
    try:
        found: list[tuple[Any, ...]] = connected.rows(PLAIN_SESSIONS)
    except (RefusedError, BrokenOffError):
        return None
    return int(found[0][0]), int(found[0][1])
