"""OpenLDAP in the lab: password policies, memberOf, last binds, one-time passwords, TLS, and a reader with the documented rights."""

import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from ldap3 import MODIFY_DELETE, MODIFY_REPLACE, NONE, Connection, Server
from ldap3.core.exceptions import LDAPException

from upheld.lab.certificates import make
from upheld.lab.service import DidNotStart, Service, find

BASE = "dc=example,dc=org"
ADMIN, READER = f"cn=admin,{BASE}", f"cn=reader,{BASE}"
POLICY = f"cn=default,ou=policies,{BASE}"
ADMIN_PASSWORD = READER_PASSWORD = "lab-only-8f2c"  # noqa: S105  opens a service that lives for one test
RELAX = ("1.3.6.1.4.1.4203.666.5.12", True, None)
READER_RULES = (
    f'access to attrs=userPassword by dn.exact="{ADMIN}" manage by dn.exact="{READER}" search by self write by anonymous auth by * none',
    f'access to * by dn.exact="{ADMIN}" manage by dn.exact="{READER}" read by self read by anonymous auth by * none',
)
CONFIG_RULES = (
    f'access to attrs=olcRootPW by dn.exact="{READER}" search by * none',
    f'access to * by dn.exact="{READER}" read by * none',
)
# As docs/sources/ldap.md asks for: who writes may lock and add accounts, set passwords and change members, and nothing else.
WRITER = f"cn=writer,{BASE}"
_ALL_THREE = f'by dn.exact="{ADMIN}" manage by dn.exact="{WRITER}" {{writes}} by dn.exact="{READER}"'
_WRITES, _READS = _ALL_THREE.format(writes="write"), _ALL_THREE.format(writes="read")
NO_WRITER_RULES = (f"access to * {_READS} read by anonymous auth by * none",)
PEOPLE = f"ou=people,{BASE}"
WRITER_RULES = (
    f'access to dn.exact="{PEOPLE}" attrs=children {_ALL_THREE.format(writes="add")} read by * none',
    f'access to dn.onelevel="{PEOPLE}" attrs=entry {_ALL_THREE.format(writes="add")} read by anonymous auth by * none',
    f"access to attrs=pwdAccountLockedTime,pwdReset {_WRITES} read by * none",
    f"access to attrs=member,uniqueMember,memberUid {_WRITES} read by * none",
    f"access to attrs=userPassword {_WRITES} search by anonymous auth by * none",
    *NO_WRITER_RULES,
)
GLOBAL = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
moduleload memberof
moduleload otp
moduleload argon2
pidfile {folder}/slapd.pid
password-hash {{ARGON2}}
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.pem
"""
DATABASE = """
database mdb
suffix {base}
rootdn {admin}
directory {folder}/db
maxsize 1073741824
envflags nosync
lastbind on
{limits}
overlay ppolicy
ppolicy_default {policy}
ppolicy_use_lockout
ppolicy_hash_cleartext
overlay memberof
memberof-refint true
overlay otp
"""
BEGINNING = """
dn: {base}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,{base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{base}
objectClass: organizationalUnit
ou: groups

dn: ou=policies,{base}
objectClass: organizationalUnit
ou: policies

dn: {policy}
objectClass: device
objectClass: pwdPolicy
cn: default
pwdAttribute: userPassword
pwdMinLength: 14
pwdInHistory: 10
pwdCheckQuality: 1
pwdLockout: TRUE
pwdMaxFailure: 5
pwdLockoutDuration: 900
pwdMaxAge: 31536000

dn: {admin}
objectClass: inetOrgPerson
cn: admin
sn: admin
uid: admin
employeeNumber: 1
userPassword: {password}

dn: {reader}
objectClass: device
objectClass: simpleSecurityObject
cn: reader
owner: {admin}
userPassword: {password}
"""


class Slapd(Service):
    """A slapd with people, groups and one password policy below `BASE`; `ldif` is loaded besides at the first start.

    `rules` and `config_rules` are the access rules of the data and of cn=config (None: no cn=config at all),
    `directives` further lines for the whole server, such as "security simple_bind=128".
    """

    name = "slapd"

    def __init__(
        self,
        *,
        ldif: str = "",
        rules: Sequence[str] = READER_RULES,
        config_rules: Sequence[str] | None = CONFIG_RULES,
        directives: Sequence[str] = (),
        limits: str = f'limits dn.exact="{READER}" size=unlimited time=unlimited',
    ) -> None:
        super().__init__()
        self._ldif, self.rules, self.config_rules, self.directives = ldif, rules, config_rules, list(directives)
        self.limits = limits
        self._prepared = False

    @property
    def url(self) -> str:
        """Where it listens, without TLS until asked for."""
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What the source kind `ldap` needs to read it; the password is resolved already."""
        return {"url": self.url, "base": BASE, "bind_dn": READER, "password": READER_PASSWORD, "ca_file": str(self.folder / "ca.pem")}

    def let_write(self) -> dict[str, str]:
        """Add the entry that writes, and return the settings by which a source may enforce; its rules are `WRITER_RULES`."""
        self.add_entry(WRITER, ["device", "simpleSecurityObject"], userPassword=ADMIN_PASSWORD, owner=ADMIN)
        return {"enforce_dn": WRITER, "enforce_password": ADMIN_PASSWORD, "create_below": PEOPLE}

    def command(self) -> list[str]:
        """Write the configuration, load the first entries, and return slapd's arguments."""
        slapd, slapadd = find("slapd"), find("slapadd")
        (self.folder / "slapd.pid").unlink(missing_ok=True)
        fresh = not (self.folder / "db").is_dir()
        (self.folder / "db").mkdir(exist_ok=True)
        if fresh:
            authority = make("Upheld lab", authority=True)
            authority.write_certificate(self.folder / "ca.pem")
            make("localhost", by=authority).write(self.folder / "server.pem")
        (self.folder / "slapd.conf").write_text(self._configuration(), encoding="utf-8")
        if fresh:
            beginning = BEGINNING.format(base=BASE, policy=POLICY, admin=ADMIN, reader=READER, password=ADMIN_PASSWORD)
            (self.folder / "beginning.ldif").write_text(beginning + "\n" + self._ldif, encoding="utf-8")
            _run([slapadd, "-q", "-f", str(self.folder / "slapd.conf"), "-b", BASE, "-l", str(self.folder / "beginning.ldif")])
        return [slapd, "-h", f"{self.url}/", "-f", str(self.folder / "slapd.conf"), "-d", "0"]

    def start(self, *, within: float = 20.0) -> None:
        """Start the server; at the first start both passwords are set anew, so that they are stored as the server stores them."""
        super().start(within=within)
        if not self._prepared:
            for dn in (ADMIN, READER):
                self.put(dn, {"userPassword": [ADMIN_PASSWORD]})
            self._prepared = True

    def answers(self) -> bool:
        """Whether our slapd takes connections: the pid it wrote is the one we started."""
        pid = self.folder / "slapd.pid"
        if not pid.is_file() or pid.read_text(encoding="ascii").strip() != str(self.pid):
            return False
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _configuration(self) -> str:
        parts = [GLOBAL.format(folder=self.folder), *self.directives]
        if self.config_rules is not None:
            parts += ["database config", *self.config_rules]
        parts += [DATABASE.format(base=BASE, admin=ADMIN, folder=self.folder, policy=POLICY, limits=self.limits), *self.rules]
        return "\n".join(parts) + "\n"

    def restart(self) -> None:
        """Stop and start it again with the rules and directives as they are now; its entries stay."""
        self.stop()
        self.start()

    def put_offline(self, dn: str, attributes: Mapping[str, str]) -> None:
        """Replace `attributes` that no client may write (pwdLastSuccess), by dumping and loading all entries while the server is down."""
        place = ["-f", str(self.folder / "slapd.conf"), "-b", BASE]
        self.stop()
        dumped = _run([find("slapcat"), *place, "-o", "ldif-wrap=no"])
        shutil.rmtree(self.folder / "db")
        (self.folder / "db").mkdir()
        _run(
            [find("slapadd"), "-q", *place], "\n\n".join(_rewritten(entry, dn, attributes) for entry in dumped.strip().split("\n\n")) + "\n"
        )
        self.start()

    def dn(self, uid: str) -> str:
        """Return the name of the entry of the person `uid`."""
        return f"uid={uid},ou=people,{BASE}"

    def add_person(self, uid: str, *, number: str | None = None, password: str | None = None, **attributes: str) -> str:
        """Add a person, with employee number and password where given; returns the entry's name."""
        entry: dict[str, str] = {"cn": uid, "sn": uid, "mail": f"{uid}@example.org", **attributes}
        entry |= {"employeeNumber": number} if number else {}
        entry |= {"userPassword": password} if password else {}
        with self._admin() as admin:
            _must(admin, admin.add(self.dn(uid), ["inetOrgPerson"], entry))
        return self.dn(uid)

    def add_entry(self, dn: str, classes: Sequence[str], **attributes: str) -> str:
        """Add the entry `dn` of object `classes`; returns its name."""
        with self._admin() as admin:
            _must(admin, admin.add(dn, list(classes), attributes))
        return dn

    def add_group(self, name: str, members: Sequence[str], **attributes: str) -> str:
        """Add a group of `members` (names of entries, at least one); returns its name."""
        dn = f"cn={name},ou=groups,{BASE}"
        with self._admin() as admin:
            _must(admin, admin.add(dn, ["groupOfNames"], {"cn": name, "member": list(members), **attributes}))
        return dn

    def put(self, dn: str, attributes: Mapping[str, Sequence[str]], *, operational: bool = False) -> None:
        """Replace `attributes` of the entry `dn`, removing those given as empty; `operational` ones by the Relax control."""
        changes = {name: [(MODIFY_REPLACE if values else MODIFY_DELETE, list(values))] for name, values in attributes.items()}
        with self._admin() as admin:
            _must(admin, admin.modify(dn, changes, controls=[RELAX] if operational else None))

    def remove(self, dn: str) -> None:
        """Delete the entry `dn`."""
        with self._admin() as admin:
            _must(admin, admin.delete(dn))

    def sign_in(self, dn: str, password: str) -> bool:
        """Return whether `dn` gets in with `password`."""
        connection = Connection(Server("127.0.0.1", self.port, get_info=NONE), dn, password)
        try:
            return bool(connection.bind())
        finally:
            connection.unbind()

    def _admin(self) -> Any:
        server = Server("127.0.0.1", self.port, get_info=NONE, connect_timeout=5)
        return Connection(server, ADMIN, ADMIN_PASSWORD, check_names=False, receive_timeout=30)


class LabRefused(LDAPException):
    """The lab's own server refused what a test asked of it."""


def _run(argv: list[str], given: str = "") -> str:
    """Run a program of OpenLDAP's, with `given` as its input, and return what it printed; raises `DidNotStart` with its complaint."""
    done = subprocess.run(argv, input=given, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise DidNotStart(f"{argv[0]} failed: {done.stderr[-500:]}")
    return done.stdout


def _rewritten(entry: str, dn: str, attributes: Mapping[str, str]) -> str:
    """Return an entry in LDIF with `attributes` replaced, if it is `dn`."""
    if entry.partition("\n")[0] != f"dn: {dn}":
        return entry
    kept = [line for line in entry.splitlines() if line.partition(":")[0] not in attributes]
    return "\n".join(kept + [f"{name}: {value}" for name, value in attributes.items()])


def _must(connection: Any, done: object) -> None:
    if not done:
        raise LabRefused(f"{connection.result['description']}: {connection.result['message']}")
