"""What IAM answers, to rows: users, groups, policies, access keys, and who may give rights."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from upheld.evidence.table import Value

Row = dict[str, Value]
DISABLED = "upheld-disabled"  # the inline policy that orders put on a user who is disabled
DENY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
# Each of these lets its holder give rights, to others or to itself.
GIVES = (
    "iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy",
    "iam:AddUserToGroup", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:CreateAccessKey", "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile", "iam:UpdateAssumeRolePolicy",
)  # fmt: skip


@dataclass
class View:
    """All that was read: `report` is None where the credential report may not be."""

    system: str
    users: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    policies: Mapping[str, dict[str, Any]]
    report: Mapping[str, Mapping[str, str]] | None
    giving: dict[str, str] = field(default_factory=dict)


def gives(document: object) -> bool:
    """Whether a policy's document lets its holder give rights. Conditions are not looked at, so this is at most too many."""
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and statement.get("Effect") == "Allow":
            if "NotAction" in statement:
                return True
            said = statement.get("Action", [])
            actions = [said] if isinstance(said, str) else said
            if any(fnmatchcase(each.lower(), str(action).lower()) for action in actions for each in GIVES):
                return True
    return False


def document(policies: Mapping[str, dict[str, Any]], arn: str) -> object:
    """Return the document in force of a managed policy; None where it was not shown."""
    versions = policies.get(arn, {}).get("PolicyVersionList", [])
    return next((each.get("Document") for each in versions if each.get("IsDefaultVersion")), None)


def _held(view: View, holder: Mapping[str, Any], inline: str) -> Iterator[tuple[str, object]]:
    """Yield each policy that stands on a user or group: its word, and its document."""
    for each in holder.get("AttachedManagedPolicies", []):
        yield f"policy:{each['PolicyArn']}", document(view.policies, each["PolicyArn"])
    for each in holder.get(inline, []):
        if each["PolicyName"] != DISABLED:
            yield f"inline:{each['PolicyName']}", each.get("PolicyDocument")


def ways(view: View) -> None:
    """Find by which way each user and group can give rights: a policy of its own, or of a group that it is in."""
    by_group = {}
    for group in view.groups:
        way = next((word for word, said in _held(view, group, "GroupPolicyList") if gives(said)), None)
        if way is not None:
            by_group[group["GroupName"]] = way
            view.giving[group["GroupId"]] = way
    for user in view.users:
        own = next((word for word, said in _held(view, user, "UserPolicyList") if gives(said)), None)
        through = next((f"{by_group[name]} of group {name}" for name in user.get("GroupList", []) if name in by_group), None)
        if own or through:
            view.giving[user["UserId"]] = str(own or through)


def account_rows(view: View) -> Iterator[Row]:
    """Yield a row for each user, and for the root of the account where the credential report tells of it."""
    for user in view.users:
        told = (view.report or {}).get(user["Arn"], {})
        tags = {each["Key"].lower(): each["Value"] for each in user.get("Tags", [])}
        yield _account(view, str(user["UserId"]), str(user["UserName"]), told, enabled=not is_disabled(user)) | {
            "kind": "person" if "person" in tags else "service" if "owner" in tags else None,
            "person_ref": tags.get("person"),
            "owner_ref": tags.get("owner"),
            "created_at": user["CreateDate"].astimezone(UTC),
            "privileged": user["UserId"] in view.giving,
        }
    for told in (view.report or {}).values():
        if told.get("user") == "<root_account>":
            yield _account(view, told["arn"], "<root_account>", told, enabled=True) | {"kind": "break_glass", "privileged": True}


def _account(view: View, account_id: str, name: str, told: Mapping[str, str], *, enabled: bool) -> Row:
    ways_in = {told.get("password_enabled"), told.get("access_key_1_active"), told.get("access_key_2_active")}
    root = name == "<root_account>"
    used = [
        at for at in (instant(told.get(each)) for each in ("password_last_used", *(f"access_key_{n}_last_used_date" for n in (1, 2)))) if at
    ]
    return {
        "id": account_id,
        "system_id": view.system,
        "user_name": name,
        "identifier": name.casefold(),
        "display_name": name,
        "enabled": enabled,
        "can_sign_in": None if view.report is None else enabled and (root or "true" in ways_in),
        "last_login_at": max(used, default=None),
        "password_changed_at": instant(told.get("password_last_changed")),
        "has_mfa": {"true": True, "false": False}.get(told.get("mfa_active", "")),
    }


def is_disabled(user: Mapping[str, Any]) -> bool:
    """Whether the policy that denies everything stands on the user."""
    return any(each["PolicyName"] == DISABLED and each.get("PolicyDocument") == DENY_ALL for each in user.get("UserPolicyList", []))


def group_rows(view: View) -> Iterator[Row]:
    """Yield a row for each group."""
    for group in view.groups:
        name = str(group["GroupName"])
        row: Row = {"id": str(group["GroupId"]), "system_id": view.system, "name": name, "entitlement": name}
        yield row | {"privileged": group["GroupId"] in view.giving}


def grant_rows(view: View) -> Iterator[Row]:
    """Yield memberships, and policies on users and groups."""
    ids = {group["GroupName"]: group["GroupId"] for group in view.groups}
    for user in view.users:
        for name in user.get("GroupList", []):
            if name in ids:
                yield _grant(view, "account", user["UserId"], name, privileged=ids[name] in view.giving) | {"group_id": str(ids[name])}
        for word, said in _held(view, user, "UserPolicyList"):
            yield _grant(view, "account", user["UserId"], word, privileged=None if said is None else gives(said))
    for group in view.groups:
        for word, said in _held(view, group, "GroupPolicyList"):
            yield _grant(view, "group", group["GroupId"], word, privileged=None if said is None else gives(said))


def _grant(view: View, kind: str, holder: str, entitlement: str, *, privileged: bool | None) -> Row:
    return {
        "id": f"{holder}>{entitlement}",
        "system_id": view.system,
        "holder_kind": kind,
        "holder_id": str(holder),
        "entitlement": entitlement,
        "privileged": privileged,
        "can_grant": privileged,
    }


def grantor_rows(view: View) -> Iterator[Row]:
    """Yield who can give rights, and by which policy."""
    for user in view.users:
        if way := view.giving.get(user["UserId"]):
            yield {"id": f"{user['UserId']}:{way}", "system_id": view.system, "account_id": str(user["UserId"]), "way": way}


def token_rows(view: View) -> Iterator[Row]:
    """Yield access keys by their place in the credential report and the day they were made."""
    ids = {user["Arn"]: str(user["UserId"]) for user in view.users}
    for arn, told in (view.report or {}).items():
        for number in (1, 2):
            made = instant(told.get(f"access_key_{number}_last_rotated"))
            if made is not None:
                holder = ids.get(arn, arn)
                yield {
                    "id": f"{holder}/key{number}@{made:%Y%m%dT%H%M%S}",
                    "system_id": view.system,
                    "account_id": holder,
                    "active": told.get(f"access_key_{number}_active") == "true",
                    "created_at": made,
                    "last_used_at": instant(told.get(f"access_key_{number}_last_used_date")),
                }


def instant(said: str | None) -> datetime | None:
    """Return an instant of the credential report, None for its words (N/A, no_information, not_supported)."""
    try:
        at = datetime.fromisoformat(said) if said else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at and at.tzinfo else None


def seen(system: str, told: Mapping[str, Iterable[dict[str, Any]]], report: Mapping[str, Mapping[str, str]] | None) -> View:
    """Return the view of what was read."""
    policies = {each["Arn"]: each for each in told["Policies"]}
    view = View(system, list(told["UserDetailList"]), list(told["GroupDetailList"]), policies, report)
    ways(view)
    return view
