"""A GitHub organisation (Gitea and Forgejo answer alike), by its REST answers: members, owners, teams, and who may what in repositories."""

from pathlib import Path

from upheld.sources.exported.pages import Json, Saved, saved
from upheld.sources.exported.rows import Row, Told, folded, text

NEVER = {
    *("enabled", "locked", "can_sign_in", "created_at", "last_login_at", "password_changed_at", "password_must_change"),
    *("password_scheme", "used_mfa_at", "expires_at"),
}
STRONGEST_FIRST = ("admin", "maintain", "push", "triage", "pull")


def told(folder: Path, system: str) -> Told:
    """Return what the saved answers in `folder` tell.

    members.json, owners.json (members?role=admin), without_mfa.json (members?filter=2fa_disabled), teams.json and team-SLUG.json,
    repositories.json and collaborators-NAME.json.
    """
    found = Told(untold={"accounts": set(NEVER), "grants": {"granted_at", "last_used_at"}})
    members, owners = saved(folder, "members"), saved(folder, "owners")
    without = saved(folder, "without_mfa")
    if without.short:
        found.untold["accounts"].add("has_mfa")
    _say(found, members, "accounts")
    _say(found, owners, "accounts", "grants")
    lacking, leads = _ids(without), _ids(owners)
    found.accounts = [_account(each, system, leads, None if without.short else str(each["id"]) not in lacking) for each in members.items]
    for owner in owners.items:
        found.grant(system, "account", str(owner["id"]), "role:owner", privileged=True)
    _teams(found, folder, system)
    _repositories(found, folder, system, _ids(members))
    return found


def _say(found: Told, what: Saved, *tables: str) -> None:
    found.short += [(table, what.short) for table in tables if what.short]


def _ids(what: Saved) -> set[str]:
    return {str(each.get("id")) for each in what.items}


def _account(member: Json, system: str, owners: set[str], has_mfa: bool | None) -> Row:
    name = text(member.get("login")) or str(member["id"])
    return {
        "id": str(member["id"]),
        "system_id": system,
        "user_name": name,
        "identifier": folded(name),
        "kind": "service" if member.get("type") == "Bot" else "person",
        "person_ref": text(member.get("email")),
        "display_name": text(member.get("name")),
        "mail": text(member.get("email")),
        "privileged": str(member["id"]) in owners,
        "has_mfa": has_mfa,
    }


def _teams(found: Told, folder: Path, system: str) -> None:
    teams = saved(folder, "teams")
    _say(found, teams, "groups", "grants")
    for team in teams.items:
        group, name = f"team/{team['id']}", text(team.get("slug")) or str(team["id"])
        found.groups.append({"id": group, "system_id": system, "name": name, "entitlement": f"team:{name}", "privileged": False})
        inside = saved(folder, f"team-{name}")
        _say(found, inside, "grants")
        for member in inside.items:
            found.grant(system, "account", str(member["id"]), f"team:{name}", group=group, privileged=False)


def _repositories(found: Told, folder: Path, system: str, members: set[str]) -> None:
    repositories = saved(folder, "repositories")
    _say(found, repositories, "grants")
    for repository in repositories.items:
        name = text(repository.get("name")) or str(repository["id"])
        allowed = saved(folder, f"collaborators-{name}")
        _say(found, allowed, "grants")
        for each in allowed.items:
            permissions = each.get("permissions")
            may = permissions if isinstance(permissions, dict) else {}
            strongest = next((word for word in STRONGEST_FIRST if may.get(word) is True), None)
            if strongest is None:
                continue
            if str(each["id"]) not in members:  # from outside the organisation, and an account all the same
                members.add(str(each["id"]))
                found.accounts.append(_account(each, system, set(), None))
                found.untold["accounts"].add("has_mfa")
            found.grant(system, "account", str(each["id"]), f"{name}:{strongest}", privileged=strongest == "admin")
