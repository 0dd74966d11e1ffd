"""Source kind `host`: a Linux machine, this one or over SSH, without an agent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from upheld import clock
from upheld.evidence.collection import Collecting
from upheld.sources.enforcing import CannotEnforce
from upheld.sources.host.get import Questions, Way, ask
from upheld.sources.host.machine import clock_offset, host_name
from upheld.sources.host.orders import Orders
from upheld.sources.host.shape import OF_THE_MACHINE, TABLES, Seen, parts
from upheld.sources.source import Misconfigured, Setting

ADDRESS = re.compile(r"^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.:_%-]*$")
NETWORK = re.compile(r"^(?P<interface>[^\s=/]{1,15})=(?P<name>[a-z0-9][a-z0-9-]{0,59})$")
NO_BLANK = re.compile(r"^/[^\s'\"*?\[]*$")


@dataclass(frozen=True)
class Host:
    """One Linux machine, or a tree of its files."""

    way: Way
    system: str
    root: str
    scan: tuple[str, ...]
    certificates: tuple[str, ...]
    verify: bool
    endpoint: str
    enforce_program: str = ""
    enforce_identity_file: str = ""
    networks: Mapping[str, str] = field(default_factory=dict)
    monitored: bool = False
    stores: tuple[str, ...] = ()

    def enforcer(self) -> Orders:
        """Return what carries out orders; raises `CannotEnforce` where no program is set up for it."""
        if not self.enforce_program or self.root != "/":
            raise CannotEnforce("this host is read only: set enforce_program (docs/sources/host.md)")
        way = replace(self.way, program=self.enforce_program, identity_file=self.enforce_identity_file)
        return Orders(replace(way, patience=min(way.patience, 120)), self.system)

    def test(self) -> str:
        """Return who answers, and whether as root."""
        answers = ask(self.way, Questions(("hosts",), self.root, self.scan))
        rights = "as root" if answers.is_root else "not as root: shadow, sudoers and more will be unknown"
        return f"{host_name(answers)} answers {rights}"

    def collect(self, into: Collecting) -> None:
        """Ask for the tables that `into` wants, and shape the answers."""
        into.progress(f"asking {self.way.address or 'this machine'}", 0)
        before = clock.now()
        patience = max(60, int(self.way.patience) - 30)
        answers = ask(self.way, Questions(tuple(into.seen), self.root, self.scan, self.certificates, self.verify, patience, self.stores))
        host = host_name(answers)
        root = "" if self.root == "/" else self.root.rstrip("/")
        into.clock_offset = clock_offset(answers, before)
        told = (self.endpoint, self.certificates, self.stores, self.networks, self.monitored)
        seen = Seen(answers, self.system or host, host, into.seen_at, root, *told)
        for part in parts(seen, into.seen):
            part.hand_over(into)
        self._say(into, ended=answers.ended, is_root=answers.is_root)

    def _say(self, into: Collecting, *, ended: bool, is_root: bool) -> None:
        if not ended:
            into.note("the host's answer broke off before its end: what was asked last is missing")
        if not is_root:
            into.note("the host was not asked as root: what only root may read is unknown")
        left_out = sorted(OF_THE_MACHINE & into.seen.keys()) if self.root != "/" else []
        if left_out:
            into.note(f"{self.root} is a tree of files, which does not tell {', '.join(left_out)}")


class HostKind:
    """What `upheld source add ... host` needs."""

    name: ClassVar[str] = "host"
    title: ClassVar[str] = "Linux host (this machine, or over SSH)"
    tables: ClassVar[Sequence[str]] = TABLES
    settings: ClassVar[Sequence[Setting]] = (
        Setting("address", "[user@]host to ask over SSH; empty for this machine", ""),
        Setting("port", "SSH port; empty for the usual one", ""),
        Setting("identity_file", "file of the private SSH key; empty for those that ssh finds", ""),
        Setting("known_hosts", "file of host keys that are trusted; empty for ssh's own", ""),
        Setting("program", "what reads the questions there: `sh -s`, `sudo -n sh -s`, or the pinned script's path", "sh -s"),
        Setting("system", "systems.id of the machine; empty for its host name", ""),
        Setting("root", "folder below which its files are read, for a tree mounted somewhere", "/"),
        Setting("scan", "folders searched for setuid files and capabilities, blank between", "/"),
        Setting("certificates", "certificate files to list the keys of, blank between", ""),
        Setting("verify", "yes to compare packages with their vendor's digests (reads every file of them)", "yes"),
        Setting("endpoint", "laptop or desktop if it is somebody's endpoint, or server; empty for no device row", ""),
        Setting(
            "networks", "interfaces that are in networks of the company, as in eth1=office, blank between; empty lists no neighbours", ""
        ),
        Setting("flows", "yes to list where the machine has connections to", "no"),
        Setting("stores", "folders of backups or records whose readers are listed, blank between", ""),
        Setting("enforce_program", "what reads orders there: the pinned upheld-orders, or `sudo -n sh -s`; empty reads only", ""),
        Setting("enforce_identity_file", "file of the private SSH key for orders, where it is another; that of reading when empty", ""),
        Setting("patience", "seconds after which the whole answer is given up", "900"),
    )
    least_rights: ClassVar[str] = (
        "An account with a shell reads most; root, by one sudoers line for the pinned script, "
        "also shadow, sudoers, LUKS headers and others' SSH keys."
    )
    notice: ClassVar[str] = ""

    def connect(self, settings: Mapping[str, str]) -> Host:
        """Return the host; raises `Misconfigured` for a word that a shell could take for something else."""
        address, paths = settings["address"], settings["scan"].split() + settings["certificates"].split()
        paths += [*settings["stores"].split(), settings["root"]]
        if address and not ADDRESS.match(address):
            raise Misconfigured(f"address {address!r} is not [user@]host")
        wrong = next((path for path in paths if not NO_BLANK.match(path)), None)
        if wrong is not None:
            raise Misconfigured(f"{wrong!r} is not an absolute path free of blanks, quotes and wildcards")
        if settings["port"] and not settings["port"].isdecimal():
            raise Misconfigured(f"port {settings['port']!r} is not a number")
        if not settings["patience"].isdecimal():
            raise Misconfigured(f"patience {settings['patience']!r} is not a number of seconds")
        if settings["known_hosts"] and not Path(settings["known_hosts"]).expanduser().is_file():
            raise Misconfigured(f"known_hosts file {settings['known_hosts']} is not there")
        way = Way(
            address, settings["port"], settings["identity_file"], settings["known_hosts"], settings["program"], float(settings["patience"])
        )
        return Host(
            way,
            settings["system"],
            settings["root"],
            tuple(settings["scan"].split()),
            tuple(settings["certificates"].split()),
            settings["verify"] == "yes",
            settings["endpoint"],
            settings["enforce_program"],
            settings["enforce_identity_file"] or settings["identity_file"],
            _networks(settings["networks"]),
            settings["flows"] == "yes",
            tuple(settings["stores"].split()),
        )


def _networks(said: str) -> Mapping[str, str]:
    found = {word: NETWORK.match(word) for word in said.split()}
    if wrong := next((word for word, read in found.items() if read is None), None):
        raise Misconfigured(f"networks: {wrong!r} is not an interface and the short name of its network, as in eth1=office")
    return {read["interface"]: read["name"] for read in found.values() if read}


HOST = HostKind()
