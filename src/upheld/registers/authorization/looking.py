"""What the sources tell of somebody who joins, changes jobs or leaves, and how sure that is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from upheld import clock
from upheld.evidence.collection import Coverage
from upheld.evidence.frame import Frame
from upheld.registers.authorization.case_models import CaseThing, StaffCase
from upheld.registers.authorization.kinds import CaseKind, Thing
from upheld.registers.authorization.places import seeing_by
from upheld.registers.evidence import evidence, rows, told_at
from upheld.sources.frames import frame

BY_THING = {
    Thing.ACCOUNT: "accounts",
    Thing.GRANT: "grants",
    Thing.TOKEN: "api_tokens",
    Thing.KEY: "keys",
    Thing.SESSION: "sessions",
    Thing.BADGE: "badges",
    Thing.ZONE: "zone_authorisations",
    Thing.ASSET: "asset_custodies",
}
TABLES = ("account_owners", "effective_grants", "engagements", "role_entitlements", "granted_requests", "groups", *BY_THING.values())


@dataclass(frozen=True)
class One:
    """One thing as a source tells it; `as_wanted` says whether it is as the case wants it."""

    columns: dict[str, Any]
    as_wanted: bool

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same thing the next time."""
        return tuple(self.columns[name] for name in ("what", "told_by", "ref", "account"))


@dataclass(frozen=True)
class Seen:
    """What was seen of a case at an instant: its things, and when each source last read each table wholly (None: not the last time)."""

    at: datetime
    things: list[One]
    whole: dict[tuple[str, str], datetime | None]

    def surely(self, thing: CaseThing) -> bool:
        """Whether the source of `thing` was read wholly since it was found, so that what it does not tell is not there."""
        read = self.whole.get((BY_THING.get(Thing(thing.what), ""), thing.told_by))
        return read is not None and read > thing.found_at

    def not_yet(self, case: StaffCase) -> str:
        """Return why `case` cannot be closed, "" where it can."""
        left = case.things.filter(settled_at=None)
        if count := left.count():
            return f"{count:,} things are not as they must be, or were not seen to be: {', '.join(str(each) for each in left[:3])}."
        if not any(table == "accounts" for table, _ in self.whole):
            return "No source tells of accounts, so that nobody can say what is left."
        over = datetime.combine(case.due_on + timedelta(days=1 if case.kind == CaseKind.LEAVER else 0), time(), UTC)
        behind = sorted(f"{table} of {source}" for (table, source), read in self.whole.items() if read is None or read < over)
        if behind:
            return f"It ends once these were read wholly after {over:%Y-%m-%d}: {', '.join(behind[:5])}."
        return ""


@dataclass(frozen=True)
class Watch:
    """The evidence as of an instant, loaded once for many cases."""

    at: datetime
    connection: duckdb.DuckDBPyConnection
    whole: dict[tuple[str, str], datetime | None]


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching() -> Iterator[None]:
    """Within this, every case is looked at on the evidence that there is now."""
    now = clock.now()
    with evidence(now, TABLES) as connection:
        token = _watch.set(Watch(now, connection, _whole(frame(told_at(now)))))
        try:
            with seeing_by(connection):
                yield
        finally:
            _watch.reset(token)


def look(case: StaffCase) -> Seen:
    """Return what is seen of `case` now, or when `watching` began."""
    if (here := _watch.get()) is not None:
        return Seen(here.at, list(_LOOKS[CaseKind(case.kind)](here.connection, case, here.at)), here.whole)
    with watching():
        return look(case)


_HERE = """
    SELECT bool_or(current) FROM engagements WHERE person_id IN (SELECT person_id FROM engagements WHERE id = $person)
"""


def works_here(person: str) -> bool:
    """Whether the lists of people say that `person` works here, under whichever number; to be asked while `watching`."""
    here = _watch.get()
    assert here is not None, "watch first"
    found = here.connection.execute(_HERE, {"person": person}).fetchone()
    return bool(found and found[0])


def _whole(its: Frame) -> dict[tuple[str, str], datetime | None]:
    return {
        (each.table, each.source): each.complete_at if each.coverage is Coverage.COMPLETE and each.complete_at == each.seen_at else None
        for name in BY_THING.values()
        for each in its.filled.get(name, ())
    }


@cache
def _query(name: str) -> str:
    return Path(__file__).with_name(name).read_text()


def _leaving(connection: duckdb.DuckDBPyConnection, case: StaffCase, now: datetime) -> Iterator[One]:
    given = {"people": [case.person], "now": now.replace(tzinfo=None)}
    for row in rows(connection, _query("left_over.sql"), **given):
        yield One(_columns(row, wanted=False), as_wanted=False)


def _columns(row: dict[str, Any], *, wanted: bool) -> dict[str, Any]:
    return {
        "what": row["thing"],
        "told_by": row["source"],
        "system": row["system_id"],
        "account": row["account_id"] or "",
        "ref": row["ref"],
        "group": row["group_id"],
        "label": row["label"][:400],
        "wanted": wanted,
    }


_MOVED = """
    SELECT 'grant' AS thing, owner.source, held.system_id, owner.account_id, held.entitlement AS ref,
           coalesce(way.group_id, '') AS group_id,
           owner.label || ': ' || held.entitlement AS label
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    JOIN engagements AS person ON person.person_id = owner.person_id AND person.id = $person
    JOIN role_entitlements AS gave ON gave.role = $former AND gave.system_id = held.system_id AND gave.entitlement = held.entitlement
    LEFT JOIN grants AS way
           ON way.source = owner.source AND way.holder_kind = 'account' AND way.holder_id = owner.account_id
          AND way.entitlement = held.entitlement
    WHERE held.direct AND owner.enabled IS NOT FALSE
      AND NOT EXISTS (SELECT 1 FROM role_entitlements AS gives
                      WHERE gives.role IN ('*', owner.role) AND gives.system_id = held.system_id AND gives.entitlement = held.entitlement)
      AND NOT EXISTS (SELECT 1 FROM granted_requests AS request
                      WHERE request.person_id = $person AND request.system_id = held.system_id AND request.entitlement = held.entitlement
                        AND coalesce(request.until_on >= CAST($now AS DATE), true))
"""


def _moving(connection: duckdb.DuckDBPyConnection, case: StaffCase, now: datetime) -> Iterator[One]:
    given = {"person": case.person, "former": case.former_role, "now": now.replace(tzinfo=None)}
    for row in rows(connection, _MOVED, **given):
        yield One(_columns(row, wanted=False), as_wanted=False)
    yield from _joining(connection, case, now)


_NEEDED = """
    SELECT 'grant' AS thing, told.source, gives.system_id, '' AS account_id, gives.entitlement AS ref, '' AS group_id,
           gives.entitlement || ' on ' || gives.system_id AS label, bool_or(held.entitlement IS NOT NULL) AS there
    FROM engagements AS person
    JOIN role_entitlements AS gives ON gives.role IN ('*', person.role)
    JOIN (SELECT DISTINCT source, system_id FROM accounts) AS told ON told.system_id = gives.system_id
    LEFT JOIN account_owners AS owner ON owner.source = told.source AND owner.person_id = person.person_id
    LEFT JOIN effective_grants AS held
           ON held.source = told.source AND held.account_id = owner.account_id AND held.system_id = gives.system_id
          AND held.entitlement = gives.entitlement
    WHERE person.id = $person
    GROUP BY ALL
"""


def _joining(connection: duckdb.DuckDBPyConnection, case: StaffCase, now: datetime) -> Iterator[One]:
    for row in rows(connection, _NEEDED, person=case.person):
        yield One(_columns(row, wanted=True), as_wanted=row["there"])


_LOOKS = {CaseKind.LEAVER: _leaving, CaseKind.MOVER: _moving, CaseKind.JOINER: _joining}


@dataclass(frozen=True)
class Staffing:
    """That somebody joins, changed jobs or leaves, as the lists of people tell."""

    kind: CaseKind
    person: str
    due_on: date
    former_role: str


def told(now: datetime) -> list[Staffing]:
    """Return who joins, changed jobs or leaves about `now`."""
    with evidence(now, ("engagements",), ("people",)) as connection:
        found = connection.execute(_query("staffing.sql"), {"now": now.replace(tzinfo=None)}).fetchall()
    return [Staffing(CaseKind(kind), person, due_on, former or "") for kind, person, due_on, former in found]
