"""Answers of a host -> rows of groups, grants, grantors and sudo_rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from upheld.evidence.table import Row
from upheld.sources.host.accounts import account_id
from upheld.sources.host.answers import ABSENT, Answers, Part, printable
from upheld.sources.host.passwd import Group, Person, groups, people
from upheld.sources.host.sudoers import Rule, Sudoers, parse

# Membership of these is as good as root: the device nodes of disks, password hashes, containers that mount /.
ROOT_EQUIVALENT = frozenset({"root", "sudo", "wheel", "admin", "docker", "lxd", "lxc", "incus-admin", "libvirt", "disk", "shadow", "kmem"})
# Members of these can give rights on: by sudo's usual rule, or by writing the files that hold them.
CAN_GRANT = frozenset({"root", "docker", "lxd", "lxc", "incus-admin", "disk", "libvirt"})


@dataclass(frozen=True)
class Standing:
    """Who there is on the host, and what sudo says."""

    system: str
    people: Sequence[Person]
    groups: Sequence[Group]
    sudo: Sudoers
    sudoers_read: bool

    def members(self, group: Group) -> list[Person]:
        """Return who is in `group`, by its list or as its primary group."""
        return [person for person in self.people if person.gid == group.gid or person.user in group.members]

    def holders(self, rule: Rule) -> list[Person]:
        """Return the accounts that `rule` reaches, through its group if it names one."""
        if rule.holder == "ALL":
            return list(self.people)
        if rule.holder.startswith("%"):
            return [person for group in self.groups if _names_group(rule.holder, group) for person in self.members(group)]
        return [person for person in self.people if rule.holder in {person.user, f"#{person.uid}"}]


def _names_group(holder: str, group: Group) -> bool:
    return holder in {f"%{group.name}", f"%#{group.gid}"}


def standing(answers: Answers, system: str, host: str) -> Standing:
    """Return what the answers say together."""
    files = {path: part.text for path, part in answers.starting("file").items() if part.whole}
    root = answers.file("/etc/sudoers")
    said = parse(files, host=host) if root.whole else Sudoers()
    said.unread += [f"{path} may not be read by this account" for path in answers.starting("folder")]
    return Standing(system, people(answers), groups(answers), said, root.whole or root.status == ABSENT)


def sudo_rules(found: Standing) -> Part:
    """Return one row a rule, command and run-as; a rule written twice counts up."""
    part, seen = Part("sudo_rules"), Counter[str]()
    for rule in found.sudo.rules:
        word = f"{found.system}{rule.file}/{rule.holder}/{rule.run_as}/{rule.command}"
        seen[word] += 1
        part.rows.append(
            {
                "id": printable(word if seen[word] == 1 else f"{word}/{seen[word]}"),
                "system_id": found.system,
                "holder": printable(rule.holder),
                "run_as": printable(rule.run_as),
                "command": printable(rule.command),
                "needs_password": rule.needs_password,
                "written_in": f"{rule.file}:{rule.line}",
            }
        )
    _say_unread(part, found)
    return part


def _say_unread(part: Part, found: Standing) -> None:
    if not found.sudoers_read:
        part.cut_short.append("/etc/sudoers may not be read by this account")
    part.cut_short += found.sudo.unread


def group_rows(found: Standing, answers: Answers) -> Part:
    """Return one row a group; privileged where root is a step away or sudo gives it everything."""
    part = Part("groups")
    by_sudo = {rule.holder for rule in found.sudo.rules if everything(rule)}
    for group in found.groups:
        privileged = group.name in ROOT_EQUIVALENT or any(_names_group(holder, group) for holder in by_sudo)
        part.rows.append(
            {
                "id": group_id(found.system, group),
                "system_id": found.system,
                "name": group.name,
                "entitlement": group.name,
                "privileged": privileged or (None if not found.sudoers_read else False),
            }
        )
    if not found.sudoers_read:
        part.deny(["privileged"], "/etc/sudoers may not be read by this account")
    if not answers.file("/etc/group").whole:
        part.cut_short.append(f"/etc/group: {answers.file('/etc/group').why}")
    return part


def group_id(system: str, group: Group) -> str:
    """Number and name together, as for accounts."""
    return f"{system}/{group.gid}/{group.name}"


def everything(rule: Rule) -> bool:
    """Whether `rule` lets its holder do anything as root; `ALL, !su` does, since the exceptions are no limit (sudoers(5))."""
    return rule.command == "ALL" and rule.run_as in {"ALL", "root", "#0"}


def grants(found: Standing) -> Part:
    """Return memberships of groups, and what sudo gives to accounts and groups."""
    part = Part("grants")
    privileged = {row["id"]: row["privileged"] for row in group_rows(found, NOTHING).rows}
    for group in found.groups:
        for person in found.members(group):
            if person.user == group.name and len(found.members(group)) == 1 and person.uid != 0:
                continue  # a user's own group carries no right
            part.rows.append(_membership(found.system, group, person, privileged[group_id(found.system, group)]))
    rows = {row["id"]: row for rule in found.sudo.rules if not rule.command.startswith("!") for row in _by_sudo(found, rule)}
    part.rows += rows.values()
    if not found.sudoers_read:
        part.cut_short.append("/etc/sudoers may not be read by this account")
    part.lack(("granted_at", "granted_by", "last_used_at"), "Linux does not keep it")
    return part


NOTHING = Answers({}, (), ended=True)


def _membership(system: str, group: Group, person: Person, privileged: object) -> Row:
    return {
        "id": f"{account_id(system, person)}>{group.name}",
        "system_id": system,
        "holder_kind": "account",
        "holder_id": account_id(system, person),
        "entitlement": group.name,
        "group_id": group_id(system, group),
        "privileged": None if privileged is None else bool(privileged),
        "can_grant": group.name in CAN_GRANT,
    }


def _by_sudo(found: Standing, rule: Rule) -> Iterator[Row]:
    holders = [("account", account_id(found.system, person)) for person in found.holders(rule)]
    if rule.holder.startswith("%"):
        holders = [("group", group_id(found.system, group)) for group in found.groups if _names_group(rule.holder, group)]
    as_whom = "" if rule.run_as in {"root", "ALL"} else f" as {rule.run_as}"
    entitlement = printable(f"sudo:{rule.command}{as_whom}")
    for kind, holder in holders:
        yield {
            "id": f"{holder}>{entitlement}",
            "system_id": found.system,
            "holder_kind": kind,
            "holder_id": holder,
            "entitlement": entitlement,
            "privileged": everything(rule),
            "can_grant": everything(rule),
        }


def grantors(found: Standing, answers: Answers) -> Part:
    """Return who can give rights: uid 0, sudo for everything, groups as good as root, write on the files that hold rights."""
    part, ways = Part("grantors"), dict[str, Row]()
    for person, way in _ways(found, answers):
        row = {
            "id": f"{account_id(found.system, person)}>{way}",
            "system_id": found.system,
            "account_id": account_id(found.system, person),
            "way": way,
        }
        ways[str(row["id"])] = row
    part.rows += ways.values()
    _say_unread(part, found)
    return part


def _ways(found: Standing, answers: Answers) -> Iterator[tuple[Person, str]]:
    yield from ((person, "superuser") for person in found.people if person.uid == 0)
    for rule in found.sudo.rules:
        if everything(rule):
            way = f"sudo:ALL by {printable(rule.holder)}" if rule.holder.startswith("%") else "sudo:ALL"
            yield from ((person, way) for person in found.holders(rule) if person.uid != 0)
    for group in found.groups:
        if group.name in CAN_GRANT:
            yield from ((person, f"member of {group.name}") for person in found.members(group) if person.uid != 0)
    yield from _writers(found, answers)


def _writers(found: Standing, answers: Answers) -> Iterator[tuple[Person, str]]:
    """Who may write passwd, group or sudoers itself, by owner, group or everybody."""
    for line in answers.of("writable").text.split("\n"):
        words = line.split(" ", 3)
        if len(words) < 4:
            continue
        mode, owner, group, path = int(words[0], 8), words[1], words[2], f"/{words[3]}"
        for person in found.people:
            in_group = mode & 0o020 and any(person in found.members(one) for one in found.groups if one.name == group)
            if person.uid != 0 and (person.user == owner or mode & 0o002 or in_group):
                yield person, f"write on {path}"
