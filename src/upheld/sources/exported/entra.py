"""Entra ID, as Microsoft Graph 1.0 answers: users, groups and directory roles with their members."""

from pathlib import Path

from upheld.sources.exported.pages import Json, saved
from upheld.sources.exported.rows import Row, Told, folded, instant, text

MORE = ("@odata.nextLink",)
NEVER = {"locked", "password_must_change", "password_scheme", "has_mfa", "used_mfa_at", "privileged"}
# Filled only where the answer was asked for with $select, or with the right to read sign-ins.
ASKED = {"signInActivity": "last_login_at", "accountEnabled": "enabled", "lastPasswordChangeDateTime": "password_changed_at"}


def told(folder: Path, system: str) -> Told:
    """Return what the saved answers in `folder` tell: users.json, groups.json and roles.json, each with members expanded."""
    found = Told(untold={"accounts": set(NEVER), "grants": {"granted_at", "last_used_at", "can_grant"}})
    users, groups, roles = (saved(folder, stem, "value", MORE) for stem in ("users", "groups", "roles"))
    found.short += [("accounts", users.short)] if users.short else []
    found.short += [(table, groups.short) for table in ("groups", "grants") if groups.short]
    found.short += [("grants", roles.short)] if roles.short else []
    found.untold["accounts"] |= {column for name, column in ASKED.items() if not any(name in user for user in users.items)}
    found.accounts = [_account(user, system) for user in users.items if text(user.get("id"))]
    inner = {str(group.get("id")) for group in groups.items}
    for group in groups.items:
        _group(found, group, inner, system)
    powerful: set[str] = set()
    for role in roles.items:
        name = text(role.get("displayName")) or str(role.get("id"))
        for member in _members(role):
            kind = "group" if str(member.get("id")) in inner else "account"
            privileged = "reader" not in name.casefold()
            found.grant(system, kind, str(member["id"]), f"role:{name}", privileged=privileged)
            powerful |= {str(member["id"])} if privileged else set()
    if not roles.short:
        found.untold["accounts"].remove("privileged")
        found.accounts = [row | {"privileged": row["id"] in powerful} for row in found.accounts]
    return found


def _account(user: Json, system: str) -> Row:
    name = text(user.get("userPrincipalName")) or str(user["id"])
    activity = user.get("signInActivity")
    last = activity if isinstance(activity, dict) else {}
    times = [at for at in (instant(last.get(key)) for key in ("lastSignInDateTime", "lastNonInteractiveSignInDateTime")) if at]
    enabled = user.get("accountEnabled")
    return {
        "id": str(user["id"]),
        "system_id": system,
        "user_name": name,
        "identifier": folded(name),
        "kind": "person",
        "person_ref": text(user.get("employeeId")) or text(user.get("mail")),
        "display_name": text(user.get("displayName")),
        "mail": text(user.get("mail")),
        "enabled": enabled if isinstance(enabled, bool) else None,
        "can_sign_in": enabled if isinstance(enabled, bool) else None,
        "created_at": instant(user.get("createdDateTime")),
        "last_login_at": max(times, default=None),
        "password_changed_at": instant(user.get("lastPasswordChangeDateTime")),
    }


def _group(found: Told, group: Json, inner: set[str], system: str) -> None:
    name, privileged = text(group.get("displayName")) or str(group.get("id")), bool(group.get("isAssignableToRole")) or None
    found.groups.append({"id": str(group["id"]), "system_id": system, "name": name, "entitlement": name, "privileged": privileged})
    if "members" not in group:
        found.short.append(("grants", f"the members of {name} were not saved: ask with $expand=members"))
    elif len(_members(group)) == 20:  # $expand gives 20 at most, and says nothing of the rest
        found.short.append(("grants", f"{name} shows 20 members, as many as an expanded answer ever has"))
    for member in _members(group):
        kind = "group" if str(member["id"]) in inner else "account"
        found.grant(system, kind, str(member["id"]), name, group=str(group["id"]), privileged=privileged)


def _members(holder: Json) -> list[Json]:
    members = holder.get("members")
    return [each for each in members if isinstance(each, dict) and each.get("id")] if isinstance(members, list) else []
