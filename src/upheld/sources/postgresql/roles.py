"""PostgreSQL's roles to accounts and groups: a role that may sign in is an account, one that has members or may not is a group."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from upheld.evidence.table import Value
from upheld.sources.postgresql.get import Membership, Right, Role, Server

Row = dict[str, Value]
BOOTSTRAP = 10  # oid of the superuser that initdb made
FIRST_OWN_OID = 16384  # roles below it come with PostgreSQL
PATTERNS = ("admin", "service", "shared", "break_glass")
COMMENT = re.compile(r"\b(person|owner)\s*[:=]\s*(\S+)", re.IGNORECASE)
PUBLIC = "0"
# Predefined roles that reach beyond data: files and programs of the server, other sessions (PostgreSQL manual, 22.5).
POWERFUL = {"pg_read_server_files", "pg_write_server_files", "pg_execute_server_program", "pg_signal_backend", "pg_write_all_data"}


@dataclass
class Cluster:
    """Roles and who is in which, with what was learnt beside the catalogs.

    `accounts` are the oids of roles that can sign in or could before; `schemes` and `logins` are by oid and by name.
    """

    system: str
    roles: Sequence[Role]
    memberships: Sequence[Membership]
    patterns: Sequence[tuple[str, re.Pattern[str]]] = ()
    accounts: Set[int] = frozenset()
    schemes: Mapping[int, str] = field(default_factory=dict)
    logins: Mapping[str, datetime] = field(default_factory=dict)
    public: bool = False

    def __post_init__(self) -> None:
        self.by_oid = {role.oid: role for role in self.roles}
        self.inside: dict[int, list[int]] = {}
        for membership in self.memberships:
            self.inside.setdefault(membership.role, []).append(membership.member)

    def reaching(self, oid: int) -> set[int]:
        """Return every role that can act as role `oid`: itself, its members, and their members."""
        reached, waiting = {oid}, [oid]
        while waiting:
            for member in self.inside.get(waiting.pop(), ()):
                if member not in reached:
                    reached.add(member)
                    waiting.append(member)
        return reached

    def is_group(self, role: Role) -> bool:
        """Whether `role` carries rights for others."""
        own = role.oid >= FIRST_OWN_OID
        return role.oid in self.inside or (own and role.oid not in self.accounts)


def is_powerful(role: Role) -> bool:
    """Whether the system itself calls `role` an administrator."""
    attributes = role.is_superuser or role.may_create_roles or role.bypasses_row_security or role.replicates
    return attributes or role.name in POWERFUL


def account_rows(cluster: Cluster) -> Iterator[Row]:
    """Yield a row for each role that can sign in, or could and was switched off since."""
    for role in cluster.roles:
        if role.oid in cluster.accounts:
            yield _account(role, cluster)


def _account(role: Role, cluster: Cluster) -> Row:
    said = COMMENT.search(role.comment or "")
    whose = said[1].lower() if said else None
    scheme = cluster.schemes.get(role.oid)
    return {
        "id": str(role.oid),
        "system_id": cluster.system,
        "user_name": role.name,
        "identifier": unicodedata.normalize("NFKC", role.name),
        "kind": _kind(role, whose, cluster),
        "person_ref": said[2] if said and whose == "person" else None,
        "owner_ref": said[2] if said and whose == "owner" else None,
        "display_name": role.name,
        "enabled": role.may_sign_in,
        "locked": False,
        "can_sign_in": role.may_sign_in,
        "privileged": is_powerful(role),
        "expires_at": role.valid_until,
        "last_login_at": cluster.logins.get(role.name),
        "password_scheme": scheme,
        "password_rule_id": f"{cluster.system}#server",
    }


def _kind(role: Role, whose: str | None, cluster: Cluster) -> str | None:
    if role.oid == BOOTSTRAP:
        return "system"
    for kind, pattern in cluster.patterns:
        if pattern.search(role.name):
            return kind
    return {"person": "person", "owner": "service"}.get(whose or "")


def group_rows(cluster: Cluster) -> Iterator[Row]:
    """Yield a row for each role that others are in, or that nobody can sign in to; and PUBLIC where rights were given to it."""
    for role in cluster.roles:
        if cluster.is_group(role):
            said = COMMENT.search(role.comment or "")
            yield {
                "id": str(role.oid),
                "system_id": cluster.system,
                "name": role.name,
                "entitlement": role.name,
                "privileged": is_powerful(role),
                "owner_ref": said[2] if said and said[1].lower() == "owner" else None,
            }
    if cluster.public:
        yield {"id": PUBLIC, "system_id": cluster.system, "name": "PUBLIC", "entitlement": "PUBLIC", "privileged": False}


def grant_rows(cluster: Cluster, rights: Iterable[Right]) -> Iterator[Row]:
    """Yield memberships, attributes such as SUPERUSER, and rights on tables, schemas and databases."""
    for membership in cluster.memberships:
        role = cluster.by_oid[membership.role]
        for row in _held(cluster, membership.member, role.name, privileged=is_powerful(role)):
            yield row | {"group_id": str(role.oid), "can_grant": membership.admin, "granted_by": membership.grantor}
    for role in cluster.roles:
        for attribute in _attributes(role):
            yield from _held(cluster, role.oid, f"attribute:{attribute}", privileged=True)
    for right in rights:
        place = f"{right.place}.{right.name}" if right.place else right.name
        for row in _held(cluster, right.grantee, f"{right.kind}:{right.right}:{place}", privileged=False):
            yield row | {"can_grant": right.grantable}
    for oid in sorted(cluster.accounts) if cluster.public else ():
        yield _row(cluster, "account", str(oid), "PUBLIC") | {"group_id": PUBLIC, "inherent": True, "privileged": False, "can_grant": False}


def _attributes(role: Role) -> list[str]:
    has = {
        "SUPERUSER": role.is_superuser,
        "CREATEROLE": role.may_create_roles,
        "BYPASSRLS": role.bypasses_row_security,
        "REPLICATION": role.replicates,
    }
    return [attribute for attribute, held in has.items() if held]


def _held(cluster: Cluster, holder: int, entitlement: str, *, privileged: bool) -> Iterator[Row]:
    """Yield the grant to role `holder`: as an account, as a group, or both where it is both."""
    if holder in cluster.accounts:
        yield _row(cluster, "account", str(holder), entitlement) | {"privileged": privileged, "can_grant": False}
    role = cluster.by_oid.get(holder)
    if (role and cluster.is_group(role)) or (holder == 0 and cluster.public):
        yield _row(cluster, "group", str(holder), entitlement) | {"privileged": privileged, "can_grant": False}


def _row(cluster: Cluster, kind: str, holder: str, entitlement: str) -> Row:
    return {
        "id": f"{kind}:{holder}>{entitlement}",
        "system_id": cluster.system,
        "holder_kind": kind,
        "holder_id": holder,
        "entitlement": entitlement,
    }


def rule_row(server: Server, system: str) -> Row:
    """Return the row of the rules that the server itself enforces: few, unless a library adds some."""
    checked = bool(server.libraries & {"passwordcheck", "credcheck"})
    return {
        "id": f"{system}#server",
        "system_id": system,
        "name": "passwordcheck" if "passwordcheck" in server.libraries else "server",
        "minimum_length": 8 if "passwordcheck" in server.libraries else 0,  # passwordcheck.c: MIN_PWD_LENGTH
        "history": 0,
        "quality_checked": checked,
        "locks_after": 0,
        "scheme": {"on": "md5", "off": "cleartext"}.get(encryption, encryption)
        if (encryption := server.settings.get("password_encryption"))
        else None,
    }
