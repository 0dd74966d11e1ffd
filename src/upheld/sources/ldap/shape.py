"""OpenLDAP's accounts (and those of servers like it) to rows."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from upheld.sources.ldap.client import Attributes, Entry
from upheld.sources.ldap.kinds import KindRules
from upheld.sources.ldap.members import Index, Row
from upheld.sources.ldap.sight import Sight
from upheld.sources.ldap.values import folded, generalized_time, integer, password_scheme

ATTRIBUTES = (
    "objectClass", "entryUUID", "uid", "cn", "displayName", "mail", "employeeNumber", "uidNumber", "gidNumber", "owner", "manager",
    "createTimestamp", "modifyTimestamp", "userPassword", "pwdAccountLockedTime", "pwdChangedTime", "pwdLastSuccess", "authTimestamp",
    "pwdReset", "pwdPolicySubentry", "pwdEndTime", "nsAccountLock",
)  # fmt: skip
# What draft-behera-ldap-password-policy 5.3.3 writes for an account that only an administrator can unlock.
LOCKED_FOR_GOOD = b"000001010000Z"


@dataclass
class View:
    """All that an account's row depends on beside its entry.

    `rule` is the password rule of an account without one of its own, None when unknown; `locked_for` the time after which a lock
    ends, by rule; `with_password` the folded names of entries that have a password (None: not told); `root` the folded names that may
    do everything, None when unknown; `nameless` counts the entries that did not show who they are; `heeds` says by rule whether locks
    count under it (None: they do under all).
    """

    system: str
    seen_at: datetime
    index: Index
    kinds: KindRules = field(default_factory=KindRules)
    sight: Sight = field(default_factory=Sight)
    rule: str | None = None
    locked_for: dict[str, timedelta | None] = field(default_factory=dict)
    with_password: set[str] | None = None
    root: frozenset[str] | None = None
    mfa_attributes: tuple[str, ...] = ()
    nameless: int = 0
    heeds: dict[str, bool] | None = None


def account_rows(entries: Iterable[Entry], view: View) -> Iterator[Row]:
    """Yield a row for each account; those of programs last, since their owners may be any entry. Fills `view.index` on the way."""
    later: list[tuple[Row, str]] = []
    for entry in entries:
        if "entryuuid" not in entry.attributes:
            view.nameless += 1
            continue
        row = _account(entry, view)
        owner = entry.text("owner") or entry.text("manager")
        if owner and row["kind"] not in ("person", "admin", None):
            later.append((row, owner))
        else:
            yield row
    for row, owner in later:
        row["owner_ref"] = view.index.ref(owner)
        yield row


def _account(entry: Entry, view: View) -> Row:
    attributes, sight = entry.attributes, view.sight
    user_name = entry.text("uid") or entry.text("cn") or entry.dn
    mail = entry.text("mail")
    number = entry.text("employeenumber")
    account_id = attributes["entryuuid"][0].decode("ascii", "replace")
    dn = folded(entry.dn)
    person_ref = number or mail
    _remember(view.index, account_id, dn, user_name, person_ref, attributes)
    rule = entry.text("pwdpolicysubentry")
    rule_id = folded(rule) if rule else view.rule if sight.sees("pwdpolicysubentry") else None
    enabled, locked = _lock(attributes, rule_id, view)
    return {
        "id": account_id,
        "system_id": view.system,
        "user_name": user_name,
        "identifier": user_name.lower() if user_name.isascii() else unicodedata.normalize("NFKC", user_name).casefold(),
        "uid_number": integer(attributes["uidnumber"][0]) if "uidnumber" in attributes else None,
        "kind": view.kinds.kind(user_name, entry),
        "person_ref": person_ref if number or sight.sees("employeenumber") else None,
        "display_name": entry.text("displayname") or entry.text("cn"),
        "mail": mail,
        "enabled": enabled,
        "locked": locked,
        "can_sign_in": _can_sign_in(attributes, dn, enabled, view),
        "privileged": None if view.root is None else dn in view.root,
        "created_at": _time(attributes, "createtimestamp"),
        "changed_at": _time(attributes, "modifytimestamp"),
        "expires_at": _time(attributes, "pwdendtime"),
        "last_login_at": _last_login(attributes),
        "password_changed_at": _time(attributes, "pwdchangedtime"),
        "password_must_change": _flag(attributes, "pwdreset", sight.sees("pwdreset")),
        "password_scheme": _scheme(attributes, sight),
        "password_rule_id": rule_id,
        "has_mfa": any(name in attributes for name in view.mfa_attributes) if view.mfa_attributes else None,
    }


def _remember(index: Index, account_id: str, dn: str, user_name: str, person_ref: str | None, attributes: Attributes) -> None:
    index.accounts[dn] = account_id
    index.refs[dn] = person_ref
    index.names[user_name.lower()] = account_id
    gid = integer(attributes["gidnumber"][0]) if "gidnumber" in attributes else None
    if gid is not None:
        index.primary.append((account_id, gid))


def _lock(attributes: Attributes, rule_id: str | None, view: View) -> tuple[bool | None, bool | None]:
    """Return whether the account is enabled, and whether it is locked."""
    if attributes.get("nsaccountlock", (b"",))[0].upper() == b"TRUE":
        return False, True
    since = attributes.get("pwdaccountlockedtime")
    if since is None:
        return (True, False) if view.sight.sees("pwdaccountlockedtime") else (None, None)
    heeded = _heeded(rule_id, view)
    if not heeded:
        return (None, None) if heeded is None else (True, False)
    if since[0] == LOCKED_FOR_GOOD:
        return False, True
    at, span = generalized_time(since[0]), view.locked_for.get(rule_id or "")
    return True, at is None or span is None or at + span > view.seen_at


def _heeded(rule_id: str | None, view: View) -> bool | None:
    """Whether a lock keeps anybody out: OpenLDAP lets them in where the policy in force has not pwdLockout TRUE (tried on 2.5)."""
    return True if view.heeds is None else view.heeds.get(rule_id or "")


def _can_sign_in(attributes: Attributes, dn: str, enabled: bool | None, view: View) -> bool | None:
    if enabled is False:
        return False
    if "userpassword" in attributes:
        return password_scheme(attributes["userpassword"]) != "locked"
    if "pwdchangedtime" in attributes or "pwdlastsuccess" in attributes:
        return True
    if view.with_password is not None:
        return dn in view.with_password
    return False if view.sight.sees("userpassword") else None


def _time(attributes: Attributes, name: str) -> datetime | None:
    values = attributes.get(name)
    return generalized_time(values[0]) if values else None


def _last_login(attributes: Attributes) -> datetime | None:
    success, bound = _time(attributes, "pwdlastsuccess"), _time(attributes, "authtimestamp")
    return max(success, bound) if success and bound else success or bound


def _flag(attributes: Attributes, name: str, seen: bool) -> bool | None:
    values = attributes.get(name)
    return values[0].upper() == b"TRUE" if values else False if seen else None


def _scheme(attributes: Attributes, sight: Sight) -> str | None:
    values = attributes.get("userpassword")
    return password_scheme(values) if values else "none" if sight.sees("userpassword") else None
