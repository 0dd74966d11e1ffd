"""Orders to PostgreSQL: by the functions of enforce.sql, as a role that can call them and do nothing else."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import LiteralString

from upheld.sources.enforcing import Order, Refusal, Right, State, Verb, for_whom, made
from upheld.sources.postgresql.connection import Address, BrokenOffError, Connected, RefusedError
from upheld.sources.postgresql.roles import COMMENT
from upheld.sources.source import SourceError

NEEDS: dict[Verb, LiteralString] = {
    Verb.DISABLE: "set_login(oid,boolean)",
    Verb.ENABLE: "set_login(oid,boolean)",
    Verb.GRANT: "grant_role(oid,oid)",
    Verb.REVOKE: "revoke_role(oid,oid)",
    Verb.RESET_SECRET: "set_verifier(oid,text)",
    Verb.END_SESSIONS: "end_sessions(oid)",
    Verb.CREATE: "create_login(text,text,text)",
}
NUMBER = re.compile(r"\S+")  # as `COMMENT` reads it back
RIGHT = re.compile(r"(?P<kind>table|schema|database):(?P<privilege>[A-Z]+):(?P<place>.+)", re.DOTALL)
ATTRIBUTES = {"CREATEROLE": "rolcreaterole", "BYPASSRLS": "rolbypassrls", "REPLICATION": "rolreplication", "SUPERUSER": "rolsuper"}
HOLDS: dict[str, LiteralString] = {
    "table": """SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, aclexplode(relacl) AS held
                WHERE held.grantee = %s AND held.privilege_type = %s AND nspname || '.' || relname LIKE %s""",
    "schema": """SELECT count(*) FROM pg_namespace, aclexplode(nspacl) AS held
                 WHERE held.grantee = %s AND held.privilege_type = %s AND nspname LIKE %s""",
    "database": """SELECT count(*) FROM pg_database, aclexplode(datacl) AS held
                   WHERE held.grantee = %s AND held.privilege_type = %s AND datname LIKE %s""",
}
MISSING = "make them by enforce.sql (docs/sources/postgresql.md)"


@dataclass(frozen=True)
class Orders:
    """One cluster that may be written to. `where` is as whom orders are carried out."""

    where: Address

    def rights(self) -> Sequence[Right]:
        """See `Enforcing`: whether the functions are there and may be called."""
        with self._open() as connected:
            return [self._right(connected, verb, function) for verb, function in NEEDS.items()]

    def _right(self, connected: Connected, verb: Verb, function: LiteralString) -> Right:
        asked: LiteralString = (
            "SELECT to_regprocedure('upheld.' || %s) IS NOT NULL AND has_function_privilege(to_regprocedure('upheld.' || %s), 'EXECUTE')"
        )
        may = bool(connected.rows(asked, function, function)[0][0])
        return Right(verb, may, f"it may call upheld.{function}" if may else f"it may not call upheld.{function}: {MISSING}")

    def look(self, order: Order, *, before: str = "") -> State:
        """See `Enforcing`. Every role may read the catalog, so that a role that is not in it is gone for certain."""
        with self._open() as connected:
            if order.verb == Verb.CREATE:
                return _made(connected, order, before)
            role = connected.rows("SELECT rolname, rolcanlogin FROM pg_roles WHERE oid = %s", _oid(order.account))
            if not role:
                return State(order.verb.takes, "there is no such role any more")
            return _looked(connected, order, str(role[0][0]), bool(role[0][1]), before)

    def do(self, order: Order, *, secret: str = "") -> None:
        """See `Enforcing`."""
        with self._open(writes=True) as connected:
            (_created if order.verb == Verb.CREATE else _done)(connected, order, secret)

    @contextmanager
    def _open(self, *, writes: bool = False) -> Iterator[Connected]:
        with Connected(self.where, writes=writes) as connected:
            try:
                yield connected
            except RefusedError as error:
                raise (Refusal if writes else Refused)(f"{self.where.said} was refused: {error}") from error
            except BrokenOffError as error:
                raise SourceError(f"{self.where.said}: {error}", permanent=False) from error


class Refused(SourceError):
    """Looking was refused: a right is missing, and trying again changes nothing."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message}: {MISSING}", permanent=True)


def _oid(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise Refused(f"{text[:60]!r} is no id of a role")
    return int(text)


def _looked(connected: Connected, order: Order, name: str, may_sign_in: bool, before: str) -> State:
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        said = f"{name} {'may' if may_sign_in else 'may not'} sign in ({'LOGIN' if may_sign_in else 'NOLOGIN'})"
        return State(may_sign_in == (order.verb == Verb.ENABLE), said)
    if order.verb.needs_entitlement:
        return _holds(connected, order, name)
    if order.verb == Verb.RESET_SECRET:
        mark = str(connected.rows("SELECT upheld.secret_mark(%s)", _oid(order.account))[0][0])
        return State(
            bool(before) and mark != before, f"the password of {name} is {'another' if before not in ('', mark) else 'as it was'}", mark
        )
    return _sessions(connected, order, name, before)


def _made(connected: Connected, order: Order, before: str) -> State:
    found = connected.rows("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s", order.account)
    said = COMMENT.search(found[0][0] or "") if found else None
    return made(order, said[2] if said else None, before, there=bool(found))


def _created(connected: Connected, order: Order, secret: str) -> None:
    """One call makes the role whole; its verifier is made here, so that the secret is in no statement and no log."""
    whose = for_whom(order, secret)
    if not NUMBER.fullmatch(whose.number):
        raise Refusal(f"a comment on a role cannot say that it is the account of {whose.number!r}: make it by hand")
    connected.rows("SELECT upheld.create_login(%s, %s, %s)", order.account, connected.made_verifier(order.account, secret), whose.number)


def _sessions(connected: Connected, order: Order, name: str, before: str) -> State:
    """Return whether the sessions of the first look are over; a later one is another session, and its own matter."""
    rows = connected.rows("SELECT pid, started_at FROM upheld.sessions_of(%s)", _oid(order.account))
    now = {f"{pid}@{at:%Y%m%dT%H%M%S.%f}" for pid, at in rows}
    left = now & set(before.split()) if before else now
    return State(not left, f"{len(left)} sessions of {name} last" if left else f"no session of {name} lasts", " ".join(sorted(now)))


def _holds(connected: Connected, order: Order, name: str) -> State:
    held = _is_held(connected, order)
    if held is None:
        return State(None, f"{order.entitlement!r} is nothing that can be given or taken here")
    through = "" if held or not order.group_id else _through(connected, order)
    return State(held == (order.verb == Verb.GRANT), f"{name} {'holds' if held else 'does not hold'} {order.entitlement}{through}")


def _is_held(connected: Connected, order: Order) -> bool | None:
    member = _oid(order.account)
    if order.group_id:
        return bool(connected.rows("SELECT 1 FROM pg_auth_members WHERE roleid = %s AND member = %s", _oid(order.group_id), member))
    attribute = ATTRIBUTES.get(order.entitlement.removeprefix("attribute:"))
    if attribute and order.entitlement.startswith("attribute:"):
        rows = connected.rows("SELECT to_jsonb(pg_roles) -> %s = 'true' FROM pg_roles WHERE oid = %s", attribute, member)
        return bool(rows[0][0])
    found = RIGHT.fullmatch(order.entitlement)
    if found is None:
        return None
    place = re.sub(r"([\\%_])", r"\\\1", found["place"])
    if found["kind"] == "table" and place.endswith(".*"):
        place = place[:-1] + "%"
    return bool(connected.rows(HOLDS[found["kind"]], member, found["privilege"], place)[0][0])


def _through(connected: Connected, order: Order) -> str:
    """Say that the role is still reached through others, as `pg_has_role` follows them."""
    still = connected.rows("SELECT pg_has_role(%s::oid, %s::oid, 'MEMBER')", _oid(order.account), _oid(order.group_id))
    return ", and still reaches it through a role that it is in" if still and still[0][0] else ""


def _done(connected: Connected, order: Order, secret: str) -> None:
    account = _oid(order.account)
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        connected.rows("SELECT upheld.set_login(%s, %s)", account, order.verb == Verb.ENABLE)
    elif order.verb == Verb.RESET_SECRET:
        connected.rows("SELECT upheld.set_verifier(%s, %s)", account, connected.verifier(account, secret))
    elif order.verb == Verb.END_SESSIONS:
        connected.rows("SELECT upheld.end_sessions(%s)", account)
    elif order.verb == Verb.GRANT:
        if not order.group_id:
            raise Refusal(f"{order.entitlement!r}: roles are given here, and no single rights: give a role that has it")
        connected.rows("SELECT upheld.grant_role(%s, %s)", _oid(order.group_id), account)
    else:
        _revoked(connected, order, account)


def _revoked(connected: Connected, order: Order, account: int) -> None:
    if order.group_id:
        connected.rows("SELECT upheld.revoke_role(%s, %s)", _oid(order.group_id), account)
    elif order.entitlement.startswith("attribute:"):
        connected.rows("SELECT upheld.revoke_attribute(%s, %s)", account, order.entitlement.removeprefix("attribute:"))
    elif found := RIGHT.fullmatch(order.entitlement):
        connected.rows("SELECT upheld.revoke_right(%s, %s, %s, %s)", account, found["kind"], found["privilege"], found["place"])
    else:
        raise Refusal(f"{order.entitlement!r} is nothing that can be taken here")


def as_enforcer(where: Address, user: str, password: str) -> Orders:
    """Return what carries out orders at the cluster `where` as `user`."""
    return Orders(replace(where, user=user, password=password))
