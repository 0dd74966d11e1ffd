"""Who is in which group: entries by name, memberships as grants, and everybody in a group however deep it is nested."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from upheld.evidence.collection import Collecting
from upheld.evidence.table import Value
from upheld.sources.ldap.client import Entry
from upheld.sources.ldap.values import folded, integer

Row = dict[str, Value]
MEMBERS = ("member", "uniquemember", "roleoccupant")


@dataclass
class Index:
    """Accounts and groups by folded name, whose an entry is, and memberships: holder id -> ids of groups it is directly in.

    `everybodys` is the number of the primary group that every account has by being one, where there is such a group; `unseen` are the
    groups that name members that were not read.
    """

    system: str
    accounts: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    refs: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    primary: list[tuple[str, int]] = field(default_factory=list)
    everybodys: int | None = None
    within: dict[str, set[str]] = field(default_factory=dict)
    sids: dict[str, str] = field(default_factory=dict)
    strangers: int = 0
    unseen: set[str] = field(default_factory=set)

    def ref(self, dn: str | None) -> str | None:
        """Return whose the entry `dn` is, None where it is nobody's or was not read."""
        return self.refs.get(folded(dn)) if dn else None

    def by_sid(self, sid: str) -> set[str]:
        """Return the account with the security identifier `sid`, as a set of one or none."""
        return {self.sids[sid]} if sid in self.sids else set()

    def everybody_in(self, group_ids: Iterable[str]) -> set[str]:
        """Return the ids of all accounts in any of the groups, through groups within groups, in circles too."""
        inside: dict[str, list[str]] = {}
        for holder, groups in self.within.items():
            for group in groups:
                inside.setdefault(group, []).append(holder)
        reached, waiting = set(group_ids), list(group_ids)
        while waiting:
            for holder in inside.get(waiting.pop(), ()):
                if holder not in reached:
                    reached.add(holder)
                    waiting.append(holder)
        return reached & set(self.accounts.values())


@dataclass(frozen=True)
class Group:
    """A group as read: `gid` is the number that primary groups are named by, where it has one."""

    id: str
    dn: str
    name: str
    entitlement: str
    privileged: bool
    owner_ref: str | None
    gid: int | None
    entry: Entry


def named(groups: Sequence[tuple[str, Entry, int | None]], privileged: Mapping[str, bool], index: Index, owner: str) -> list[Group]:
    """Return groups with the words that grants use for them: their name, or their full name where two share one."""
    names = [entry.text("cn") or entry.dn for _, entry, _ in groups]
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    return [
        Group(id, entry.dn, name, entry.dn if name in twice else name, privileged.get(id, False), index.ref(entry.text(owner)), gid, entry)
        for (id, entry, gid), name in zip(groups, names, strict=True)
    ]


def group_rows(groups: Iterable[Group], system: str) -> Iterator[Row]:
    """Yield a row for each group."""
    for group in groups:
        yield {
            "id": group.id,
            "system_id": system,
            "name": group.name,
            "entitlement": group.entitlement,
            "privileged": group.privileged,
            "owner_ref": group.owner_ref,
        }


def grant_rows(groups: Sequence[Group], index: Index) -> Iterator[Row]:
    """Yield a row for each direct membership, and note it in `index`; members that were not read are counted as strangers."""
    by_gid = {group.gid: group for group in groups if group.gid is not None}
    for account, gid in index.primary:
        if gid in by_gid:
            yield _grant(by_gid[gid], "account", account, index) | {"inherent": True if gid == index.everybodys else None}
    for group in groups:
        seen: set[str] = set()
        strangers = index.strangers
        found = list(_holders(group.entry, index))
        if index.strangers > strangers:
            index.unseen.add(group.id)
        for kind, holder in found:
            if holder not in seen and holder != group.id:
                seen.add(holder)
                yield _grant(group, kind, holder, index)


def say_hidden(index: Index, into: Collecting) -> None:
    """Cut accounts and grants short where an account is missed that a group still names: it is hidden from us, or its name was left there.

    A right that our own account lost must not look as if others lost theirs.
    """
    if not index.unseen:
        return
    here = set(index.accounts.values())
    gone = {row["id"] for row in into.known("accounts")} - here
    if not gone:
        return
    was_in = ((row["holder_id"], row["group_id"]) for row in into.known("grants") if row["holder_kind"] == "account")
    hidden = {holder for holder, group in was_in if holder in gone and group in index.unseen}
    for table in ("accounts", "grants") if hidden else ():
        into.cut_short(
            table,
            f"{len(hidden)} accounts that were there are not shown, and groups still name them: let the bind account see them, or take out "
            "of the groups what deleted entries left there",
        )


def _holders(entry: Entry, index: Index) -> Iterator[tuple[str, str]]:
    for attribute in MEMBERS:
        for name in entry.texts(attribute):
            dn = folded(name.rsplit("#", 1)[0] if attribute == "uniquemember" else name)
            if dn in index.accounts:
                yield "account", index.accounts[dn]
            elif dn in index.groups:
                yield "group", index.groups[dn]
            else:
                index.strangers += 1
    for name in entry.texts("memberuid"):
        if name.lower() in index.names:
            yield "account", index.names[name.lower()]
        else:
            index.strangers += 1


def _grant(group: Group, kind: str, holder: str, index: Index) -> Row:
    index.within.setdefault(holder, set()).add(group.id)
    return {
        "id": f"{holder}>{group.id}",
        "system_id": index.system,
        "holder_kind": kind,
        "holder_id": holder,
        "entitlement": group.entitlement,
        "group_id": group.id,
        "privileged": group.privileged,
        "can_grant": False,
    }


def grantor(index: Index, account: str, way: str, scope: str | None) -> Row:
    """Return the row of one way in which `account` can grant."""
    return {"id": f"{account}:{way}", "system_id": index.system, "account_id": account, "way": way, "scope": scope}


def group_number(entry: Entry) -> int | None:
    """Return the POSIX number of a group."""
    return integer(entry.attributes["gidnumber"][0]) if "gidnumber" in entry.attributes else None
