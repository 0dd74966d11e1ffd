"""Saved answers of Entra ID, Google Workspace and GitHub, in the shapes that their makers document: rows, and what nobody can tell."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.sources.collected import collect, connected, gaps, rows

from upheld.evidence.collection import Collecting
from upheld.sources.exported import EXPORTED
from upheld.sources.source import Misconfigured, SourceError

ENTRA: dict[str, Any] = {
    "users-1": {
        "@odata.nextLink": "https://graph.microsoft.com/v1.0/users?$skiptoken=x",
        "value": [
            {
                "id": "u1",
                "userPrincipalName": "Ada@example.org",
                "displayName": "Ada",
                "mail": "ada@example.org",
                "employeeId": "1001",
                "accountEnabled": True,
                "createdDateTime": "2024-01-02T03:04:05Z",
                "lastPasswordChangeDateTime": "2025-12-01T00:00:00Z",
                "signInActivity": {
                    "lastSignInDateTime": "2026-05-01T08:00:00Z",
                    "lastNonInteractiveSignInDateTime": "2026-05-02T08:00:00Z",
                },
            }
        ],
    },
    "users-2": {"value": [{"id": "u2", "userPrincipalName": "bob@example.org", "accountEnabled": False}]},
    "groups": {
        "value": [
            {"id": "g1", "displayName": "finance", "isAssignableToRole": None, "members": [{"id": "u1"}, {"id": "g2"}]},
            {"id": "g2", "displayName": "payroll", "members": [{"id": "u2"}]},
        ]
    },
    "roles": {
        "value": [
            {"displayName": "Global Administrator", "members": [{"id": "u1"}]},
            {"displayName": "Global Reader", "members": [{"id": "u2"}]},
        ]
    },
}
GOOGLE: dict[str, Any] = {
    "users": {
        "users": [
            {
                "id": "1",
                "primaryEmail": "ada@example.org",
                "name": {"fullName": "Ada"},
                "isAdmin": True,
                "isDelegatedAdmin": False,
                "suspended": False,
                "archived": False,
                "creationTime": "2024-01-02T03:04:05.000Z",
                "lastLoginTime": "1970-01-01T00:00:00.000Z",
                "changePasswordAtNextLogin": False,
                "isEnrolledIn2Sv": True,
                "externalIds": [{"value": "1001", "type": "organization"}],
            }
        ]
    },
    "groups": {"groups": [{"id": "9", "email": "all@example.org", "directMembersCount": "1"}]},
    "members-9": {"members": [{"id": "1", "type": "USER", "role": "MEMBER"}]},
}
GITHUB: dict[str, Any] = {
    "members": [{"id": 1, "login": "Ada", "type": "User"}, {"id": 2, "login": "bob", "type": "User"}],
    "owners": [{"id": 1, "login": "Ada", "type": "User"}],
    "without_mfa": [{"id": 2, "login": "bob", "type": "User"}],
    "teams": [{"id": 7, "slug": "core", "name": "Core"}],
    "team-core": [{"id": 2, "login": "bob"}],
    "repositories": [{"id": 5, "name": "app"}],
    "collaborators-app": [
        {"id": 2, "login": "bob", "permissions": {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True}},
        {"id": 3, "login": "eve", "permissions": {"admin": True, "push": True, "pull": True}},
    ],
}


def brought(folder: Path, form: str, answers: dict[str, Any]) -> Collecting:
    for name, answer in answers.items():
        (folder / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    return collect(connected(EXPORTED, system="idp", folder=str(folder), form=form), *EXPORTED.tables)


def rights(into: Collecting) -> set[tuple[object, ...]]:
    return {(row["holder_kind"], row["holder_id"], row["entitlement"], row.get("privileged")) for row in rows(into, "grants")}


def short(into: Collecting) -> dict[str, list[str]]:
    return {name: seen.cut_short for name, seen in into.seen.items() if seen.cut_short}


def test_entra_id_tells_users_groups_within_groups_and_roles(tmp_path: Path) -> None:
    into = brought(tmp_path, "entra", ENTRA)
    ada, bob = rows(into, "accounts")
    assert (ada["identifier"], ada["person_ref"], ada["last_login_at"], ada["privileged"]) == (
        "ada@example.org",
        "1001",
        datetime(2026, 5, 2, 8, tzinfo=UTC),
        True,
    )
    assert (bob["enabled"], bob["privileged"], "last_login_at" in bob) == (False, False, False)
    assert rights(into) == {
        ("account", "u1", "finance", None),
        ("group", "g2", "finance", None),
        ("account", "u2", "payroll", None),
        ("account", "u1", "role:Global Administrator", True),
        ("account", "u2", "role:Global Reader", False),
    }
    assert short(into) == {}
    assert ("accounts", "has_mfa", "unsupported") in gaps(into)


def test_an_answer_that_is_not_the_last_page_is_partial_and_says_so(tmp_path: Path) -> None:
    into = brought(tmp_path, "entra", {name: answer for name, answer in ENTRA.items() if name not in ("users-2", "roles")})
    assert short(into) == {
        "accounts": ["the last page of users says that another follows"],
        "grants": ["there is no roles.json"],
    }
    assert ("accounts", "privileged", "unsupported") in gaps(into)


def test_members_that_were_not_expanded_or_fill_the_answer_are_not_all(tmp_path: Path) -> None:
    groups = [{"id": "g1", "displayName": "a"}, {"id": "g2", "displayName": "b", "members": [{"id": f"u{n}"} for n in range(20)]}]
    into = brought(tmp_path, "entra", ENTRA | {"groups": {"value": groups}})
    assert [why.partition(":")[0] for why in short(into)["grants"]] == [
        "the members of a were not saved",
        "b shows 20 members, as many as an expanded answer ever has",
    ]


def test_google_workspace_tells_second_factors_and_administrators(tmp_path: Path) -> None:
    into = brought(tmp_path, "google", GOOGLE)
    (ada,) = rows(into, "accounts")
    assert (ada["person_ref"], ada["has_mfa"], ada["enabled"], ada["privileged"]) == ("1001", True, True, True)
    assert "last_login_at" not in ada  # 1970 is how it says never
    assert rights(into) == {("account", "1", "all@example.org", False), ("account", "1", "role:super admin", True)}
    assert short(into) == {}
    (tmp_path / "members-9.json").unlink()
    assert short(brought(tmp_path, "google", {})) == {"grants": ["there is no members-9.json"]}


def test_an_organisation_on_github_tells_owners_teams_and_who_came_from_outside(tmp_path: Path) -> None:
    into = brought(tmp_path, "github", GITHUB)
    found = {row["user_name"]: (row["privileged"], row.get("has_mfa")) for row in rows(into, "accounts")}
    assert found == {"Ada": (True, True), "bob": (False, False), "eve": (False, None)}
    assert rights(into) == {
        ("account", "1", "role:owner", True),
        ("account", "2", "team:core", False),
        ("account", "2", "app:push", False),
        ("account", "3", "app:admin", True),
    }
    assert short(into) == {}
    full = [{"id": number, "login": f"m{number}"} for number in range(30)]
    assert "exactly a page of 30" in short(brought(tmp_path, "github", {"members": full}))["accounts"][0]


def test_what_is_no_answer_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="form is one of"):
        connected(EXPORTED, system="idp", folder=str(tmp_path), form="okta")
    with pytest.raises(SourceError, match="holds no list called value"):
        brought(tmp_path, "entra", {"users": {"users": []}})
    (tmp_path / "users.json").write_text("{", encoding="utf-8")
    with pytest.raises(SourceError, match="could not be read as JSON"):
        brought(tmp_path, "entra", {})
    with pytest.raises(SourceError, match="is no folder"):
        connected(EXPORTED, system="idp", folder=str(tmp_path / "x"), form="entra").test()
