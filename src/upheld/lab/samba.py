"""Samba as Active Directory in the lab. Needs root, and the ports of AD (88, 389, 636 ...) on 127.0.0.1, so one runs at a time."""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from ldap3 import MODIFY_DELETE, MODIFY_REPLACE, NONE, Connection, Server

from upheld.lab.certificates import make
from upheld.lab.service import NotInstalled, Service, find
from upheld.lab.slapd import LabRefused

REALM, DOMAIN, BASE = "LAB.EXAMPLE.ORG", "LAB", "DC=lab,DC=example,DC=org"
USERS = f"CN=Users,{BASE}"
ADMINISTRATOR, READER = f"Administrator@{REALM}", f"reader@{REALM}"
PASSWORD = "Passw0rd-lab!"  # noqa: S105  opens a service that lives for one test
NORMAL = 0x200  # userAccountControl of an enabled account
# What docs/sources/ldap.md delegates: attributes of users and groups by their schema ids, and the right to reset passwords.
USER, GROUP = "bf967aba-0de6-11d0-a285-00aa003049e2", "bf967a9c-0de6-11d0-a285-00aa003049e2"
WRITTEN = {
    "userAccountControl": "bf967a68-0de6-11d0-a285-00aa003049e2",
    "pwdLastSet": "bf967a0a-0de6-11d0-a285-00aa003049e2",
    "lockoutTime": "28630ebf-41d5-11d1-a9c1-0000f80367c1",
    "primaryGroupID": "bf967a00-0de6-11d0-a285-00aa003049e2",
}
MEMBER, RESET_PASSWORD = "bf9679c0-0de6-11d0-a285-00aa003049e2", "00299570-246d-11d0-a768-00aa006e0529"
MORE_CONFIGURATION = """
    interfaces = lo
    bind interfaces only = yes
    rpc server dynamic port range = 10000-11999
    pid directory = {folder}
    ncalrpc dir = {folder}/ncalrpc
    winbindd socket directory = {folder}/winbindd
    server services = ldap, kdc, rpc, cldap
    ldap server require strong auth = no
    tls keyfile = {folder}/server.pem
    tls certfile = {folder}/server.pem
    tls cafile = {folder}/ca.pem
    log level = 0
"""
# Samba's own Python, since its databases are its own.
RAW = """
import sys, ldb
database = ldb.Ldb("tdb://" + sys.argv[1], options=["modules:"])
found = ldb.Message(ldb.Dn(database, sys.argv[2]))
for name, value in (each.split("=", 1) for each in sys.argv[3:]):
    found[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
database.modify(found)
"""


class SambaAD(Service):
    """A domain controller of `REALM`. The domain is made once a machine, in a quarter of a minute, and copied for each start."""

    name = "samba"

    def __init__(self) -> None:
        super().__init__()
        self.port = 636
        self._lock: IO[str] | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What the source kind `ldap` needs to read it; the password is resolved already."""
        place = {"url": "ldaps://127.0.0.1", "base": BASE, "bind_dn": READER, "password": PASSWORD}
        return place | {"ca_file": str(self.folder / "ca.pem")}

    def command(self) -> list[str]:
        """Copy the domain, write the rest of its configuration, and return Samba's arguments."""
        samba = find("samba")
        if os.geteuid() != 0:
            raise NotInstalled("Samba's domain controller needs root: run the tests as root, or leave it out")
        if not (self.folder / "etc").is_dir():
            shutil.copytree(_domain(), self.folder, dirs_exist_ok=True)
            authority = make("Upheld lab", authority=True)
            authority.write_certificate(self.folder / "ca.pem")
            make("localhost", by=authority).write(self.folder / "server.pem")
            self._configure()
        return [samba, f"--configfile={self.folder}/etc/smb.conf", "-i", "-M", "single", "--debug-stdout"]

    def answers(self) -> bool:
        """Whether our Samba speaks TLS on its port; only one can have it, and the lock makes it ours."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return self.running

    def start(self, *, within: float = 60.0) -> None:
        """Start it once nobody else in the lab has the ports; at the first start a reader without rights of its own is added."""
        if self._lock is None:
            self._lock = os.fdopen(_lock_file(), "w", encoding="ascii")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        with ExitStack() as undoing:
            undoing.callback(self.stop)
            _refuse_strangers(self.port)
            super().start(within=within)
            undoing.pop_all()
        if not (self.folder / "prepared").exists():
            self.add_user("reader")
            (self.folder / "prepared").touch()

    def stop(self) -> None:
        """Stop it, and let the next one in."""
        super().stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def add_user(self, name: str, **attributes: str) -> str:
        """Add an enabled account with the password `PASSWORD`; returns its entry's name."""
        dn = f"CN={name},{USERS}"
        said = {"sAMAccountName": name, "unicodePwd": f'"{PASSWORD}"'.encode("utf-16-le"), "userAccountControl": str(NORMAL), **attributes}
        with self._admin() as admin:
            _must(admin, admin.add(dn, ["top", "person", "organizationalPerson", "user"], said))
        return dn

    def add_group(self, name: str, members: Sequence[str] = (), **attributes: str) -> str:
        """Add a group; returns its entry's name."""
        dn = f"CN={name},{USERS}"
        said: dict[str, object] = {"sAMAccountName": name, **attributes}
        with self._admin() as admin:
            _must(admin, admin.add(dn, ["top", "group"], said | ({"member": list(members)} if members else {})))
        return dn

    def add_rules(self, name: str, applies_to: str, minimum_length: int) -> str:
        """Add fine-grained password rules that hold for the account or group `applies_to`; returns their entry's name."""
        dn = f"CN={name},CN=Password Settings Container,CN=System,{BASE}"
        said = {
            "msDS-PasswordSettingsPrecedence": "1",
            "msDS-PasswordReversibleEncryptionEnabled": "FALSE",
            "msDS-PasswordHistoryLength": "12",
            "msDS-PasswordComplexityEnabled": "TRUE",
            "msDS-MinimumPasswordLength": str(minimum_length),
            "msDS-MinimumPasswordAge": "0",
            "msDS-MaximumPasswordAge": "-9223372036854775808",
            "msDS-LockoutThreshold": "5",
            "msDS-LockoutObservationWindow": "-18000000000",
            "msDS-LockoutDuration": "-18000000000",
            "msDS-PSOAppliesTo": applies_to,
        }
        with self._admin() as admin:
            _must(admin, admin.add(dn, ["top", "msDS-PasswordSettings"], said))
        return dn

    def let_write(self) -> dict[str, str]:
        """Add one that may disable, change members, reset passwords and make accounts below `USERS`; returns a source's settings for it."""
        self.add_user("writer")
        shown = self.tool("user", "show", "writer", "--attributes=objectSid")
        who = next(line.split()[1] for line in shown.splitlines() if line.startswith("objectSid:"))
        entries = [f"(OA;CIIO;WP;{attribute};{USER};{who})" for attribute in WRITTEN.values()]
        entries += [f"(OA;CIIO;WP;{MEMBER};{GROUP};{who})", f"(OA;CIIO;CR;{RESET_PASSWORD};{USER};{who})"]
        entries += [f"(OA;CI;CC;{USER};;{who})"]
        self.tool("dsacl", "set", f"--objectdn={USERS}", "--sddl=" + "".join(entries))
        return {"enforce_dn": f"writer@{REALM}", "enforce_password": PASSWORD, "create_below": USERS}

    def remove(self, dn: str) -> None:
        """Delete the entry `dn`; it then lies among the deleted objects."""
        with self._admin() as admin:
            _must(admin, admin.delete(dn))

    def put(self, dn: str, attributes: Mapping[str, Sequence[str]]) -> None:
        """Replace `attributes` of the entry `dn`, removing those given as empty."""
        changes = {name: [(MODIFY_REPLACE if values else MODIFY_DELETE, list(values))] for name, values in attributes.items()}
        with self._admin() as admin:
            _must(admin, admin.modify(dn, changes))

    def put_raw(self, dn: str, attributes: Mapping[str, str]) -> None:
        """Replace `attributes` that no client may write (whenCreated, lastLogonTimestamp), in the domain's own database."""
        database = next((self.folder / "private" / "sam.ldb.d").glob(f"{BASE.upper()}.ldb"))
        python = Path(find("samba-tool")).read_text(encoding="utf-8").partition("\n")[0].removeprefix("#!").split()
        given = [str(database), dn, *(f"{name}={value}" for name, value in attributes.items())]
        subprocess.run([*python, "-c", RAW, *given], check=True, capture_output=True, text=True, timeout=60)

    def sign_in(self, name: str, password: str = PASSWORD) -> bool:
        """Return whether the account `name` gets in with `password`."""
        connection: Any = Connection(self._server(), f"{name}@{REALM}", password)
        try:
            return bool(connection.bind())
        finally:
            connection.unbind()

    def tool(self, *arguments: str) -> str:
        """Run samba-tool on the domain's own files, and return what it printed."""
        argv = [find("samba-tool"), *arguments, f"--configfile={self.folder}/etc/smb.conf"]
        return subprocess.run(argv, check=True, capture_output=True, text=True, timeout=120).stdout

    def _server(self) -> Server:
        return Server("127.0.0.1", self.port, use_ssl=True, get_info=NONE, connect_timeout=10)

    def _admin(self) -> Any:
        return Connection(self._server(), ADMINISTRATOR, PASSWORD, check_names=False, receive_timeout=30)

    def _configure(self) -> None:
        path = self.folder / "etc" / "smb.conf"
        lines = path.read_text(encoding="utf-8").replace(str(_cached()), str(self.folder)).splitlines()
        own = {"server services", "max log size", "log level"}
        kept = [line for line in lines if line.partition("=")[0].strip() not in own]
        more = MORE_CONFIGURATION.format(folder=self.folder)
        path.write_text("\n".join(kept).replace("[global]", f"[global]{more}", 1) + "\n", encoding="utf-8")


def _cached() -> Path:
    return Path(tempfile.gettempdir()) / f"upheld-lab-samba-domain-{os.geteuid()}"


def _lock_file() -> int:
    # Its name is known to everybody, so a link that somebody put there is not followed.
    return os.open(Path(tempfile.gettempdir()) / "upheld-lab-samba.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _domain() -> Path:
    """Return a folder with a domain as samba-tool makes it; made on first use, under the lock that `start` holds."""
    place = _cached()
    # The name is known to everybody: a folder that somebody else put there would be run as root.
    if (place / "whole").exists() and place.stat().st_uid == os.geteuid() and place.stat().st_mode & 0o077 == 0:
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    argv = [find("samba-tool"), "domain", "provision", f"--realm={REALM}", f"--domain={DOMAIN}", "--server-role=dc", "--dns-backend=NONE"]
    argv += [f"--adminpass={PASSWORD}", f"--targetdir={place}", "--host-name=dc1", "--host-ip=127.0.0.1", "--use-rfc2307"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise NotInstalled(f"samba-tool could not make a domain (is samba-ad-provision installed?): {done.stderr[-500:]}")
    (place / "whole").touch()
    return place


def _refuse_strangers(port: int) -> None:
    """Raise `NotInstalled` when somebody else has the port: what answers there would not be ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise NotInstalled(
                f"port {port} of this machine is taken ({error.strerror}), and Active Directory speaks on no other"
            ) from error


def _must(connection: Any, done: object) -> None:
    if not done:
        raise LabRefused(f"{connection.result['description']}: {connection.result['message']}")
