"""Where somebody could be given something: their accounts on a system, and what each has to do with an entitlement there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import duckdb

from upheld import clock
from upheld.registers.evidence import evidence, rows
from upheld.sources.models import ConfiguredSource

TABLES = ("account_owners", "engagements", "granted_requests", "grants", "groups", "role_entitlements")


@dataclass(frozen=True)
class Place:
    """An account of somebody: whether it holds the entitlement directly, and by which group it does or would."""

    source: str
    account: str
    label: str
    enabled: bool | None
    kind: str
    group: str
    held: bool


_seen: ContextVar[duckdb.DuckDBPyConnection | None] = ContextVar("seen", default=None)


@contextmanager
def seeing() -> Iterator[duckdb.DuckDBPyConnection]:
    """Within this, all is held against the evidence that there is now."""
    if (already := _seen.get()) is not None:
        yield already
        return
    with evidence(clock.now(), TABLES) as connection, seeing_by(connection):
        yield connection


@contextmanager
def seeing_by(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Within this, all is held against what `connection` has, which is `TABLES` at least."""
    token = _seen.set(connection)
    try:
        yield
    finally:
        _seen.reset(token)


_PLACES = """
    SELECT owner.source, owner.account_id AS account, owner.label, owner.enabled, coalesce(owner.kind, 'person') AS kind,
           coalesce(min(way.group_id), min(called.id), '') AS "group", count(way.id) > 0 AS held
    FROM account_owners AS owner
    LEFT JOIN grants AS way
           ON way.source = owner.source AND way.holder_kind = 'account' AND way.holder_id = owner.account_id
          AND way.system_id = owner.system_id AND way.entitlement = $entitlement
    LEFT JOIN groups AS called ON called.source = owner.source AND called.system_id = owner.system_id AND called.entitlement = $entitlement
    WHERE owner.system_id = $system
      AND owner.person_id IN (SELECT person_id FROM engagements WHERE id = $person)
      AND owner.matched_by NOT IN ('owner_ref', 'system_owner')
    GROUP BY owner.source, owner.account_id, owner.label, owner.enabled, owner.kind
    ORDER BY owner.source, owner.label
"""
_BY_ROLE = """
    SELECT min(gives.role) FROM role_entitlements AS gives
    WHERE gives.system_id = $system AND gives.entitlement = $entitlement
      AND gives.role IN (SELECT role FROM engagements WHERE id = $person UNION SELECT '*')
"""


_BY_LIST = """
    SELECT min(request.source) FROM granted_requests AS request
    WHERE request.system_id = $system AND request.entitlement = $entitlement AND request.approved_by IS NOT NULL
      AND coalesce(request.until_on >= $today, true) AND NOT list_contains($registers, request.source)
      AND request.person_id IN (SELECT id FROM engagements WHERE person_id IN (SELECT person_id FROM engagements WHERE id = $person))
"""


def places(person: str, system: str, entitlement: str) -> list[Place]:
    """Return the accounts of `person` on `system`, with what each has to do with `entitlement`."""
    with seeing() as connection:
        return [Place(**row) for row in rows(connection, _PLACES, person=person, system=system, entitlement=entitlement)]


def by_role(person: str, system: str, entitlement: str) -> str:
    """Return the role of `person` that gives `entitlement`, * where everybody has it, "" where none does."""
    with seeing() as connection:
        found = connection.execute(_BY_ROLE, {"person": person, "system": system, "entitlement": entitlement}).fetchone()
    return str(found[0]) if found and found[0] else ""


def by_list(person: str, system: str, entitlement: str) -> str:
    """Return the source, other than the registers, that tells of a granted request of `person` for `entitlement`; "" where none does."""
    registers = list(ConfiguredSource.objects.filter(kind="registers").values_list("name", flat=True))
    given = {"person": person, "system": system, "entitlement": entitlement, "today": clock.now().date(), "registers": registers}
    with seeing() as connection:
        found = connection.execute(_BY_LIST, given).fetchone()
    return str(found[0]) if found and found[0] else ""


def chosen(found: list[Place], *, privileged: bool = False, off: bool = False) -> Place | None:
    """Return the account that is given something; None where nobody can tell which, or there is none.

    What is `privileged` is given to administrators' own accounts alone. Accounts that are switched off are left out, unless `off`.
    """
    usable = [each for each in found if off or each.enabled is not False]
    fitting = [each for each in usable if (each.kind == "admin") == privileged] or ([] if privileged else usable)
    return fitting[0] if len(fitting) == 1 else None
