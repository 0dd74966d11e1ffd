"""Who had access to what at an instant, by which way, and why: from history, as the sources told by then."""

from dataclasses import dataclass
from datetime import datetime

from upheld.registers.evidence import evidence, rows

MOST = 500  # rows that a page shows
COLUMNS = ("person", "person_id", "account", "system", "entitlement", "privileged", "via", "since", "why", "source")
_TABLES = ("account_owners", "effective_grants", "engagements", "granted_requests", "role_entitlements")
_QUERY = """
    WITH requests AS (
        SELECT person.person_id, request.system_id, request.entitlement,
               max('request ' || request.id || ', approved by ' || request.approved_by
                   || coalesce(' on ' || CAST(CAST(request.approved_at AS DATE) AS TEXT), '')) AS why
        FROM granted_requests AS request JOIN engagements AS person ON person.id = request.person_id
        WHERE request.approved_by IS NOT NULL AND coalesce(request.until_on >= CAST($at AS DATE), true)
        GROUP BY ALL
    ),
    roles AS (SELECT DISTINCT role, system_id, entitlement FROM role_entitlements),
    asked AS (SELECT DISTINCT person_id FROM engagements WHERE lower(id) = $person)
    SELECT coalesce(owner.person_name, '') AS person, coalesce(owner.person_id, '') AS person_id, owner.user_name AS account,
           held.system_id AS system, held.entitlement,
           CASE held.privileged WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'not told' END AS privileged,
           held.via, coalesce(CAST(held.granted_at AS TEXT), '') AS since,
           CASE WHEN own.role IS NOT NULL THEN 'comes with the role ' || own.role
                WHEN everybodys.role IS NOT NULL THEN 'comes with everybody''s role'
                WHEN requests.why IS NOT NULL THEN requests.why
                WHEN NOT held.direct THEN 'carried by a group'
                ELSE 'nothing explains it' END AS why,
           held.source
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    LEFT JOIN roles AS own ON own.role = owner.role AND own.system_id = held.system_id AND own.entitlement = held.entitlement
    LEFT JOIN roles AS everybodys
           ON everybodys.role = '*' AND everybodys.system_id = held.system_id AND everybodys.entitlement = held.entitlement
    LEFT JOIN requests
           ON requests.person_id = owner.person_id AND requests.system_id = held.system_id AND requests.entitlement = held.entitlement
    WHERE owner.enabled IS NOT FALSE
      AND ($person = '' OR contains(lower(owner.person_name), $person) OR lower(owner.user_name) = $person
           OR owner.person_id IN (SELECT person_id FROM asked))
      AND ($system = '' OR lower(held.system_id) = $system)
      AND ($entitlement = '' OR contains(lower(held.entitlement), $entitlement))
    ORDER BY person, account, system, entitlement, held.source
"""


@dataclass(frozen=True)
class Asked:
    """Whose access, to what; "" for anybody's or anything."""

    person: str = ""
    system: str = ""
    entitlement: str = ""


def access_at(at: datetime, asked: Asked, *, most: int = 0) -> tuple[list[dict[str, str]], int]:
    """Return the rights in use as of `at`, at most so many (0: all), and how many there are; values are text."""
    given = {"person": asked.person.lower(), "system": asked.system.lower(), "entitlement": asked.entitlement.lower()}
    with evidence(at, _TABLES) as connection:
        found = list(rows(connection, _QUERY, at=at.replace(tzinfo=None), **given))
    return found[:most] if most else found, len(found)
