"""Who can grant in PostgreSQL, on whatever way: as superuser, by CREATEROLE, as owner; by itself or through a role it is in."""

from collections.abc import Iterable, Iterator

from upheld.sources.postgresql.get import Owned
from upheld.sources.postgresql.roles import BOOTSTRAP, Cluster, Row


def grantor_rows(cluster: Cluster, owned: Iterable[Owned]) -> Iterator[Row]:
    """Yield a row for each account and way in which it can grant. Each pair once, with the shortest wording."""
    seen: set[str] = set()
    for oid, way, scope in _ways(cluster, owned):
        name = cluster.by_oid[oid].name
        for account in sorted(cluster.reaching(oid) & set(cluster.accounts)):
            said = way if account == oid else f"{way}, as {name}"
            row_id = f"{account}:{said}"
            if row_id not in seen:
                seen.add(row_id)
                yield {"id": row_id, "system_id": cluster.system, "account_id": str(account), "way": said, "scope": scope}


def _ways(cluster: Cluster, owned: Iterable[Owned]) -> Iterator[tuple[int, str, str | None]]:
    for role in cluster.roles:
        if role.is_superuser:
            yield role.oid, "superuser", None
        elif role.may_create_roles:
            yield role.oid, "createrole", "roles"
    for membership in cluster.memberships:
        role = cluster.by_oid[membership.role]
        if membership.admin and not cluster.by_oid[membership.member].is_superuser:
            yield membership.member, f"ADMIN OPTION on {role.name}", role.name
    for thing in owned:
        # The superuser that initdb made owns what came with the cluster, and can grant everything anyway.
        if thing.owner in cluster.by_oid and thing.owner != BOOTSTRAP and not cluster.by_oid[thing.owner].is_superuser:
            what = f"{thing.kind} {thing.place}" if thing.kind != "tables" else f"tables in {thing.place}"
            yield thing.owner, f"owner of {what}", f"{thing.kind}:{thing.place}"
