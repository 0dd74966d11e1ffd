"""OpenLDAP, and servers that speak like it, into tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from upheld.evidence.collection import Collecting
from upheld.sources.ldap import doors, gaps, policies
from upheld.sources.ldap.access_rules import writers
from upheld.sources.ldap.client import EndedEarlyError, Entry
from upheld.sources.ldap.configuration import ATTRIBUTES as CONFIGURATION_ATTRIBUTES
from upheld.sources.ldap.configuration import Configuration, configuration
from upheld.sources.ldap.get import (
    Session,
    all_of,
    client_class,
    configuration_entries,
    has_root_password,
    names_with,
    sampled,
    streamed,
)
from upheld.sources.ldap.members import Group, Index, Row, grant_rows, grantor, group_number, group_rows, named, say_hidden
from upheld.sources.ldap.shape import ATTRIBUTES, View, account_rows
from upheld.sources.ldap.sight import PROBES, SAMPLE, Sight, sight
from upheld.sources.ldap.values import folded

PERSON_FILTER = "(|(objectClass=person)(objectClass=posixAccount)(objectClass=account)(objectClass=simpleSecurityObject))"
GROUP_FILTER = (
    "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=organizationalRole)(objectClass=posixGroup)"
    "(objectClass=groupOfURLs))"
)
GROUP_ATTRIBUTES = (
    "objectClass",
    "entryUUID",
    "cn",
    "gidNumber",
    "member",
    "uniqueMember",
    "roleOccupant",
    "memberUid",
    "owner",
    "memberURL",
)


@dataclass
class Reading:
    """What is learnt on the way from one table to the next. `rule` is the id of the rules that hold by default, None when unknown."""

    found: Session
    into: Collecting
    index: Index
    config: Configuration | None = None
    rules: list[Row] = field(default_factory=list)
    rule: str | None = None
    heeds: dict[str, bool] = field(default_factory=dict)
    weak: doors.Tried = doors.NOT_TRIED

    def short(self, table: str) -> Callable[[str], None]:
        """Return what to call when `table` ends early."""
        return lambda why: self.into.cut_short(table, why)


def collect(found: Session, into: Collecting) -> None:
    """Read password rules, accounts, groups, grants, grantors and the way in: each step knows what the ones before it found."""
    asked = found.asked
    filters = replace(asked, person_filter=asked.person_filter or PERSON_FILTER, group_filter=asked.group_filter or GROUP_FILTER)
    found = replace(found, asked=filters)
    entries = configuration_entries(found, CONFIGURATION_ATTRIBUTES)
    told = configuration(entries, found.asked.base, None)
    if told is not None:
        told = replace(told, root_password=_root_password(found, entries))
    reading = Reading(found, into, Index(found.asked.system), told)
    _password_rules(reading)
    seen = _accounts(reading)
    groups = _groups(reading)
    _grantors(reading, groups)
    _door(reading)
    gaps.say(
        into, seen, gaps.Facts(told is not None, bool(told and told.has_policies), _records_sign_ins(reading), bool(_mfa(found, seen)))
    )


def _root_password(found: Session, entries: list[Entry]) -> bool | None:
    answers = [
        has_root_password(found, entry.dn) for entry in entries if "olcrootdn" in entry.attributes and "olcsuffix" in entry.attributes
    ]
    return True if True in answers else None if None in answers else False


def _password_rules(reading: Reading) -> None:
    asked, into, told = reading.found.asked, reading.into, reading.config
    entries = all_of(
        reading.found.search(asked.base, "(objectClass=pwdPolicy)", policies.POLICY_ATTRIBUTES), reading.short("password_rules")
    )
    reading.rules = list(policies.policy_rows(entries, asked.system, told.scheme if told else None))
    reading.heeds = {folded(entry.dn): (entry.text("pwdlockout") or "").upper() == "TRUE" for entry in entries}
    if asked.default_policy:
        reading.rule = folded(asked.default_policy)
    elif told and told.has_policies and told.default_policy:
        reading.rule = told.default_policy
    elif told:
        reading.rules.append(policies.no_rules(asked.system))
        reading.rule = str(reading.rules[-1]["id"])
        reading.heeds[reading.rule] = False
    if reading.rule and reading.rule not in {row["id"] for row in reading.rules}:
        into.cut_short("password_rules", f"the default policy {reading.rule} is not shown to the bind account")
    reading.weak = doors.weak_password(asked.where, asked.probe_dn, asked.probe_password)
    doors.guessable(reading.rules, _rule_of(reading, asked.probe_dn), reading.weak)
    into.rows("password_rules", reading.rules)


def _rule_of(reading: Reading, dn: str) -> str | None:
    """Return the id of the rules that the account `dn` is under."""
    try:
        entry = reading.found.client.read(dn, ("pwdPolicySubentry",)) if dn else None
    except EndedEarlyError:
        return None
    named = entry.text("pwdpolicysubentry") if entry else None
    return folded(named) if named else reading.rule


def _accounts(reading: Reading) -> Sight:
    found, into, asked = reading.found, reading.into, reading.found.asked
    sample = sampled(found, asked.person_filter, (*ATTRIBUTES, *asked.mfa_attributes), SAMPLE)
    seen = sight(found.client, sample, found.schema, (*PROBES, *asked.mfa_attributes))
    view = View(
        system=asked.system,
        seen_at=into.seen_at,
        index=reading.index,
        kinds=asked.kinds,
        sight=seen,
        rule=reading.rule,
        locked_for={str(row["id"]): _span(row) for row in reading.rules},
        with_password=_with_password(found, seen),
        root=reading.config.root if reading.config else None,
        mfa_attributes=_mfa(found, seen),
        heeds=reading.heeds,
    )
    entries = found.search(asked.base, asked.person_filter, (*ATTRIBUTES, *asked.mfa_attributes))
    read = streamed(entries, reading.short("accounts"), lambda count: into.progress("accounts", count))
    into.rows("accounts", account_rows(read, view))
    into.rows("accounts", _root_accounts(reading))
    if view.nameless:
        into.cut_short(
            "accounts", f"{view.nameless} entries did not show entryUUID, without which nobody can be told from a successor of that name"
        )
    return seen


def _span(row: Row) -> timedelta | None:
    span = row.get("locked_for")
    return span if isinstance(span, timedelta) else None


def _with_password(found: Session, seen: Sight) -> set[str] | None:
    """Return the folded names of those who have a password and do not show since when; None where that may not be asked."""
    if "userpassword" not in seen.hidden:
        return None
    # Who has the time of a password has a password: only the others are asked for, who are few.
    others = "(!(pwdChangedTime=*))" if seen.knows("pwdChangedTime") and seen.sees("pwdchangedtime") else ""
    names = names_with(found, f"(&{found.asked.person_filter}{others})", "userPassword")
    return None if names is None else {folded(name) for name in names}


def _mfa(found: Session, seen: Sight) -> tuple[str, ...]:
    """Return the attributes that show a second factor, in lower case; none when the server knows none or would not show them."""
    known = tuple(name.lower() for name in found.asked.mfa_attributes if seen.knows(name))
    return known if all(seen.sees(name) for name in known) else ()


def _root_accounts(reading: Reading) -> Iterator[Row]:
    """Yield a row for a root account that is no entry: it can sign in with the password in the configuration."""
    told, system = reading.config, reading.found.asked.system
    if told is None or told.root_password is False:
        return
    for dn in sorted(told.root - set(reading.index.accounts)):
        account_id = f"{system}#rootdn:{dn}"
        reading.index.accounts[dn] = account_id
        yield {
            "id": account_id,
            "system_id": system,
            "user_name": dn,
            "identifier": dn,
            "kind": "break_glass",
            "enabled": True,
            "locked": False,
            "can_sign_in": told.root_password,
            "privileged": True,
        }


def _groups(reading: Reading) -> list[Group]:
    found, into, asked = reading.found, reading.into, reading.found.asked
    entries = all_of(found.search(asked.base, asked.group_filter, GROUP_ATTRIBUTES), reading.short("groups"))
    whole = [(entry.text("entryuuid") or "", entry, group_number(entry)) for entry in entries if "entryuuid" in entry.attributes]
    if len(whole) < len(entries):
        into.cut_short(
            "groups", f"{len(entries) - len(whole)} groups did not show entryUUID, without which they cannot be told apart over time"
        )
    reading.index.groups = {folded(entry.dn): group_id for group_id, entry, _ in whole}
    powerful = {group_id: (entry.text("cn") or "").lower() in asked.admin_groups for group_id, entry, _ in whole}
    groups = named(whole, powerful, reading.index, "owner")
    into.rows("groups", group_rows(groups, asked.system))
    into.rows("grants", grant_rows(groups, reading.index))
    for part in ("accounts", "groups"):
        if into.seen[part].cut_short:
            into.cut_short("grants", f"the {part} are not all there, so neither are their memberships")
    say_hidden(reading.index, into)
    if reading.index.strangers:
        into.note(f"{reading.index.strangers} members of groups are not among the entries read: deleted, outside of the base, or not shown")
    computed = sum("memberurl" in group.entry.attributes for group in groups)
    if computed:
        into.cut_short("grants", f"{computed} groups compute their members from a search (memberURL), which is not followed")
    return groups


def _grantors(reading: Reading, groups: list[Group]) -> None:
    into, index, told = reading.into, reading.index, reading.config
    into.rows("grantors", _owners(groups, index))
    if told is None:
        into.cut_short("grantors", "cn=config is not readable, so whom the access rules let write is unknown: let the bind account read it")
    else:
        into.rows("grantors", [grantor(index, index.accounts[dn], "rootdn", None) for dn in told.root if dn in index.accounts])
        found = writers(told.access, index)
        into.rows("grantors", found.rows)
        for why in found.unclear:
            into.cut_short("grantors", why)
    if into.seen["accounts"].cut_short:
        into.cut_short("grantors", "the accounts are not all there, so neither are those who can grant")


def _owners(groups: list[Group], index: Index) -> Iterator[Row]:
    for group in groups:
        for owner in map(folded, group.entry.texts("owner")):
            accounts = {index.accounts[owner]} if owner in index.accounts else set()
            if owner in index.groups:
                accounts = index.everybody_in([index.groups[owner]])
            for account in sorted(accounts):
                yield grantor(index, account, f"owner of group {group.name}", group.entitlement)


def _records_sign_ins(reading: Reading) -> bool:
    """Whether the server writes down when somebody signed in: as it is configured to, else whether it did for us just now."""
    if reading.config is not None:
        return reading.config.last_bind
    try:
        own = reading.found.client.read(reading.found.asked.bind_dn, ("pwdLastSuccess", "authTimestamp"))
    except EndedEarlyError:
        return False
    return own is not None and bool(own.attributes)


def _door(reading: Reading) -> None:
    asked, told = reading.found.asked, reading.config
    client = client_class(asked.library)
    tries = (
        doors.plaintext(asked.where, asked.base, client),
        doors.empty_password(asked.where, asked.base, client),
        doors.guesses(asked.where, asked.probe_dn, asked.probe_password, client),
        reading.weak,
    )
    default = next((row for row in reading.rules if row["id"] == reading.rule), None)
    limits = bool(default["locks_after"]) if default else None
    remote = told.root_password if told else None
    row = doors.door_row(asked.system, tries, limits_guesses=limits, remote_superuser=remote, idle=told.idle_timeout if told else None)
    reading.into.rows("logon_settings", [row])
