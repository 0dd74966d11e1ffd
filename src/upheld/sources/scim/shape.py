"""SCIM's users and groups (RFC 7643) to rows. What a server leaves out is unknown; nothing is guessed from its silence."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from re import Pattern

from upheld.evidence.table import Value
from upheld.sources.scim.client import Json

Row = dict[str, Value]
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@dataclass
class View:
    """What rows depend on beside the resources: the system's id, patterns of log-on names by kind, groups that administer."""

    system: str
    patterns: tuple[tuple[str, Pattern[str]], ...] = ()
    admin_groups: frozenset[str] = frozenset()
    administrators: set[str] = field(default_factory=set)


def text(value: object) -> str | None:
    """Return a text that says something, None for anything else."""
    return value if isinstance(value, str) and value.strip() else None


def instant(value: object) -> datetime | None:
    """Return the instant that SCIM's dateTime says, None for what is none."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if at is None else at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def items(resource: Json, name: str) -> list[Json]:
    """Return the values of a multi-valued attribute that are objects."""
    found = resource.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def mail(user: Json) -> str | None:
    """Return the primary address, else the first."""
    found = sorted(items(user, "emails"), key=lambda each: each.get("primary") is not True)
    return next((said for each in found if (said := text(each.get("value")))), None)


def person_ref(user: Json) -> str | None:
    """Return whose a user is: the personnel number, else the mail address. externalId is the client's own, often opaque."""
    enterprise = user.get(ENTERPRISE)
    number = text(enterprise.get("employeeNumber")) if isinstance(enterprise, dict) else None
    return number or mail(user)


def display_name(user: Json) -> str | None:
    """Return the name shown, else the whole name."""
    name = user.get("name")
    parts = name if isinstance(name, dict) else {}
    joined = " ".join(each for each in (text(parts.get("givenName")), text(parts.get("familyName"))) if each)
    return text(user.get("displayName")) or text(parts.get("formatted")) or joined or None


def account_rows(users: Iterable[Json], view: View) -> Iterator[Row]:
    """Yield a row for each user that has an id and a name."""
    for user in users:
        name, meta = text(user.get("userName")), user.get("meta")
        if name is None or text(user.get("id")) is None:
            continue
        active, told = user.get("active"), meta if isinstance(meta, dict) else {}
        kind = _kind(name, user, view)
        enabled = active if isinstance(active, bool) else None
        yield {
            "id": str(user["id"]),
            "system_id": view.system,
            "user_name": name,
            # userName compares without case (RFC 7643, 4.1.1).
            "identifier": unicodedata.normalize("NFKC", name).casefold(),
            "kind": kind,
            "person_ref": person_ref(user) if kind in ("person", "admin") else None,
            "owner_ref": person_ref(user) if kind not in ("person", "admin") else None,
            "display_name": display_name(user),
            "mail": mail(user),
            "enabled": enabled,
            "can_sign_in": enabled,
            "privileged": str(user["id"]) in view.administrators if view.admin_groups else None,
            "created_at": instant(told.get("created")),
            "changed_at": instant(told.get("lastModified")),
        }


def _kind(name: str, user: Json, view: View) -> str:
    for kind, pattern in view.patterns:
        if pattern.search(name):
            return kind
    said = (text(user.get("userType")) or "").casefold()
    return {"service": "service", "bot": "service", "application": "service", "shared": "shared"}.get(said, "person")


def group_rows(groups: Iterable[Json], view: View) -> Iterator[Row]:
    """Yield a row for each group."""
    for group in groups:
        name = text(group.get("displayName")) or str(group["id"])
        privileged = name.casefold() in view.admin_groups if view.admin_groups else None
        yield {"id": str(group["id"]), "system_id": view.system, "name": name, "entitlement": name, "privileged": privileged}


def is_admin(group: Json, view: View) -> bool:
    """Whether the members of `group` administer, as the company said."""
    return (text(group.get("displayName")) or "").casefold() in view.admin_groups


def grant_rows(users: Iterable[Json], groups: Iterable[Json], view: View) -> Iterator[Row]:
    """Yield memberships, and the roles and entitlements that stand on users; each holder and entitlement once."""
    found: dict[str, Row] = {}
    for row in (*_memberships(list(groups), view), *_on_users(users, view)):
        found.setdefault(str(row["id"]), row)
    yield from found.values()


def _memberships(groups: list[Json], view: View) -> Iterator[Row]:
    inner = {str(group["id"]) for group in groups}
    for group in groups:
        name, privileged = text(group.get("displayName")) or str(group["id"]), is_admin(group, view) if view.admin_groups else None
        for member in items(group, "members"):
            holder = text(member.get("value"))
            if holder is not None:
                kind = "group" if holder in inner or member.get("type") == "Group" else "account"
                row = _grant(view, kind, holder, name)
                yield {**row, "id": f"{holder}>{group['id']}", "group_id": str(group["id"]), "privileged": privileged}


def _on_users(users: Iterable[Json], view: View) -> Iterator[Row]:
    for user in users:
        for attribute, word in (("roles", "role"), ("entitlements", "entitlement")):
            for value in filter(None, (text(each.get("value")) for each in items(user, attribute))):
                yield {**_grant(view, "account", str(user["id"]), f"{word}:{value}"), "id": f"{user['id']}>{word}:{value}"}


def _grant(view: View, kind: str, holder: str, entitlement: str) -> Row:
    return {"system_id": view.system, "holder_kind": kind, "holder_id": holder, "entitlement": entitlement, "can_grant": None}


def people_rows(users: Iterable[Json]) -> Iterator[Row]:
    """Yield a row for each user who has a personnel number: the others are nobody whom HR knows."""
    users = list(users)
    numbers = {str(user.get("id")): number for user in users if (number := _number(user))}
    for user in users:
        number, said = _number(user), user.get(ENTERPRISE)
        if number is None:
            continue
        enterprise: Mapping[str, object] = said if isinstance(said, dict) else {}
        manager = enterprise.get("manager")
        above = manager.get("value") if isinstance(manager, dict) else manager
        yield {
            "id": number,
            "name": display_name(user),
            "mail": mail(user),
            "user_name": text(user.get("userName")),
            "kind": _employment(user),
            "role": text(user.get("title")),
            "department": text(enterprise.get("department")),
            "manager_id": numbers.get(str(above)) if above else None,
        }


def _number(user: Json) -> str | None:
    enterprise = user.get(ENTERPRISE)
    return text(enterprise.get("employeeNumber")) if isinstance(enterprise, dict) else None


def _employment(user: Json) -> str | None:
    said = (text(user.get("userType")) or "").casefold()
    return said if said in ("employee", "contractor", "intern") else "other" if said else None
