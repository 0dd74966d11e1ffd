"""A connection to PostgreSQL: read only, a time limit on every statement, TLS verified unless the server is on this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, LiteralString

import psycopg
from psycopg import errors

from upheld.sources.source import Misconfigured, SourceError

READ_ONLY = "-c default_transaction_read_only=on "
LIMITS = "-c statement_timeout={milliseconds} -c lock_timeout=5000 -c search_path=pg_catalog"


@dataclass(frozen=True)
class Address:
    """Where a server is and as whom it is read. An empty password leaves it to libpq (passfile, peer)."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    sslmode: str
    ca_file: str
    timeout: float

    @property
    def said(self) -> str:
        """As people write it, without the password."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}"


REFUSED = (
    errors.InsufficientPrivilege,
    errors.UndefinedTable,
    errors.UndefinedFunction,
    errors.UndefinedObject,
    errors.InvalidSchemaName,
    errors.InvalidParameterValue,
    errors.DependentObjectsStillExist,
    errors.InvalidGrantOperation,
    errors.DuplicateObject,
    errors.InvalidName,
    errors.ReservedName,
)


class RefusedError(Exception):
    """The server would not let this role ask that; the message says what it needs."""


class BrokenOffError(Exception):
    """A query did not come to its end; the message says why, for people."""


def is_local(host: str) -> bool:
    """Whether nothing sent to `host` leaves this machine: a socket, or a loopback address."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address(settings: Mapping[str, str]) -> Address:
    """Return the address that `settings` give; raises `Misconfigured`."""
    if not settings["port"].isdecimal() or not 1 <= int(settings["port"]) <= 65535:
        raise Misconfigured(f"port is {settings['port']!r}; it is a number up to 65535")
    try:
        timeout = float(settings["timeout"])
    except ValueError as error:
        raise Misconfigured(f"timeout is {settings['timeout']!r}; it is a number of seconds") from error
    if not 1 <= timeout <= 3600:
        raise Misconfigured(f"timeout is {settings['timeout']!r}; it is from 1 to 3600 seconds")
    if settings["allow_plaintext"] not in ("yes", "no"):
        raise Misconfigured(f"allow_plaintext is {settings['allow_plaintext']!r}; it is yes or no")
    verified = bool(settings["ca_file"]) or not (is_local(settings["host"]) or settings["allow_plaintext"] == "yes")
    return Address(
        host=settings["host"],
        port=int(settings["port"]),
        database=settings["database"],
        user=settings["user"],
        password=settings["password"],
        sslmode="verify-full" if verified else "prefer",
        ca_file=settings["ca_file"] or ("system" if verified else ""),
        timeout=timeout,
    )


class Connected:
    """One session; used with `with`. It can only read unless it `writes`."""

    def __init__(self, where: Address, *, writes: bool = False) -> None:
        self._where = where
        self._connection = _connection(where, LIMITS if writes else READ_ONLY + LIMITS)

    def __enter__(self) -> "Connected":
        return self

    def __exit__(self, *raised: object) -> None:
        self._connection.close()

    @property
    def version(self) -> int:
        """The server's version, such as 150018 for 15.18."""
        return self._connection.info.server_version

    def rows(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Return what `query` answers; raises `RefusedError` where a right is missing, `BrokenOffError` where it did not end."""
        try:
            return self._connection.execute(query, values or None).fetchall()
        except REFUSED as error:
            raise RefusedError(error.diag.message_primary or "insufficient privilege") from error
        except errors.QueryCanceled as error:
            raise BrokenOffError(f"a query took longer than {self._where.timeout:g} s") from error
        except psycopg.Error as error:
            raise BrokenOffError(f"the connection to {self._where.said} broke off ({type(error).__name__})") from error

    @contextmanager
    def undone(self, cursor: str = "") -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        """Yield a cursor, on the server where it is named, in a transaction that is undone at the end, whatever was done in it."""
        made = self._connection.cursor(cursor) if cursor else self._connection.cursor()
        with self._connection.transaction(force_rollback=True), made as opened:
            yield opened

    def verifier(self, role: int, password: str) -> str:
        """Return what SCRAM keeps of `password` for `role`: made here, so that the password is in no statement and no log."""
        return self.made_verifier(str(self.rows("SELECT rolname FROM pg_roles WHERE oid = %s", role)[0][0]), password)

    def made_verifier(self, name: str, password: str) -> str:
        """Return what SCRAM keeps of `password` for the role called `name`."""
        return self._connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode("ascii")


def _connection(where: Address, options: str) -> psycopg.Connection[tuple[Any, ...]]:
    more = {"password": where.password} if where.password else {}
    more |= {"sslrootcert": where.ca_file} if where.ca_file else {}
    try:
        return psycopg.connect(
            host=where.host,
            port=where.port,
            dbname=where.database,
            user=where.user,
            sslmode=where.sslmode,
            connect_timeout=max(2, int(where.timeout)),
            application_name="upheld",
            options=options.format(milliseconds=int(where.timeout * 1000)),
            autocommit=True,
            **more,  # type: ignore[arg-type]
        )
    except psycopg.Error as error:
        raise _refused(where, str(error)) from error


def _refused(where: Address, said: str) -> SourceError:
    """Return what a failed connection means; libpq's own words never hold the password."""
    first = said.strip().splitlines()[-1] if said.strip() else "no reason given"
    if "password authentication failed" in said or "no password supplied" in said:
        return SourceError(f"{where.said}: wrong password, or none given: check user and password", permanent=True)
    if "no pg_hba.conf entry" in said or "pg_hba.conf rejects" in said:
        return SourceError(f"{where.said}: pg_hba.conf does not let this role in from here: add a hostssl line for it", permanent=True)
    if "certificate" in said or "SSL" in said:
        return SourceError(
            f"{where.said}: TLS failed ({first}): set ca_file to the authority that signed it, or host to its name", permanent=True
        )
    if "does not exist" in said:
        return SourceError(f"{where.said}: {first}", permanent=True)
    return SourceError(f"{where.said} cannot be reached: {first}", permanent=False)
