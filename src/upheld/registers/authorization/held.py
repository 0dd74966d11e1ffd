"""Who holds what as of an instant, as the sources told: whose accounts they are, what these hold in the end, and by which way."""

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Held:
    """That an account of somebody holds an entitlement, and the shortest way by which it does."""

    source: str
    account: str
    system: str
    entitlement: str
    via: str


def holdings(connection: duckdb.DuckDBPyConnection, person: str) -> list[Held]:
    """Return what the accounts of `person` hold that can be used, by any number HR knows them by."""
    return [Held(*row) for row in connection.execute(_HOLDINGS, {"person": person}).fetchall()]


_HOLDINGS = """
    SELECT held.source, owner.label, held.system_id, held.entitlement, held.via
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    WHERE owner.person_id = (SELECT max(person_id) FROM engagements WHERE id = $person)
      AND owner.enabled IS NOT FALSE
    ORDER BY length(held.via), held.via, owner.label
"""


_OF_GROUPS = """
    SELECT source, holder_id, entitlement, group_id
    FROM grants
    WHERE holder_kind = 'group' AND system_id = $system
    ORDER BY entitlement
"""


def leads_to(connection: duckdb.DuckDBPyConnection, system: str, entitlement: str) -> dict[str, str]:
    """Return what whoever is given `entitlement` holds by it in the end, with the shortest way there, itself included."""
    names: dict[tuple[str, str], str] = {}
    starts: list[tuple[str, str]] = []
    for source, group, called in connection.execute(
        "SELECT source, id, entitlement FROM groups WHERE system_id = $system", {"system": system}
    ).fetchall():
        names[source, group] = called
        if called == entitlement:
            starts.append((source, group))
    gives: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for source, holder, given, group in connection.execute(_OF_GROUPS, {"system": system}).fetchall():
        gives.setdefault((source, holder), []).append((given, group))
    found = {entitlement: entitlement}
    waiting: list[tuple[tuple[str, str], str]] = [(each, entitlement) for each in starts]
    seen = set(starts)
    while waiting:  # breadth first, so that the first way found is the shortest
        here, way = waiting.pop(0)
        for given, group in gives.get(here, ()):
            found.setdefault(given, f"{way} > {given}")
            following = (here[0], group) if group is not None else None
            if following in names and following not in seen:
                seen.add(following)
                waiting.append((following, f"{way} > {given}"))
    return found
