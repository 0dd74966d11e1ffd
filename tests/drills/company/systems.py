"""The company's systems, each real: what is planted in them by hand, as somebody once did it."""

import struct
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

from tests.drills.company.planted import ADMINS, GROUPS, NUMBERS, PASSWORD, REMY, RUTH, SALES, SHARED_MAIL, SYSTEMS

from upheld import clock
from upheld.lab.machine import Machine
from upheld.lab.postgres import Postgres
from upheld.lab.samba import USERS, SambaAD
from upheld.lab.scim import ScimServer
from upheld.lab.slapd import ADMIN, BASE, WRITER_RULES, Slapd

LONG_AGO = timedelta(days=120)
Planted = tuple[str, str, dict[str, str]]  # name, kind and settings of a source


class Domain:
    """Samba as Active Directory. The group admins is in Domain Admins: it administers by being nested."""

    def __init__(self, stack: ExitStack) -> None:
        self.samba = stack.enter_context(SambaAD())
        dns = {name: self.samba.add_user(name, **self._whose(name)) for name in NUMBERS}
        self.samba.add_user("rein", employeeID=RUTH)
        windows = int((clock.now() - LONG_AGO).timestamp() + 11644473600) * 10**7  # in 100 ns since 1601
        old = clock.now() - timedelta(days=300)
        self.samba.put_raw(dns["dora"], {"whenCreated": f"{old:%Y%m%d%H%M%S}.0Z", "lastLogonTimestamp": str(windows)})
        for group, members in GROUPS.items():
            self.samba.add_group(group, [dns[each] for each in members])
        self.samba.put(f"CN=Domain Admins,{USERS}", {"member": [f"CN=Administrator,{USERS}", f"CN={ADMINS},{USERS}"]})
        self.settings = self.samba.settings | self.samba.let_write()
        self.settings |= {"system": "domain", "service_pattern": "^(reader|writer|dns-.*)$"}
        for program in ("Administrator", "reader", "writer", "dns-dc1"):
            self.samba.put(f"CN={program},{USERS}", {"manager": [dns["nora"]]})

    @staticmethod
    def _whose(name: str) -> dict[str, str]:
        return {"employeeID": NUMBERS[name]} if NUMBERS[name] else {"mail": SHARED_MAIL} if name == "sales" else {}

    def reissue(self) -> None:
        """Delete the account of the one, and make one of its name for the other."""
        self.samba.remove(f"CN=rein,{USERS}")
        self.samba.add_user("rein", employeeID=REMY)

    def lets_in(self, name: str) -> bool:
        """Whether the account `name` gets in."""
        return self.samba.sign_in(name)


class Directory:
    """OpenLDAP."""

    def __init__(self, stack: ExitStack) -> None:
        old = clock.now() - timedelta(days=300)
        entry = f"""
dn: uid=dora,ou=people,{BASE}
objectClass: inetOrgPerson
cn: dora
sn: dora
uid: dora
employeeNumber: {NUMBERS["dora"]}
userPassword: {PASSWORD}
createTimestamp: {old:%Y%m%d%H%M%SZ}
pwdLastSuccess: {clock.now() - LONG_AGO:%Y%m%d%H%M%SZ}
"""
        self.slapd = stack.enter_context(Slapd(ldif=entry, rules=WRITER_RULES))
        for name, number in NUMBERS.items():
            if name != "dora":
                self.slapd.add_person(name, number=number or None, password=PASSWORD)
        self.slapd.add_person("rein", number=RUTH, password=PASSWORD)
        for group, members in GROUPS.items():
            self.slapd.add_group(group, [*(self.slapd.dn(each) for each in members), *((ADMIN,) if group == ADMINS else ())])
        self.settings = (
            self.slapd.settings | self.slapd.let_write() | {"system": "directory", "admin_pattern": "^admin$", "admin_groups": ADMINS}
        )

    def reissue(self) -> None:
        """See `Domain`."""
        self.slapd.remove(self.slapd.dn("rein"))
        self.slapd.add_person("rein", number=REMY, password=PASSWORD)

    def joins(self, name: str, group: str) -> None:
        """Put `name` into `group`, by hand."""
        members = [self.slapd.dn(each) for each in (*GROUPS[group], name)]
        self.slapd.put(f"cn={group},ou=groups,{BASE}", {"member": members})

    def lets_in(self, name: str) -> bool:
        """See `Domain`."""
        return self.slapd.sign_in(self.slapd.dn(name), PASSWORD)


class Saas:
    """An application with a SCIM interface, which never tells when somebody signed in."""

    def __init__(self, stack: ExitStack) -> None:
        self.server = stack.enter_context(ScimServer())
        self.ids = {name: self.server.add_user(name, **self._whose(name)) for name in NUMBERS}
        self.ids["rein"] = self.server.add_user("rein", employeeNumber=RUTH)
        for group, members in GROUPS.items():
            self.server.add_group(group, *(self.ids[each] for each in members))
        self.settings = self.server.settings | self.server.let_write() | {"system": "saas", "admin_groups": ADMINS}

    @staticmethod
    def _whose(name: str) -> dict[str, object]:
        if NUMBERS[name]:
            return {"employeeNumber": NUMBERS[name]}
        return {"emails": [{"value": SHARED_MAIL, "primary": True}]} if name == "sales" else {}

    def reissue(self) -> None:
        """See `Domain`."""
        self.server.ask("DELETE", f"/Users/{self.ids['rein']}")
        self.ids["rein"] = self.server.add_user("rein", employeeNumber=REMY)

    def lets_in(self, name: str) -> bool:
        """See `Domain`: whether the user is active."""
        return bool(self.server.user(self.ids[name])["active"])


class Database:
    """PostgreSQL, where admins may create roles."""

    def __init__(self, stack: ExitStack) -> None:
        self.postgres = stack.enter_context(Postgres())
        for name, number in {**NUMBERS, "rein": RUTH}.items():
            self._add(name, number or (SHARED_MAIL if name == "sales" else ""))
        for group, members in GROUPS.items():
            self.postgres.run(f"CREATE ROLE {group} NOLOGIN {'CREATEROLE' if group == ADMINS else ''}")  # type: ignore[arg-type]
            self.postgres.run(f"GRANT {group} TO {', '.join(members)}")  # type: ignore[arg-type]
        self.settings = self.postgres.settings | self.postgres.let_write() | {"system": "database"}
        self.postgres.run("COMMENT ON ROLE upheld_enforcer IS 'owner: 1'")
        for name in (*NUMBERS, "rein"):
            assert name == "dora" or self.lets_in(name)
        log = self.postgres.folder / "db" / "log" / "postgresql.log"
        at = clock.now() - LONG_AGO
        line = f"{at:%Y-%m-%d %H:%M:%S}.000 UTC [1] dora@postgres LOG:  connection authorized: user=dora database=postgres\n"
        log.write_text(line + log.read_text(encoding="utf-8"), encoding="utf-8")

    def _add(self, name: str, whose: str) -> None:
        self.postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")  # type: ignore[arg-type]
        if whose:
            self.postgres.run(f"COMMENT ON ROLE {name} IS 'person: {whose}'")  # type: ignore[arg-type]

    def reissue(self) -> None:
        """See `Domain`."""
        self.postgres.run("DROP ROLE rein")
        self._add("rein", REMY)
        assert self.lets_in("rein")

    def lets_in(self, name: str) -> bool:
        """See `Domain`."""
        return self.postgres.sign_in(name, PASSWORD)


class Host:
    """A Linux host, where admins may do everything by sudo."""

    def __init__(self, stack: ExitStack, name: str) -> None:
        self.machine = stack.enter_context(Machine(name))
        self.machine.run("sh", "-c", "awk -F: '$3 >= 1000 && $3 < 65534 {print $1}' /etc/passwd | xargs -r -n 1 userdel")
        for each, number in NUMBERS.items():
            number = number or (SHARED_MAIL if each == "sales" else "")
            self.machine.add_user(each, "-c", f"{each},,,,{number}", *(("--uid", SALES) if each == "sales" else ()))
        self.machine.add_user("rein", "-c", f"rein,,,,{RUTH}")
        for group, members in GROUPS.items():
            self.machine.run(
                "sh", "-c", f"getent group {group} >/dev/null || groupadd {group}; gpasswd --members {','.join(members)} {group}"
            )
        self.machine.run("sh", "-c", f"umask 337; echo '%{ADMINS} ALL=(ALL:ALL) ALL' > /etc/sudoers.d/admins")
        self.settings = self.machine.settings
        (self.machine.folder / "log" / "lastlog").touch()
        for each in (*NUMBERS, "rein"):
            self._used(each)

    def _used(self, name: str) -> None:
        """Write when `name` signed in last into lastlog, as login does."""
        at = clock.now() - (LONG_AGO if name == "dora" else timedelta())
        record = struct.pack("=I32s256s", int(at.timestamp()), b"pts/0", b"")
        with (self.machine.folder / "log" / "lastlog").open("r+b") as file:
            file.seek(int(self.machine.run("id", "-u", name)) * len(record))
            file.write(record)

    def reissue(self) -> None:
        """See `Domain`. Its number is another."""
        self.machine.run("userdel", "--remove", "rein")
        self.machine.add_user("rein", "-c", f"rein,,,,{REMY}", "--uid", "2900")
        self._used("rein")

    def lets_in(self, name: str) -> bool:
        """See `Domain`."""
        return self.machine.sign_in(name)


System = Domain | Directory | Saas | Database | Host
KINDS = {"domain": "ldap", "directory": "ldap", "saas": "scim", "database": "postgresql", "web1": "host", "web2": "host"}


def systems(stack: ExitStack) -> Iterator[tuple[str, System]]:
    """Start all of them and plant in each what there is to find."""
    made = {"domain": Domain, "directory": Directory, "saas": Saas, "database": Database}
    for name in SYSTEMS:
        yield name, (made[name](stack) if name in made else Host(stack, name))
