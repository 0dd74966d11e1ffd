"""Orders to Active Directory: userAccountControl, members and primary groups, and unicodePwd over TLS."""

from collections.abc import Sequence
from uuid import UUID

from upheld.sources.enforcing import Order, Refusal, Right, State, Verb
from upheld.sources.ldap.ad_shape import DISABLED, DOMAIN_USERS
from upheld.sources.ldap.client import UNWILLING, Entry
from upheld.sources.ldap.descriptor import sid
from upheld.sources.ldap.get import Session
from upheld.sources.ldap.values import folded, integer, windows_time
from upheld.sources.ldap.writing import ADD, ALREADY_EXISTS, ALREADY_THERE, DELETE, NO_SUCH_VALUE, REPLACE, Writer
from upheld.sources.source import SourceError

ACCOUNT = ("objectGUID", "objectSid", "userAccountControl", "primaryGroupID", "pwdLastSet", "uSNChanged", "lockoutTime", "memberOf")
GROUP = ("objectGUID", "objectSid", "cn")
NOT_SHOWN = State(None, "the account is not shown")
NO_SESSIONS = "Active Directory keeps no sessions that could be ended: tickets last until they expire; end those of the systems that ask it"
WRITTEN = {  # which attributes of which entry each verb writes
    Verb.DISABLE: ("account", "userAccountControl"),
    Verb.ENABLE: ("account", "userAccountControl"),
    Verb.GRANT: ("group", "member"),
    Verb.REVOKE: ("group", "member"),
    Verb.RESET_SECRET: ("account", "unicodePwd"),
}


def rights(found: Session, writer: Writer) -> Sequence[Right]:
    """Return what the domain says that the writing account may write on one ordinary account and one group (allowedAttributesEffective)."""
    effective = ("allowedAttributesEffective",)
    mine = writer.client
    # An ordinary account: the domain protects its administrators' own (adminCount) from those who only help.
    ordinary = "(&(objectCategory=person)(objectClass=user)(!(adminCount=1))(!(isCriticalSystemObject=TRUE)))"
    own = "(&(objectClass=group)(!(adminCount=1))(!(isCriticalSystemObject=TRUE)))"
    entries = {
        "account": next(mine.search(found.asked.base, ordinary, effective, page_size=1), None),
        "group": next(mine.search(found.asked.base, own, effective, page_size=1), None),
    }
    told = [_right(verb, entries[where], attribute, found) for verb, (where, attribute) in WRITTEN.items()]
    return [*told, Right(Verb.END_SESSIONS, False, NO_SESSIONS)]


def _right(verb: Verb, entry: Entry | None, attribute: str, found: Session) -> Right:
    if verb == Verb.RESET_SECRET:
        if found.asked.where.tls == "none":
            return Right(verb, False, "passwords are set over TLS alone: use ldaps://, or set start_tls=yes")
        return Right(verb, None, "a right of its own (Reset Password), which the domain does not list: only trying tells")
    if entry is None:
        return Right(verb, None, "there is no ordinary entry in sight to ask about")
    may = attribute.lower() in {name.lower() for name in entry.texts("allowedattributeseffective")}
    said = f"the domain lets it write {attribute}" if may else f"the domain does not let it write {attribute} of {entry.dn}: delegate that"
    return Right(verb, may, said)


def look(found: Session, order: Order, before: str) -> State:
    """Return whether what `order` asks is so; `NOT_SHOWN` for an account that is not."""
    account = by_id(found, order.account, ACCOUNT)
    if account is None:
        return NOT_SHOWN
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        return _enabled(account, wanted=order.verb == Verb.ENABLE)
    if order.verb.needs_entitlement:
        return _membership(found, account, order)
    if order.verb == Verb.RESET_SECRET:
        return _secret(account, before)
    return State(False, NO_SESSIONS)


def do(found: Session, writer: Writer, order: Order, secret: str) -> None:
    """Carry out `order`; raises `Refusal`."""
    account = by_id(found, order.account, ACCOUNT)
    if account is None:
        raise Refusal(f"no account with the id {order.account} is shown to {found.asked.bind_dn}")
    if order.verb in (Verb.DISABLE, Verb.ENABLE):
        _switch(writer, account, on=order.verb == Verb.ENABLE)
    elif order.verb == Verb.RESET_SECRET:
        _reset(found, writer, account, secret)
    elif order.verb == Verb.GRANT:
        writer.change(_group(found, order), "a new member", {"member": [(ADD, [account.dn])]}, fine=[ALREADY_THERE, ALREADY_EXISTS])
    elif order.verb == Verb.REVOKE:
        _take_out(found, writer, account, _group(found, order))
    else:
        raise Refusal(NO_SESSIONS)


def by_id(found: Session, entry_id: str, attributes: Sequence[str]) -> Entry | None:
    """Return the entry whose objectGUID is `entry_id`, None where none is shown; raises `EndedEarlyError`."""
    return next(found.search(found.asked.base, id_filter(entry_id), attributes), None)


def id_filter(entry_id: str) -> str:
    """Return the filter for the entry whose objectGUID is `entry_id`; one that nothing fits if that is none."""
    try:
        return "(objectGUID=" + "".join(f"\\{byte:02x}" for byte in UUID(entry_id).bytes_le) + ")"
    except ValueError:
        return "(!(objectClass=*))"


def _control(account: Entry) -> int | None:
    return integer(account.attributes.get("useraccountcontrol", [b""])[0])


def _enabled(account: Entry, *, wanted: bool) -> State:
    control = _control(account)
    if control is None:
        return State(None, "userAccountControl may not be read")
    enabled = not control & DISABLED
    return State(enabled == wanted, f"it is {'enabled' if enabled else 'disabled'} (userAccountControl {control})")


def _switch(writer: Writer, account: Entry, *, on: bool) -> None:
    """Set or clear one bit: the old value is taken away by name, so that what somebody else changed meanwhile is not undone."""
    control = _control(account)
    if control is None:
        raise Refusal(f"userAccountControl of {account.dn} may not be read, and what else it says must be kept")
    new = control & ~DISABLED if on else control | DISABLED
    what = "enabling" if on else "disabling"
    code, said = writer.client.modify(account.dn, {"userAccountControl": [(DELETE, [str(control)]), (ADD, [str(new)])]})
    if code == NO_SUCH_VALUE:
        raise SourceError(f"somebody changed userAccountControl of {account.dn} at the same time", permanent=False)
    if code != 0:
        raise Refusal(_refused(what, account, writer, code, said))
    if on and (account.text("lockouttime") or "0") != "0":
        writer.change(account, "unlocking", {"lockoutTime": [(REPLACE, ["0"])]})


def _refused(what: str, account: Entry, writer: Writer, code: int, said: str) -> str:
    if code == UNWILLING:
        return (
            f"{what} of {account.dn} was refused: the domain is unwilling ({said}); without a password that fits its rules none is enabled"
        )
    return f"{what} of {account.dn} was refused: {writer.asked.enforce_dn} may not ({said}): delegate it (docs/sources/ldap.md)"


def _group(found: Session, order: Order) -> Entry:
    group = by_id(found, order.group_id, GROUP) if order.group_id else None
    if group is None:
        raise Refusal(f"no group with the id {order.group_id or order.entitlement} is shown: it is gone, or may not be seen")
    return group


def _number(group: Entry) -> int | None:
    return int(sid(group.attributes["objectsid"][0]).rsplit("-", 1)[1]) if "objectsid" in group.attributes else None


def _is_primary(account: Entry, group: Entry) -> bool:
    return _number(group) is not None and _number(group) == integer(account.attributes.get("primarygroupid", [b""])[0])


def _membership(found: Session, account: Entry, order: Order) -> State:
    try:
        group = _group(found, order)
    except Refusal as error:
        return State(None, str(error))
    name = group.text("cn") or group.dn
    if _is_primary(account, group):
        return State(order.verb == Verb.GRANT, f"{name} is its primary group")
    there = folded(group.dn) in {folded(each) for each in account.texts("memberof")}
    nested = "" if there or not _reaches(found, account, group) else ", and still reaches it through a group inside it"
    return State(there == (order.verb == Verb.GRANT), f"it is {'' if there else 'not '}a direct member of {name}{nested}")


def _reaches(found: Session, account: Entry, group: Entry) -> bool:
    """Whether the domain itself, followed through groups in groups, counts the account in (LDAP_MATCHING_RULE_IN_CHAIN)."""
    guid = "".join(f"\\{byte:02x}" for byte in account.attributes["objectguid"][0])
    dn = "".join(
        letter if letter.isalnum() or letter in ",= -" else "".join(f"\\{byte:02x}" for byte in letter.encode()) for letter in group.dn
    )
    return (
        next(found.search(found.asked.base, f"(&(objectGUID={guid})(memberOf:1.2.840.113556.1.4.1941:={dn}))", ("1.1",)), None) is not None
    )


def _take_out(found: Session, writer: Writer, account: Entry, group: Entry) -> None:
    """Take `account` out of `group`; out of its primary group by making Domain Users its primary group first, as administrators do."""
    if _is_primary(account, group):
        if _number(group) == DOMAIN_USERS:
            raise Refusal(f"{group.dn} is the primary group of every account: it is left by deleting the account")
        domain = sid(group.attributes["objectsid"][0]).rsplit("-", 1)[0]
        users = next(found.search(found.asked.base, f"(&(objectClass=group)(objectSid={domain}-{DOMAIN_USERS}))", GROUP), None)
        if users is None:
            raise Refusal(f"{group.dn} is its primary group, and Domain Users, which would take its place, is not shown")
        writer.change(users, "a new member", {"member": [(ADD, [account.dn])]}, fine=[ALREADY_THERE, ALREADY_EXISTS])
        writer.change(account, "another primary group", {"primaryGroupID": [(REPLACE, [str(DOMAIN_USERS)])]})
    # The domain answers "unwilling" for a member that is not there.
    writer.change(group, "taking a member out", {"member": [(DELETE, [account.dn])]}, fine=[NO_SUCH_VALUE, UNWILLING])


def _reset(found: Session, writer: Writer, account: Entry, secret: str) -> None:
    if found.asked.where.tls == "none":
        raise Refusal("Active Directory sets passwords over TLS alone: use ldaps://, or set start_tls=yes")
    writer.change(account, "a new password", {"unicodePwd": [(REPLACE, [f'"{secret}"'.encode("utf-16-le")])]})
    writer.change(account, "that it must be changed", {"pwdLastSet": [(REPLACE, ["0"])]})


def _secret(account: Entry, before: str) -> State:
    """PwdLastSet tells a new password; 0 where it must be changed, when the entry's own number of changes tells."""
    last = account.text("pwdlastset")
    if last is None:
        return State(None, "pwdLastSet may not be read")
    mark = last if last != "0" else f"0@{account.text('usnchanged') or ''}"
    at = windows_time(last.encode())
    said = f"its password was set last at {at:%Y-%m-%d %H:%M:%S} UTC" if at else "its person must change its password"
    return State(bool(before) and mark != before, said, mark)
