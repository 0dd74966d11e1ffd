"""Answers of a host -> rows of accounts and host_accounts."""

from collections.abc import Mapping
from datetime import datetime

from upheld.evidence.table import Row, Value
from upheld.sources.host.answers import ABSENT, Answers, Part
from upheld.sources.host.logins import last_logins
from upheld.sources.host.passwd import Person, Secret, login_defs, people, secret, secrets
from upheld.sources.host.sshkeys import public_lines

OF_SHADOW = ("enabled", "can_sign_in", "locked", "expires_at", "password_changed_at", "password_must_change", "password_scheme")
UNTOLD = ("created_at", "changed_at", "has_mfa", "used_mfa_at")


def account_id(system: str, person: Person) -> str:
    """Number and name together: both are reissued by the usual tools, and two names may share a number."""
    return f"{system}/{person.uid}/{person.user}"


def keys_by_user(answers: Answers) -> dict[str, int | None]:
    """Return how many SSH keys may sign in to each user; None where a file could not be read."""
    found: dict[str, int | None] = {}
    for user, path in answers.holders:
        section = answers.file(path)
        before = found.get(user, 0)
        if section.whole and before is not None:
            found[user] = before + sum(1 for _ in public_lines(section.text))
        elif section.status != ABSENT:
            found[user] = None
    return found


def accounts(answers: Answers, system: str, seen_at: datetime) -> tuple[Part, Part]:
    """Return the parts of accounts and host_accounts."""
    table, beside = Part("accounts"), Part("host_accounts")
    shadow, keys = secrets(answers), keys_by_user(answers)
    logins, unknown_logins = last_logins(answers)
    lowest = login_defs(answers).get("UID_MIN", "1000")
    first = int(lowest) if lowest.isdecimal() else 1000
    for person in people(answers):
        kept, held = _secret(person, shadow), keys.get(person.user, 0)
        table.rows.append(_account(system, person, kept, held, seen_at, first) | {"last_login_at": logins.get(person.user)})
        beside.rows.append(_beside(system, person, kept, held))
    _say_gaps(table, beside, answers, unknown_logins)
    return table, beside


def _secret(person: Person, shadow: Mapping[str, Secret] | None) -> Secret | None:
    """What is kept about its password: in shadow, or in passwd itself, as no system of this century does."""
    if not person.in_shadow:
        return secret(["", person.field, *[""] * 8])
    return shadow.get(person.user) if shadow is not None else None


def _account(system: str, person: Person, kept: Secret | None, keys: int | None, seen_at: datetime, first: int) -> dict[str, Value]:
    """One row of accounts. A person's is one with a shell and a number that useradd gives to people."""
    within = first <= person.uid < 65534
    kind = "system" if not within else ("person" if person.has_shell else "service")
    enabled = can_sign_in(person, kept, keys, seen_at)
    fields = person.gecos.split(",")
    mail = next((part.strip() for part in fields if "@" in part), None)
    other = fields[4].strip() if len(fields) > 4 else ""
    return {
        "id": account_id(system, person),
        "system_id": system,
        "user_name": person.user,
        "identifier": person.user,
        "uid_number": person.uid,
        "kind": kind,
        "person_ref": (other or mail) if kind == "person" else None,
        "owner_ref": (other or mail) if kind != "person" else None,
        "display_name": fields[0] or None,
        "mail": mail,
        "enabled": enabled,
        "can_sign_in": enabled,
        "locked": kept.locked if kept else None,
        "privileged": person.uid == 0,
        "expires_at": kept.expires_at if kept else None,
        "password_changed_at": kept.changed_at if kept and kept.usable else None,
        "password_must_change": kept.must_change if kept else None,
        "password_scheme": kept.scheme if kept else None,
        "password_rule_id": f"{system}/pam",
    }


def can_sign_in(person: Person, kept: Secret | None, keys: int | None, at: datetime) -> bool | None:
    """Whether anybody can sign in to it: a shell, a password or a key, and not expired. None where that is not known."""
    if not person.has_shell:
        return False
    if kept is not None and kept.expires_at is not None and kept.expires_at <= at:
        return False
    if kept is None:
        return None
    if kept.usable:
        return True
    return None if keys is None else keys > 0


def _beside(system: str, person: Person, kept: Secret | None, keys: int | None) -> Row:
    return {
        "id": account_id(system, person),
        "system_id": system,
        "user_name": person.user,
        "uid_number": person.uid,
        "home": person.home,
        "shell": person.shell,
        "password_scheme": kept.scheme if kept else None,
        "password_empty": kept.empty if kept else None,
        "maximum_age": kept.maximum_age if kept else None,
        "authorized_keys": keys,
    }


def _say_gaps(table: Part, beside: Part, answers: Answers, unknown_logins: str) -> None:
    passwd, shadow = answers.file("/etc/passwd"), answers.file("/etc/shadow")
    if not passwd.whole:
        for part in (table, beside):
            part.cut_short.append(f"/etc/passwd: {passwd.why}")
    if not shadow.whole:
        why = f"/etc/shadow: {shadow.why}"
        table.deny(OF_SHADOW, why)
        beside.deny(("password_scheme", "password_empty", "maximum_age"), why)
    unread = [path for _, path in answers.holders if not answers.file(path).whole and answers.file(path).status != ABSENT]
    if unread:
        beside.deny(
            ["authorized_keys"],
            f"{unread[0]} and {len(unread) - 1} more could not be read" if len(unread) > 1 else f"{unread[0]} could not be read",
        )
    if unknown_logins:
        table.lack(["last_login_at"], unknown_logins)
    table.lack(UNTOLD, "passwd and shadow do not say it")
