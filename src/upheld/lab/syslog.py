"""syslog-ng in the lab: one that takes what programs say and sends it on over TLS, and one that takes it in and writes files."""

import os
import socket
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path

from upheld.lab.certificates import make
from upheld.lab.service import Service, find

_COLLECTOR = """
@version: 3.35
options {{ stats-freq(0); use-dns(no); keep-hostname(yes); }};
source s {{ syslog(ip("127.0.0.1") port({port}) transport("tls") log-fetch-limit(1000)
    tls(key-file("{folder}/server.key") cert-file("{folder}/server.pem") ca-file("{folder}/ca.pem") peer-verify(required-trusted))); }};
destination d {{ file("{folder}/logs/${{HOST}}.log" flags(syslog-protocol) create-dirs(yes)); }};
log {{ source(s); destination(d); }};
"""
_AGENT = """
@version: 3.35
options {{ stats-freq(0); use-dns(no); time-reopen(1); }};
source s {{ unix-dgram("{folder}/log" perm(0666) flags(no-multi-line) host-override("{host}")); {files}}};
destination d {{ syslog("127.0.0.1" port({to}) transport("tls")
    tls(key-file("{keys}/agent.key") cert-file("{keys}/agent.pem") ca-file("{keys}/ca.pem") peer-verify(required-trusted))); }};
log {{ source(s); destination(d); }};
"""
# A folder of devices of its own for one process, in which syslog(3) finds our socket; nobody else's /dev changes.
_WITH_LOG = """
mkdir -p "$1" && mount --rbind /dev "$1" && mount -t tmpfs tmpfs /dev || exit 1
for each in null zero full random urandom tty ptmx; do : > /dev/$each; mount --bind "$1/$each" /dev/$each; done
mkdir /dev/pts; mount --rbind "$1/pts" /dev/pts; mkdir -m 1777 /dev/shm; ln -s /proc/self/fd /dev/fd
: > /dev/log; mount --bind "$2" /dev/log
[ -d /run/sshd ] || { mount -t tmpfs tmpfs /run && mkdir -m 0755 /run/sshd; }
shift 2; exec "$@"
"""


class Syslog(Service):
    """Takes syslog over TLS from whoever shows a certificate of its authority, and writes a file a host."""

    name = "syslog"

    @property
    def files(self) -> str:
        """The files that it writes, as a pattern."""
        return f"{self.folder}/logs/*.log"

    def command(self) -> list[str]:
        if not (self.folder / "ca.pem").exists():
            authority = make("Upheld lab", authority=True)
            authority.write_certificate(self.folder / "ca.pem")
            for name in ("server", "agent"):
                pair = make("localhost", by=authority)
                pair.write(self.folder / f"{name}.key")
                pair.write_certificate(self.folder / f"{name}.pem")
        return _program(self.folder, _COLLECTOR.format(folder=self.folder, port=self.port))

    def answers(self) -> bool:
        """Whether it speaks TLS with our certificate."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        context.load_cert_chain(self.folder / "agent.pem", self.folder / "agent.key")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as plain:
                context.wrap_socket(plain, server_hostname="localhost").close()
        except OSError:
            return False
        return True


class SyslogAgent(Service):
    """Takes what programs log by syslog(3), and the lines of `files` (a program's name: a path), and sends it to `collector`."""

    name = "syslog-agent"

    def __init__(self, collector: Syslog, *, host: str = "lab", files: Mapping[str, Path] | None = None) -> None:
        super().__init__()
        self._collector, self._host, self._files = collector, host, dict(files or {})

    def command(self) -> list[str]:
        files = "".join(
            f'file("{path}" program-override("{name}") host-override("{self._host}") follow-freq(0.2) flags(no-parse)); '
            for name, path in self._files.items()
        )
        told = _AGENT.format(folder=self.folder, host=self._host, files=files, to=self._collector.port, keys=self._collector.folder)
        return _program(self.folder, told)

    def answers(self) -> bool:
        return (self.folder / "log").is_socket()

    def beside(self, argv: Sequence[str]) -> list[str]:
        """Return the arguments by which `argv` runs so that what it logs by syslog(3) comes here; takes root."""
        return [
            find("unshare"),
            "--mount",
            "sh",
            "-c",
            _WITH_LOG,
            "sh",
            str(self.folder / f"dev-{os.urandom(4).hex()}"),
            str(self.folder / "log"),
            *argv,
        ]


def _program(folder: Path, configuration: str) -> list[str]:
    (folder / "syslog-ng.conf").write_text(configuration, encoding="utf-8")
    own = [f"--{name}={folder}/{name}" for name in ("persist-file", "pidfile", "control")]
    return [find("syslog-ng"), "-F", "--no-caps", "-f", str(folder / "syslog-ng.conf"), *own]
