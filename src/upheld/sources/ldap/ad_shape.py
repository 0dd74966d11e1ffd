"""Active Directory's accounts to rows."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from upheld.sources.ldap.client import Attributes, Entry
from upheld.sources.ldap.descriptor import sid
from upheld.sources.ldap.kinds import KindRules
from upheld.sources.ldap.members import Index, Row
from upheld.sources.ldap.values import folded, generalized_time, integer, windows_time

ATTRIBUTES = (
    "objectClass", "objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "cn", "displayName", "mail", "employeeID",
    "employeeNumber", "manager", "userAccountControl", "lockoutTime", "pwdLastSet", "accountExpires", "lastLogonTimestamp", "lastLogon",
    "whenCreated", "whenChanged", "adminCount", "primaryGroupID", "uidNumber", "msDS-ResultantPSO", "msDS-User-Account-Control-Computed",
    "servicePrincipalName",
)  # fmt: skip
DISABLED, NO_PASSWORD_NEEDED, REVERSIBLE, SMARTCARD = 0x2, 0x20, 0x80, 0x40000  # userAccountControl (MS-ADTS 2.2.16)
LOCKED = 0x10  # in msDS-User-Account-Control-Computed
ADMINISTRATOR, GUEST, KRBTGT, DOMAIN_USERS = 500, 501, 502, 513
BUILT_IN = {ADMINISTRATOR: "break_glass", GUEST: "system", KRBTGT: "system"}


@dataclass
class View:
    """What a row depends on beside its entry. `sees_rules` is whether fine-grained rules are shown; `nameless` counts those without id."""

    system: str
    seen_at: datetime
    index: Index
    kinds: KindRules = field(default_factory=KindRules)
    domain_rule: str | None = None
    sees_rules: bool = True
    locked_for: timedelta | None = None
    lag: timedelta = timedelta(days=14)
    without_password_needed: int = 0
    nameless: int = 0


def account_rows(entries: Iterable[Entry], view: View) -> Iterator[Row]:
    """Yield a row for each account; those of programs last, since their owners may be any entry. Fills `view.index` on the way."""
    later: list[tuple[Row, str]] = []
    for entry in entries:
        if "objectguid" not in entry.attributes or "objectsid" not in entry.attributes:
            view.nameless += 1
            continue
        row = _account(entry, view)
        owner = entry.text("manager")
        if owner and row["kind"] not in ("person", "admin", None):
            later.append((row, owner))
        else:
            yield row
    for row, owner in later:
        row["owner_ref"] = view.index.ref(owner)
        yield row


def _account(entry: Entry, view: View) -> Row:
    said = entry.attributes
    user_name = entry.text("samaccountname") or entry.text("cn") or entry.dn
    account_id, own = str(UUID(bytes_le=said["objectguid"][0])), sid(said["objectsid"][0])
    view.index.sids[own] = account_id
    mail = entry.text("mail")
    person_ref = entry.text("employeeid") or entry.text("employeenumber") or mail
    _remember(view.index, account_id, entry, user_name, person_ref)
    control = _number(said, "useraccountcontrol")
    enabled = None if control is None else not control & DISABLED
    last_set = _first(said, "pwdlastset")
    return {
        "id": account_id,
        "system_id": view.system,
        "user_name": user_name,
        "identifier": unicodedata.normalize("NFKC", user_name).casefold(),
        "uid_number": _number(said, "uidnumber"),
        "kind": BUILT_IN.get(int(own.rsplit("-", 1)[1])) or _kind(user_name, entry, view),
        "person_ref": person_ref,
        "display_name": entry.text("displayname") or entry.text("cn"),
        "mail": mail,
        "enabled": enabled,
        "locked": _locked(said, view),
        "can_sign_in": enabled,
        "privileged": _number(said, "admincount") == 1,
        "created_at": _time(said, "whencreated"),
        "changed_at": _time(said, "whenchanged"),
        "expires_at": windows_time(_first(said, "accountexpires")),
        "last_login_at": last_login(said),
        "last_login_lag": view.lag,
        "password_changed_at": windows_time(last_set),
        "password_must_change": None if last_set is None else integer(last_set) == 0,
        "password_scheme": None if control is None else "cleartext" if control & REVERSIBLE else "nt-hash",
        "password_rule_id": _rule(entry, control, view),
        "has_mfa": True if control is not None and control & SMARTCARD else None,
    }


def _kind(user_name: str, entry: Entry, view: View) -> str | None:
    """Return the account's kind: one that offers a service over the network is a program's, unless its name says otherwise."""
    kind = view.kinds.kind(user_name, entry)
    return "service" if kind == "person" and "serviceprincipalname" in entry.attributes else kind


def _remember(index: Index, account_id: str, entry: Entry, user_name: str, person_ref: str | None) -> None:
    dn = folded(entry.dn)
    index.accounts[dn] = account_id
    index.refs[dn] = person_ref
    index.names[user_name.lower()] = account_id
    primary = _number(entry.attributes, "primarygroupid")
    if primary is not None:
        index.primary.append((account_id, primary))


def last_login(said: Attributes) -> datetime | None:
    """Return the later of the replicated time and of the one that the server asked knows; None for never (1601)."""
    times = [windows_time(_first(said, name)) for name in ("lastlogontimestamp", "lastlogon")]
    return max((at for at in times if at), default=None)


def _locked(said: Attributes, view: View) -> bool | None:
    computed = _number(said, "msds-user-account-control-computed")
    if computed is not None:
        return bool(computed & LOCKED)
    since = windows_time(_first(said, "lockouttime"))
    if since is None:
        return None if "useraccountcontrol" not in said else False
    return view.locked_for is None or since + view.locked_for > view.seen_at


def _rule(entry: Entry, control: int | None, view: View) -> str | None:
    """Return the rules in force: an account that needs no password has none, whatever the domain says."""
    if control is not None and control & NO_PASSWORD_NEEDED:
        view.without_password_needed += 1
        return f"{view.system}#none"
    own = entry.text("msds-resultantpso")
    return folded(own) if own else view.domain_rule if view.sees_rules else None


def _first(said: Attributes, name: str) -> bytes | None:
    values = said.get(name)
    return values[0] if values else None


def _number(said: Attributes, name: str) -> int | None:
    return integer(_first(said, name))


def _time(said: Attributes, name: str) -> datetime | None:
    value = _first(said, name)
    return generalized_time(value) if value else None
