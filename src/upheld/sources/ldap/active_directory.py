"""Active Directory, and Samba in its place, into tables."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from upheld.evidence.collection import Collecting
from upheld.sources.ldap import doors, policies
from upheld.sources.ldap.ad_shape import ATTRIBUTES, DOMAIN_USERS, View, account_rows
from upheld.sources.ldap.client import EndedEarlyError, Entry
from upheld.sources.ldap.descriptor import UnreadableDescriptorError, may_change_members, sid
from upheld.sources.ldap.get import Session, all_of, client_class, streamed
from upheld.sources.ldap.members import Group, Index, Row, grant_rows, grantor, group_rows, named, say_hidden
from upheld.sources.ldap.values import folded, integer

# Computers are no accounts of people or programs; managed service accounts are computers by class.
PERSON_FILTER = (
    "(|(&(objectCategory=person)(objectClass=user))(objectClass=msDS-ManagedServiceAccount)(objectClass=msDS-GroupManagedServiceAccount))"
)
GROUP_FILTER = "(objectClass=group)"
GROUP_ATTRIBUTES = ("objectClass", "objectGUID", "objectSid", "cn", "sAMAccountName", "member", "managedBy", "nTSecurityDescriptor")
# Groups that can give themselves everything (MS well-known SIDs): Administrators, Account, Server, Print and Backup Operators;
# Domain, Schema and Enterprise Admins, Group Policy Creator Owners.
BUILT_IN = {"S-1-5-32-544", "S-1-5-32-548", "S-1-5-32-549", "S-1-5-32-550", "S-1-5-32-551"}
DOMAIN_RIDS = {512, 518, 519, 520}
# What acts for the directory itself, or for whoever owns the entry: no account of a person.
SELVES = {"S-1-5-18", "S-1-5-10", "S-1-3-0", "S-1-5-9"}
EVERYBODY = {"S-1-1-0", "S-1-5-11", "S-1-5-7"}
RANGE = re.compile(r"member;range=\d+-(\d+|\*)$")


def collect(found: Session, into: Collecting) -> None:
    """Read password rules, accounts, groups, grants, grantors and the way in."""
    asked = found.asked
    filters = replace(asked, person_filter=asked.person_filter or PERSON_FILTER, group_filter=asked.group_filter or GROUP_FILTER)
    found = replace(found, asked=filters)
    index = Index(asked.system, everybodys=DOMAIN_USERS)
    domain, rules = _password_rules(found, into)
    view = _accounts(found, into, index, domain)
    if view.without_password_needed:
        rules.append(policies.no_rules(asked.system))
    into.rows("password_rules", rules)
    _say_unshown_rules(into, rules)
    groups = _groups(found, into, index)
    _grantors(into, index, groups)
    _door(found, into, rules)
    _say_gaps(into)


def _password_rules(found: Session, into: Collecting) -> tuple[Entry | None, list[Row]]:
    asked = found.asked
    try:
        domain = found.client.read(asked.base, policies.DOMAIN_ATTRIBUTES)
    except EndedEarlyError as error:
        into.cut_short("password_rules", str(error))
        return None, []
    if domain is None or "minpwdlength" not in domain.attributes:
        into.cut_short(
            "password_rules", f"{asked.base} is not the domain, or its password rules are not shown: set base to the domain's entry"
        )
        domain = None
    container = f"CN=Password Settings Container,CN=System,{asked.base}"
    settings = all_of(found.search(container, "(objectClass=msDS-PasswordSettings)", policies.SETTINGS_ATTRIBUTES), lambda why: None)
    rows = [policies.domain_row(domain, asked.system)] if domain else []
    return domain, rows + list(policies.settings_rows(settings, asked.system))


def _sees_settings(found: Session) -> bool:
    """Whether fine-grained rules are shown: without, an account that has some looks like one that has none."""
    try:
        container = found.client.read(f"CN=Password Settings Container,CN=System,{found.asked.base}", ("objectClass",))
    except EndedEarlyError:
        return False
    return container is not None


def _accounts(found: Session, into: Collecting, index: Index, domain: Entry | None) -> View:
    asked = found.asked
    rule = policies.domain_row(domain, asked.system) if domain else None
    days = integer(domain.attributes.get("msds-logontimesyncinterval", (b"14",))[0]) if domain else None
    span = rule["locked_for"] if rule else None
    view = View(
        system=asked.system,
        seen_at=into.seen_at,
        index=index,
        kinds=asked.kinds,
        domain_rule=str(rule["id"]) if rule else None,
        sees_rules=_sees_settings(found),
        locked_for=span if isinstance(span, timedelta) else None,
        lag=timedelta(days=14 if days is None else days),
    )
    entries = found.search(asked.base, asked.person_filter, ATTRIBUTES)
    read = streamed(entries, lambda why: into.cut_short("accounts", why), lambda count: into.progress("accounts", count))
    into.rows("accounts", account_rows(read, view))
    if view.nameless:
        into.cut_short("accounts", f"{view.nameless} entries did not show objectGUID or objectSid")
    if not view.sees_rules:
        into.denied("accounts", "password_rule_id", "the Password Settings Container is not shown to the bind account: give it read there")
        into.cut_short("password_rules", "the Password Settings Container is not shown to the bind account: give it read there")
    _say_hidden(into)
    return view


def _say_unshown_rules(into: Collecting, rules: list[Row]) -> None:
    """Tell that rules in force for some account are not shown, so that nobody can say what they ask for."""
    known = {row["id"] for row in rules}
    named = {row["password_rule_id"] for row in into.seen["accounts"].rows.values()} - {None}
    for rule in sorted(map(str, named - known)):
        into.cut_short("password_rules", f"{rule} is in force for some account and not shown to the bind account: give it read there")


def _say_hidden(into: Collecting) -> None:
    """Tell columns that every account of a domain has, and none showed: they were kept from us."""
    rows = list(into.seen["accounts"].rows.values())
    always = {
        "enabled": "userAccountControl",
        "created_at": "whenCreated",
        "changed_at": "whenChanged",
        "password_must_change": "pwdLastSet",
    }
    for column, attribute in always.items():
        if rows and all(row[column] is None for row in rows):
            into.denied("accounts", column, f"the bind account may not read {attribute}")
            if column == "password_must_change":
                into.denied("accounts", "password_changed_at", "the bind account may not read pwdLastSet")


def _groups(found: Session, into: Collecting, index: Index) -> list[Group]:
    asked = found.asked
    entries = all_of(found.search(asked.base, asked.group_filter, GROUP_ATTRIBUTES), lambda why: into.cut_short("groups", why))
    whole = [(str(UUID(bytes_le=entry.attributes["objectguid"][0])), _with_all_members(found, entry, into), _relative(entry))
             for entry in entries if "objectguid" in entry.attributes and "objectsid" in entry.attributes]  # fmt: skip
    index.groups = {folded(entry.dn): group_id for group_id, entry, _ in whole}
    powerful = {group_id: is_powerful(entry) or (entry.text("cn") or "").lower() in asked.admin_groups for group_id, entry, _ in whole}
    groups = named(whole, powerful, index, "managedby")
    into.rows("groups", group_rows(groups, asked.system))
    into.rows("grants", grant_rows(groups, index))
    for part in ("accounts", "groups"):
        if into.seen[part].cut_short:
            into.cut_short("grants", f"the {part} are not all there, so neither are their memberships")
    say_hidden(index, into)
    if index.strangers:
        into.note(f"{index.strangers} members of groups are not among the entries read: computers, contacts, foreign, or not shown")
    return groups


def _relative(entry: Entry) -> int | None:
    return int(sid(entry.attributes["objectsid"][0]).rsplit("-", 1)[1])


def is_powerful(entry: Entry) -> bool:
    """Whether a group is one of those that Windows itself gives administrative rights."""
    own = sid(entry.attributes["objectsid"][0])
    return own in BUILT_IN or (own.startswith("S-1-5-21-") and int(own.rsplit("-", 1)[1]) in DOMAIN_RIDS)


def _with_all_members(found: Session, entry: Entry, into: Collecting) -> Entry:
    """Return a group with all its members: a server gives 1,500 at a time, as `member;range=0-1499` (MS-ADTS 3.1.1.3.1.3.3)."""
    members = list(entry.attributes.get("member", ()))
    part: Entry | None = entry
    while part is not None:
        ranged = next(((name, RANGE.match(name)) for name in part.attributes if name.startswith("member;range=")), None)
        if ranged is None or ranged[1] is None:
            break
        members += part.attributes[ranged[0]]
        if ranged[1][1] == "*":
            break
        try:
            part = found.client.read(entry.dn, (f"member;range={int(ranged[1][1]) + 1}-*",))
        except EndedEarlyError as error:
            into.cut_short("grants", str(error))
            break
    return Entry(entry.dn, {**entry.attributes, "member": members}) if members else entry


def _grantors(into: Collecting, index: Index, groups: list[Group]) -> None:
    rows = list(grantor_rows(groups, index))
    into.rows("grantors", [row for row in rows if isinstance(row, Mapping)])
    for why in (row for row in rows if isinstance(row, str)):
        into.cut_short("grantors", why)
    if into.seen["accounts"].cut_short or into.seen["groups"].cut_short:
        into.cut_short("grantors", "the accounts and groups are not all there, so neither are those who can grant")
    # Who may only reset passwords below a container is a grantor too, and is not looked for yet: nobody may conclude that there is none.
    into.cut_short("grantors", "access lists of containers and of single accounts are not read, so rights delegated by them are not seen")


def grantor_rows(groups: Iterable[Group], index: Index) -> Iterator[Row | str]:
    """Yield a row for each account that can grant: by a powerful group, by an access list, as a group's manager; else why it is unknown."""
    groups = list(groups)
    by_sid = {sid(group.entry.attributes["objectsid"][0]): group for group in groups}
    for group in groups:
        if group.privileged and is_powerful(group.entry):
            for account in sorted(index.everybody_in([group.id])):
                yield grantor(index, account, f"member of {group.name}", None)
    for group in groups:
        manager = folded(group.entry.text("managedby") or "")
        if manager in index.accounts:
            yield grantor(index, index.accounts[manager], f"manager of group {group.name}", group.entitlement)
        yield from _by_access_list(group, by_sid, index)


def _by_access_list(group: Group, by_sid: Mapping[str, Group], index: Index) -> Iterator[Row | str]:
    descriptor = group.entry.attributes.get("ntsecuritydescriptor")
    if not descriptor:
        yield f"the access list of {group.name} is not shown, so who may change its members is not fully known"
        return
    try:
        trusted = may_change_members(descriptor[0]) - SELVES
    except UnreadableDescriptorError as error:
        yield f"the access list of {group.name} cannot be read: {error}"
        return
    for who in sorted(trusted):
        trustee = by_sid.get(who)
        if trustee is not None and is_powerful(trustee.entry):
            continue  # its members are grantors of everything already
        accounts = index.everybody_in([trustee.id]) if trustee else index.by_sid(who)
        if who in EVERYBODY:
            accounts = set(index.accounts.values())
        through = f" through {trustee.name}" if trustee else ""
        for account in sorted(accounts):
            yield grantor(index, account, f"write on group {group.name}{through}", group.entitlement)


def _door(found: Session, into: Collecting, rules: list[Row]) -> None:
    asked = found.asked
    client = client_class(asked.library)
    tries = (
        doors.plaintext(asked.where, asked.base, client),
        doors.empty_password(asked.where, asked.base, client),
        doors.guesses(asked.where, asked.probe_dn, asked.probe_password, client),
    )
    after = rules[0]["locks_after"] if rules else None
    row = doors.door_row(asked.system, tries, limits_guesses=None if after is None else bool(after), remote_superuser=None, idle=None)
    into.rows("logon_settings", [row])


def _say_gaps(into: Collecting) -> None:
    into.unsupported("accounts", "has_mfa", "Active Directory tells only who must use a smart card")
    into.unsupported("accounts", "used_mfa_at", "Active Directory does not record it")
    into.unsupported(
        "logon_settings", "allows_remote_superuser", "whether the built-in Administrator may sign in from afar is not in the directory"
    )
    into.unsupported("logon_settings", "idle_timeout", "it is a query policy, which is not read")
    for column in ("granted_at", "granted_by", "last_used_at"):
        into.unsupported("grants", column, "an LDAP directory does not record it")
