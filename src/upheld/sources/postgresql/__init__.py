"""PostgreSQL: roles, rights, who may grant them, pg_hba.conf, how passwords are stored, and the last log-on from the log."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar, TypeVar

from upheld.evidence.collection import Collecting
from upheld.sources.enforcing import CannotEnforce
from upheld.sources.postgresql import get, grantors, hba, log, roles, sessions
from upheld.sources.postgresql.connection import Address, BrokenOffError, Connected, RefusedError, address
from upheld.sources.postgresql.orders import Orders, as_enforcer
from upheld.sources.source import Misconfigured, Setting, SourceError

Answer = TypeVar("Answer")
NEVER_TOLD = {
    "accounts": ("created_at", "changed_at", "password_changed_at", "password_must_change", "has_mfa", "used_mfa_at"),
    "grants": ("granted_at", "last_used_at"),
    "sessions": ("device_id", "locked", "used_mfa"),
}


@dataclass(frozen=True)
class PostgresqlSource:
    """One cluster, read through one of its databases."""

    where: Address
    system: str
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    log_file: Path | None
    writer: Orders | None = None

    def enforcer(self) -> Orders:
        """Return what carries out orders; raises `CannotEnforce` where no role is set up for it."""
        if self.writer is None:
            raise CannotEnforce("this cluster is read only: run enforce.sql there and set enforce_user (docs/sources/postgresql.md)")
        return self.writer

    def test(self) -> str:
        """Return what answers, as whom, and what that role may not see; raises `SourceError`."""
        with Connected(self.where) as connected:
            lacks = [
                what for what, ask in (("pg_hba.conf", get.hba), ("password schemes", get.password_schemes)) if _refused(ask, connected)
            ]
            version = f"{connected.version // 10000}.{connected.version % 10000}"
        may_not = f"; may not see {' and '.join(lacks)}" if lacks else ""
        return f"{self.where.said} is PostgreSQL {version}, read only{may_not}"

    def collect(self, into: Collecting) -> None:
        """Read the cluster. What is refused is said; raises `SourceError` when the roles themselves cannot be read."""
        with Connected(self.where) as connected:
            try:
                into.clock_offset = _clock_offset(connected)
                server, all_roles, memberships = get.server(connected), get.roles(connected), get.memberships(connected)
            except (RefusedError, BrokenOffError) as error:
                raise SourceError(f"{self.where.said}: {error}", permanent=isinstance(error, RefusedError)) from error
            cluster = roles.Cluster(self.system, all_roles, memberships, self.patterns, _accounts(all_roles, into))
            cluster = replace(cluster, schemes=_schemes(connected, into), logins=self._logins(connected, server, into))
            into.rows("accounts", roles.account_rows(cluster))
            into.rows("password_rules", [roles.rule_row(server, self.system)])
            _rights(connected, cluster, into)
            _doors(connected, cluster, server, into)
            _sessions(connected, self.system, into)
        for table, columns in NEVER_TOLD.items():
            for column in columns:
                into.unsupported(table, column, "PostgreSQL does not record it")

    def _logins(self, connected: Connected, server: get.Server, into: Collecting) -> dict[str, datetime]:
        """Return the last sign-in of each role; those known from earlier collections stay where the log no longer reaches."""
        before = {str(row["user_name"]): at for row in into.known("accounts") if isinstance(at := row.get("last_login_at"), datetime)}
        if server.settings.get("log_connections", "off") == "off":
            into.unsupported("accounts", "last_login_at", "the server does not log sign-ins: set log_connections = on")
            return before
        try:
            lines = self._log_lines(connected)
        except (RefusedError, BrokenOffError) as error:
            into.denied("accounts", "last_login_at", f"the server's log may not be read: {error}; set log_file, or make upheld.log_tail")
            return before
        seen = log.sign_ins(lines, server.settings.get("log_timezone", ""))
        said = f"the log that was read begins at {seen.since:%Y-%m-%d %H:%M} UTC" if seen.since else "the log that was read tells no times"
        into.unsupported("accounts", "last_login_at", f"{said}; when a role without a sign-in since then signed in last is unknown")
        return {name: max(filter(None, (before.get(name), seen.last.get(name)))) for name in {*before, *seen.last}}

    def _log_lines(self, connected: Connected) -> Sequence[str]:
        if self.log_file is None:
            return get.log_tail(connected).splitlines()
        try:
            return self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError as error:
            raise RefusedError(f"log_file {self.log_file}: {error.strerror}") from error


def _clock_offset(connected: Connected) -> timedelta:
    """Return how far the server's clock is ahead of ours, taken in the middle of the question."""
    before = datetime.now(UTC)
    told = get.clock(connected)
    return told - (before + (datetime.now(UTC) - before) / 2)


def _refused(ask: Callable[[Connected], object], connected: Connected) -> bool:
    try:
        ask(connected)
    except (RefusedError, BrokenOffError):
        return True
    return False


def _accounts(all_roles: Sequence[get.Role], into: Collecting) -> frozenset[int]:
    """Return the oids of roles that can sign in, and of those that could when they were seen last: NOLOGIN switches an account off."""
    before = {str(row["id"]) for row in into.known("accounts")}
    return frozenset(role.oid for role in all_roles if role.may_sign_in or str(role.oid) in before)


def _schemes(connected: Connected, into: Collecting) -> dict[int, str]:
    try:
        return get.password_schemes(connected)
    except (RefusedError, BrokenOffError) as error:
        into.denied(
            "accounts", "password_scheme", f"how passwords are stored may not be read: {error}; make the view upheld.password_schemes"
        )
        return {}


def _rights(connected: Connected, cluster: roles.Cluster, into: Collecting) -> None:
    held = _asked(get.rights, connected, into, ("grants",))
    shown = replace(cluster, public=any(right.grantee == 0 for right in held))
    into.rows("groups", roles.group_rows(shown))
    into.rows("grants", roles.grant_rows(shown, held))
    into.rows("grantors", grantors.grantor_rows(cluster, _asked(get.owned, connected, into, ("grantors",))))
    into.note("rights on tables and schemas are those of the connected database; give each other database a source of its own")


def _doors(connected: Connected, cluster: roles.Cluster, server: get.Server, into: Collecting) -> None:
    rules = _asked(get.hba, connected, into, ("logon_settings",))
    into.rows("logon_settings", hba.door_rows(rules, server, cluster))
    for rule in rules:
        if rule.error:
            into.cut_short("logon_settings", f"line {rule.line} of pg_hba.conf is wrong: {rule.error}")
    plain = get.plain_sessions(connected)
    if plain and plain[0]:
        into.note(f"{plain[0]} of {plain[1]} sessions from other machines are without TLS right now")


def _sessions(connected: Connected, system: str, into: Collecting) -> None:
    found = _asked(sessions.backends, connected, into, ("sessions",))
    into.rows("sessions", sessions.session_rows(found, system))
    if any(each.started_at is None for each in found):
        for column in ("started_at", "active_at", "from_address", "remote"):
            into.denied("sessions", column, "what others' sessions do may not be seen: give the role pg_monitor")


def _asked(ask: Callable[[Connected], list[Answer]], connected: Connected, into: Collecting, tables: Sequence[str]) -> list[Answer]:
    """Return what `ask` answers; nothing, and `tables` cut short, where it is refused or breaks off."""
    try:
        return ask(connected)
    except (RefusedError, BrokenOffError) as error:
        for table in tables:
            into.cut_short(table, str(error))
        return []


class PostgresqlKind:
    """A PostgreSQL cluster, version 13 or newer."""

    name: ClassVar[str] = "postgresql"
    title: ClassVar[str] = "PostgreSQL"
    tables: ClassVar[Sequence[str]] = ("accounts", "groups", "grants", "grantors", "password_rules", "logon_settings", "sessions")
    settings: ClassVar[Sequence[Setting]] = (
        Setting("system", "the system's id, as the list of systems names it"),
        Setting("host", "host name, or the folder of the server's socket"),
        Setting("port", "port", "5432"),
        Setting("database", "database to connect to", "postgres"),
        Setting("user", "role to sign in as", "upheld_reader"),
        Setting("password", "its password; libpq's passfile or peer authentication when empty", "", secret=True),
        Setting("ca_file", "PEM file of the authority that signed the server's certificate; the system's roots when empty", ""),
        Setting("allow_plaintext", "yes connects to another machine without verified TLS", "no"),
        Setting("timeout", "seconds for connecting, and for each query", "30"),
        Setting("log_file", "the server's log where it lies on this machine; read through the server when empty", ""),
        Setting("admin_pattern", "regular expression for roles that are administrators' second accounts", ""),
        Setting("service_pattern", "regular expression for roles of programs", ""),
        Setting("shared_pattern", "regular expression for roles that several people share", ""),
        Setting("break_glass_pattern", "regular expression for emergency roles", ""),
        Setting("enforce_user", "role that may call the functions of enforce.sql, such as upheld_enforcer; empty reads only", ""),
        Setting("enforce_password", "its password", "", secret=True),
    )
    least_rights: ClassVar[str] = (
        "A role of its own with pg_monitor, SELECT on pg_hba_file_rules, and two helpers: a view that tells how passwords are stored "
        "without the passwords, and a function that returns the end of the log."
    )
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> PostgresqlSource:
        """Return the cluster that `settings` name; raises `Misconfigured`."""
        patterns = []
        for kind in roles.PATTERNS:
            try:
                patterns += [(kind, re.compile(settings[f"{kind}_pattern"]))] if settings[f"{kind}_pattern"] else []
            except re.error as error:
                raise Misconfigured(f"{kind}_pattern is no regular expression: {error}") from error
        log_file = Path(settings["log_file"]).expanduser() if settings["log_file"] else None
        where, user = address(settings), settings["enforce_user"]
        writer = as_enforcer(where, user, settings["enforce_password"]) if user else None
        return PostgresqlSource(where, settings["system"], tuple(patterns), log_file, writer)


POSTGRESQL = PostgresqlKind()
