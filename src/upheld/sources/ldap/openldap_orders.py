"""Orders to OpenLDAP and its like: the lock of the overlay ppolicy, members of groups, and passwords."""

import re
from collections.abc import Sequence

from upheld.sources.enforcing import Order, Refusal, Right, State, Verb
from upheld.sources.ldap.client import Entry, Shown, shown
from upheld.sources.ldap.configuration import ATTRIBUTES as CONFIGURATION
from upheld.sources.ldap.configuration import configuration
from upheld.sources.ldap.get import Session, configuration_entries
from upheld.sources.ldap.members import group_number
from upheld.sources.ldap.shape import LOCKED_FOR_GOOD
from upheld.sources.ldap.sight import PROBES
from upheld.sources.ldap.values import folded, generalized_time, integer
from upheld.sources.ldap.writing import ADD, ALREADY_THERE, DELETE, NO_SUCH_VALUE, REPLACE, Writer

LOCK, RESET = "pwdAccountLockedTime", "pwdReset"
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ACCOUNT = ("objectClass", "uid", "cn", "gidNumber", LOCK, "pwdChangedTime", "entryCSN", RESET, "pwdPolicySubentry", "nsAccountLock")
GROUP = ("objectClass", "cn", "gidNumber", "member", "uniqueMember", "roleOccupant", "memberUid", "memberURL")
HOLDS = {
    b"groupofnames": "member",
    b"groupofuniquenames": "uniqueMember",
    b"organizationalrole": "roleOccupant",
    b"posixgroup": "memberUid",
}
NO_SESSIONS = "a directory keeps no sessions that could be ended: end those of the systems that ask it"


def rights(found: Session, writer: Writer) -> Sequence[Right]:
    """Return what the writing account may, tried on one person's entry and one group without doing it."""
    person = next(found.search(found.asked.base, "(objectClass=inetOrgPerson)", ACCOUNT), None)
    group = next(
        found.search(found.asked.base, "(|(objectClass=groupOfNames)(objectClass=posixGroup)(objectClass=groupOfUniqueNames))", GROUP), None
    )
    told = []
    for verbs, entry, changes in (
        ((Verb.DISABLE, Verb.ENABLE), person, {LOCK: [(REPLACE, [LOCKED_FOR_GOOD])]}),
        ((Verb.GRANT, Verb.REVOKE), group, {_attribute(group): [(ADD, [f"cn=upheld-probe,{found.asked.base}"])]} if group else {}),
        ((Verb.RESET_SECRET,), person, {"userPassword": [(REPLACE, ["upheld-probe-Passw0rd!"])]}),
    ):
        allowed, said = writer.may(entry, changes) if entry else (None, "there is no entry in sight to try it on")
        told += [Right(verb, allowed, said) for verb in verbs]
    return [*told, Right(Verb.END_SESSIONS, False, NO_SESSIONS)]


def look(found: Session, order: Order, before: str) -> State:
    """Return whether what `order` asks is so; an entry that is not shown is unknown."""
    account = by_id(found, order.account, ACCOUNT)
    if account is None:
        return State(None, f"no entry with the id {order.account} is shown: it was deleted or moved, or may not be seen")
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        return _locked(found, account, wanted=order.verb == Verb.DISABLE)
    if order.verb.needs_entitlement:
        return _membership(found, account, order)
    if order.verb == Verb.RESET_SECRET:
        return _secret(found, account, before)
    return State(False, NO_SESSIONS)


def do(found: Session, writer: Writer, order: Order, secret: str) -> None:
    """Carry out `order`; raises `Refusal`."""
    account = by_id(found, order.account, ACCOUNT)
    if account is None:
        raise Refusal(f"no entry with the id {order.account} is shown to {found.asked.bind_dn or 'nobody'}")
    if order.verb == Verb.DISABLE:
        writer.change(account, "locking", {LOCK: [(REPLACE, [LOCKED_FOR_GOOD])]})
    elif order.verb == Verb.ENABLE:
        writer.change(account, "unlocking", {LOCK: [(DELETE, [])]}, fine=[NO_SUCH_VALUE])
    elif order.verb == Verb.RESET_SECRET:
        writer.change(account, "a new password", {"userPassword": [(REPLACE, [secret])]})
        # The secret is new by now; that the overlay does not know this attribute would change nothing about that.
        writer.client.modify(account.dn, {RESET: [(REPLACE, ["TRUE"])]})
    elif order.verb.needs_entitlement:
        _change_member(found, writer, account, order)
    else:
        raise Refusal(NO_SESSIONS)


def by_id(found: Session, entry_id: str, attributes: Sequence[str]) -> Entry | None:
    """Return the entry whose entryUUID is `entry_id`, None where none is shown; raises `EndedEarlyError`."""
    if not UUID.fullmatch(entry_id):
        return None
    return next(found.search(found.asked.base, f"(entryUUID={entry_id})", attributes), None)


def _locked(found: Session, account: Entry, *, wanted: bool) -> State:
    if account.text("nsaccountlock") is not None and (account.text("nsaccountlock") or "").upper() == "TRUE":
        return State(wanted, "nsAccountLock is TRUE")
    lock = account.attributes.get(LOCK.lower())
    if lock is None:
        hidden = shown(found.client.compare(account.dn, LOCK, PROBES[LOCK])) is Shown.DENIED
        return State(None, f"{LOCK} may not be read") if hidden else State(not wanted, "no lock is set")
    if not wanted:
        return State(False, "it is locked")
    if lock[0] != LOCKED_FOR_GOOD:
        return State(False, "it is locked for a time only")
    return _lock_counts(found, account)


def _lock_counts(found: Session, account: Entry) -> State:
    """A lock holds only where the policy in force has pwdLockout TRUE: OpenLDAP lets the account in otherwise (tried on 2.5)."""
    name = account.text("pwdpolicysubentry") or found.asked.default_policy
    if not name:
        told = configuration(configuration_entries(found, CONFIGURATION), found.asked.base, None)
        name = (told.default_policy or "") if told else ""
    policy = found.client.read(name, ("pwdLockout",)) if name else None
    if policy is None:
        return State(None, "it is locked for good; whether the policy in force heeds locks cannot be read: set default_policy")
    heeds = (policy.text("pwdlockout") or "").upper() == "TRUE"
    said = "it is locked for good" if heeds else f"it is locked for good, but {name} has not pwdLockout TRUE, so that the server lets it in"
    return State(heeds, said)


def _attribute(group: Entry) -> str:
    classes = {value.lower() for value in group.attributes.get("objectclass", ())}
    found = [attribute for name, attribute in HOLDS.items() if name in classes]
    if not found:
        raise Refusal(f"{group.dn} keeps no list of members that could be changed")
    return found[0]


def _member(group: Entry, account: Entry) -> tuple[str, str]:
    attribute = _attribute(group)
    return attribute, (account.text("uid") or "") if attribute == "memberUid" else account.dn


def _group(found: Session, order: Order) -> Entry:
    group = by_id(found, order.group_id, GROUP)
    if group is None:
        raise Refusal(f"no group with the id {order.group_id or order.entitlement} is shown: it is gone, or may not be seen")
    return group


def _membership(found: Session, account: Entry, order: Order) -> State:
    try:
        group = _group(found, order)
        attribute, value = _member(group, account)
    except Refusal as error:
        return State(None, str(error))
    name = group.text("cn") or group.dn
    if group_number(group) is not None and group_number(group) == _primary(account):
        return State(order.verb == Verb.GRANT, f"{name} is its primary group")
    there = any(folded(each) == folded(value) for each in group.texts(attribute.lower()))
    nested = "" if there else _through(found, account, group)
    return State(there == (order.verb == Verb.GRANT), f"it is {'' if there else 'not '}a direct member of {name}{nested}")


def _through(found: Session, account: Entry, group: Entry) -> str:
    """Say by which group inside `group` the account still reaches it, one step deep: deeper ones are the collection's to follow."""
    inside = {folded(dn) for dn in group.texts("member")}
    escaped = "".join(
        letter if letter.isalnum() or letter in ",= -" else "".join(f"\\{byte:02x}" for byte in letter.encode()) for letter in account.dn
    )
    mine = found.search(found.asked.base, f"(&(objectClass=groupOfNames)(member={escaped}))", ("cn",)) if inside else ()
    names = [entry.text("cn") or entry.dn for entry in mine if folded(entry.dn) in inside]
    return f", and still reaches it through {', '.join(names)}" if names else ""


def _primary(account: Entry) -> int | None:
    return integer(account.attributes["gidnumber"][0]) if "gidnumber" in account.attributes else None


def _change_member(found: Session, writer: Writer, account: Entry, order: Order) -> None:
    if not order.group_id:
        raise Refusal(f"{order.entitlement!r} is no group of this directory: nothing else can be given or taken here")
    group = _group(found, order)
    attribute, value = _member(group, account)
    if not value:
        raise Refusal(f"{account.dn} has no uid, by which {group.dn} names its members")
    if order.verb == Verb.GRANT:
        writer.change(group, "a new member", {attribute: [(ADD, [value])]}, fine=[ALREADY_THERE])
        return
    if group_number(group) is not None and group_number(group) == _primary(account):
        raise Refusal(f"{group.dn} is the primary group of {account.dn}: give it another gidNumber first")
    writer.change(group, "taking a member out", {attribute: [(DELETE, [value])]}, fine=[NO_SUCH_VALUE])


def _secret(found: Session, account: Entry, before: str) -> State:
    """The server's own time of the last change tells a new password from the old one; entryCSN two within a second."""
    changed = account.text("pwdchangedtime")
    if changed is None:
        return State(
            None,
            "pwdChangedTime is not shown: the overlay ppolicy is not loaded, no password was ever changed, or it may not be read",
            "none/",
        )
    mark = f"{changed}/{account.text('entrycsn') or ''}"
    at = generalized_time(changed.encode())
    when = f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else changed
    must = "; its person must change it" if (account.text(RESET.lower()) or "").upper() == "TRUE" else ""
    return State(bool(before) and mark != before, f"its password was set last at {when}{must}", mark)
