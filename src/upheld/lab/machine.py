"""A Linux host in the lab: an SSH server in namespaces with accounts, groups, sudo and processes of its own. Needs root.

Mounts and processes are the machine's own (its /etc is a copy, its /home empty), so that usermod, gpasswd, chpasswd, visudo and pkill are
the real ones and reach nothing outside. Two of them beside one another are two hosts.
"""

import os
import shutil
import signal
import subprocess
from importlib.resources import files
from pathlib import Path

from upheld.lab.service import NotInstalled, Service, find

ORDERS, QUESTIONS = "/usr/local/sbin/upheld-orders", "/usr/local/sbin/upheld-questions"
# What the lab's machine mounts of its own, in a mount namespace that ends with it.
BEGIN = """
set -e
mount --make-rprivate /
mount --bind {folder}/etc /etc
mount --bind {folder}/home /home
mount --bind {folder}/sbin /usr/local/sbin
mount --bind {folder}/log /var/log
mount -t tmpfs tmpfs /run
mkdir -m 0755 /run/sshd
exec {sshd} -D -e -f {folder}/sshd_config
"""


class Machine(Service):
    """A host called `hostname`, on which `upheld` may read and carry out orders by sudo, and nothing else."""

    name = "machine"

    def __init__(self, hostname: str = "web1") -> None:
        super().__init__()
        self.hostname = hostname
        self._prepared = False

    @property
    def settings(self) -> dict[str, str]:
        """What the source kind `host` needs to read it and to carry out orders, each by its pinned script."""
        place = {"address": "upheld@127.0.0.1", "port": str(self.port), "system": self.hostname, "verify": "no"}
        place |= {"identity_file": str(self.folder / "key_upheld"), "known_hosts": str(self.folder / "known_hosts")}
        return place | {"program": f"sudo -n {QUESTIONS}", "enforce_program": f"sudo -n {ORDERS}"}

    def command(self) -> list[str]:
        """Copy /etc, write sshd's configuration and keys, and return the program that makes the namespaces."""
        if os.geteuid() != 0:
            raise NotInstalled("a machine of the lab needs root: run the tests as root, or leave it out")
        for program in ("sudo", "visudo", "chpasswd", "usermod", "gpasswd", "pkill", "ssh"):
            find(program)
        if not (self.folder / "etc").is_dir():
            self._make()
        script = BEGIN.format(folder=self.folder, sshd=find("sshd"))
        return [find("unshare"), "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script]

    def _make(self) -> None:
        shutil.copytree("/etc", self.folder / "etc", symlinks=True, ignore_dangling_symlinks=True)
        for name in ("home", "sbin", "log"):
            (self.folder / name).mkdir(mode=0o755)
        (self.folder / "etc" / "hostname").write_text(self.hostname + "\n", encoding="ascii")
        # None of this machine's own people are on the lab's.
        shutil.rmtree(self.folder / "etc" / "sudoers.d", ignore_errors=True)
        (self.folder / "etc" / "sudoers.d").mkdir(mode=0o755)
        (self.folder / "etc" / "sudoers").write_text("root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n", encoding="ascii")
        (self.folder / "etc" / "sudoers").chmod(0o440)
        self.folder.chmod(0o755)
        self.key("host")
        public = (self.folder / "key_host.pub").read_text(encoding="utf-8").split()
        (self.folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {public[0]} {public[1]}\n", encoding="utf-8")
        lines = [f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {self.folder}/key_host", "UsePAM no", "LogLevel VERBOSE"]
        lines += ["PasswordAuthentication yes", "KbdInteractiveAuthentication no", "PermitRootLogin no", "PidFile none"]
        (self.folder / "sshd_config").write_text("\n".join(lines) + "\n", encoding="ascii")
        self._pin(QUESTIONS, b"")
        self._pin(ORDERS, files("upheld.sources.host").joinpath("orders.sh").read_bytes())

    def _pin(self, path: str, before: bytes) -> None:
        """Pin a script as docs/sources/host.md asks, with searches cut down to nothing."""
        questions = files("upheld.sources.host").joinpath("questions.sh").read_bytes().replace(b'"${SCAN:=/}"', b'"${SCAN:=}"')
        target = self.folder / "sbin" / Path(path).name
        target.write_bytes(b"#!/bin/sh\n" + before + questions.replace(b'"${VERIFY:=yes}"', b'"${VERIFY:=no}"'))
        target.chmod(0o755)

    def start(self, *, within: float = 20.0) -> None:
        """Start it; at the first start the account that reads and carries out orders is made."""
        super().start(within=within)
        if not self._prepared:
            self.add_user("upheld", "--system", "--shell", "/bin/sh")
            rule = f'upheld ALL=(root) NOPASSWD: {QUESTIONS} "", {ORDERS} ""\n'
            self.run("sh", "-c", f"umask 337; cat > /etc/sudoers.d/upheld <<'E'\n{rule}E\nvisudo -cf /etc/sudoers.d/upheld")
            self._prepared = True

    def answers(self) -> bool:
        """Whether our server shows the key that we made for it."""
        scan = [find("ssh-keyscan"), "-T", "1", "-p", str(self.port), "127.0.0.1"]
        shown = subprocess.run(scan, capture_output=True, text=True, timeout=10, check=False).stdout
        return (self.folder / "key_host.pub").read_text(encoding="utf-8").split()[1] in shown

    def run(self, *argv: str, check: bool = True) -> str:
        """Run a program on the machine as root, and return what it printed."""
        inside = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()[0]
        entered = [find("nsenter"), "--target", inside, "--mount", "--pid", *argv]
        return subprocess.run(entered, check=check, capture_output=True, text=True, timeout=60).stdout

    def add_user(self, name: str, *options: str, password: str = "") -> None:
        """Add an account that may sign in by a key of its own, and by `password` where given."""
        self.run("useradd", "--create-home", "--shell", "/bin/sh", *options, name)
        self.run("usermod", "--password", "*", name)  # no password at all, and not locked: sshd then takes keys
        public = self.key(name)
        script = 'd=$(eval echo "~$1") && mkdir -p "$d/.ssh" && printf "%s\\n" "$2" > "$d/.ssh/authorized_keys" && chown -R "$1" "$d"'
        self.run("sh", "-c", script, "sh", name, public)
        if password:
            self.run("sh", "-c", 'printf "%s:%s\\n" "$1" "$2" | chpasswd', "sh", name, password)

    def key(self, name: str) -> str:
        """Make the SSH key `name` of the lab where there is none yet, and return its public line."""
        path = self.folder / f"key_{name}"
        if not path.exists():
            subprocess.run([find("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True, timeout=30)
        return path.with_suffix(".pub").read_text(encoding="utf-8").strip()

    def session(self, name: str, *command: str) -> "subprocess.Popen[str]":
        """Sign `name` in by its key, and let it stay (or run `command`); end it by `.kill()`."""
        argv = [
            find("ssh"),
            "-tt",
            "-o",
            "BatchMode=yes",
            "-o",
            f"UserKnownHostsFile={self.folder}/known_hosts",
            "-o",
            "IdentitiesOnly=yes",
        ]
        argv += [
            "-i",
            str(self.folder / f"key_{name}"),
            "-p",
            str(self.port),
            f"{name}@127.0.0.1",
            *(command or ("echo in; exec sleep 600",)),
        ]
        started = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)
        assert started.stdout is not None
        started.stdout.readline()
        return started

    def sign_in(self, name: str) -> bool:
        """Return whether `name` gets in by its key."""
        with self.session(name, "true") as session:
            try:
                return session.wait(timeout=20) == 0
            finally:
                session.send_signal(signal.SIGKILL)
