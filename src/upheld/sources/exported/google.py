"""Google Workspace, as the Directory API 1 answers: users, groups, and the members of each group."""

from pathlib import Path

from upheld.sources.exported.pages import Json, saved
from upheld.sources.exported.rows import Row, Told, folded, instant, text

MORE = ("nextPageToken",)
NEVER = {"locked", "password_changed_at", "password_scheme", "used_mfa_at", "expires_at"}


def told(folder: Path, system: str) -> Told:
    """Return what the saved answers in `folder` tell: users.json, groups.json, and members of each group as members-ID.json."""
    found = Told(untold={"accounts": set(NEVER), "grants": {"granted_at", "last_used_at"}})
    users, groups = saved(folder, "users", "users", MORE), saved(folder, "groups", "groups", MORE)
    found.short += [("accounts", users.short)] if users.short else []
    found.short += [(table, groups.short) for table in ("groups", "grants") if groups.short]
    found.accounts = [_account(user, system) for user in users.items if text(user.get("id"))]
    inner = {str(group.get("id")) for group in groups.items}
    for group in groups.items:
        name = text(group.get("email")) or str(group.get("id"))
        found.groups.append({"id": str(group["id"]), "system_id": system, "name": name, "entitlement": name, "privileged": False})
        members = saved(folder, f"members-{group['id']}", "members", MORE)
        found.short += [("grants", members.short)] if members.short and group.get("directMembersCount") != "0" else []
        for member in members.items:
            _member(found, member, str(group["id"]), name, inner, system)
    for user in users.items:
        for flag, role in (("isAdmin", "role:super admin"), ("isDelegatedAdmin", "role:delegated admin")):
            if user.get(flag) is True:
                found.grant(system, "account", str(user["id"]), role, privileged=True)
    return found


def _account(user: Json, system: str) -> Row:
    name = text(user.get("primaryEmail")) or str(user["id"])
    enabled = None if not isinstance(user.get("suspended"), bool) else not (user["suspended"] or user.get("archived") is True)
    known = [each for each in user.get("externalIds") or () if isinstance(each, dict)]
    numbers = [text(each.get("value")) for each in known if each.get("type") == "organization"]
    full = user.get("name")
    return {
        "id": str(user["id"]),
        "system_id": system,
        "user_name": name,
        "identifier": folded(name),
        "kind": "person",
        "person_ref": next((number for number in numbers if number), None) or name,
        "display_name": text(full.get("fullName")) if isinstance(full, dict) else None,
        "mail": name,
        "enabled": enabled,
        "can_sign_in": enabled,
        "privileged": user.get("isAdmin") is True or user.get("isDelegatedAdmin") is True,
        "created_at": instant(user.get("creationTime")),
        "last_login_at": instant(user.get("lastLoginTime")),
        "password_must_change": user.get("changePasswordAtNextLogin") if isinstance(user.get("changePasswordAtNextLogin"), bool) else None,
        "has_mfa": user.get("isEnrolledIn2Sv") if isinstance(user.get("isEnrolledIn2Sv"), bool) else None,
    }


def _member(found: Told, member: Json, group: str, name: str, inner: set[str], system: str) -> None:
    holder = text(member.get("id"))
    if holder is None or member.get("type") == "CUSTOMER":
        found.short.append(("grants", f"{name} has everybody of the company as a member, which is not followed"))
        return
    kind = "group" if holder in inner or member.get("type") == "GROUP" else "account"
    found.grant(system, kind, holder, name, group=group, privileged=False)
