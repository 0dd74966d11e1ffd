"""An SSH server with a configuration, host key and known user key of its own, for whoever runs the lab."""

import getpass
import os
import subprocess
from pathlib import Path

from upheld.lab.service import Service, find


class Sshd(Service):
    """Lets in the user who started it, by the key `identity` alone."""

    name = "sshd"

    @property
    def user(self) -> str:
        """Who may sign in."""
        return getpass.getuser()

    @property
    def identity(self) -> Path:
        """The private key that is let in."""
        return self.folder / "user_key"

    @property
    def known_hosts(self) -> Path:
        """A file that knows the server's key."""
        return self.folder / "known_hosts"

    @property
    def address(self) -> str:
        """As the source `host` wants it named."""
        return f"{self.user}@127.0.0.1"

    def command(self) -> list[str]:
        for name in ("host_key", "user_key"):
            self._make_key(name)
        public = (self.folder / "host_key.pub").read_text(encoding="utf-8").split()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {public[0]} {public[1]}\n", encoding="utf-8")
        self.let_in()
        lines = [f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {self.folder}/host_key", f"PidFile {self.folder}/pid"]
        lines += [f"AuthorizedKeysFile {self.folder}/authorized_keys", "StrictModes no", "UsePAM no", "PasswordAuthentication no"]
        lines += ["KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "LogLevel VERBOSE"]
        path = self.folder / "sshd_config"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if self.within is not None:
            return [find("sshd"), "-D", "-f", str(path)]  # it logs by syslog(3)
        return [*with_run_sshd(), find("sshd"), "-D", "-e", "-f", str(path)]

    def _make_key(self, name: str) -> None:
        path = self.folder / name
        if not path.exists():
            subprocess.run(
                [find("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", f"lab {name}", "-f", str(path)], check=True, timeout=30
            )

    def let_in(self, options: str = "") -> None:
        """Let the key `identity` in, with `options` as authorized_keys takes them (restrict,command="...")."""
        line = (self.folder / "user_key.pub").read_text(encoding="utf-8")
        (self.folder / "authorized_keys").write_text(f"{options} {line}".lstrip(), encoding="utf-8")

    def renew_host_key(self) -> None:
        """Give the server another key, which `known_hosts` does not know."""
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink()
        known = self.known_hosts.read_text(encoding="utf-8")
        self.stop()
        self.start()
        self.known_hosts.write_text(known, encoding="utf-8")

    def answers(self) -> bool:
        scan = subprocess.run(
            [find("ssh-keyscan"), "-T", "1", "-p", str(self.port), "127.0.0.1"], capture_output=True, text=True, timeout=10, check=False
        )
        ours = (self.folder / "host_key.pub").read_text(encoding="utf-8").split()[1]
        return ours in scan.stdout


def with_run_sshd() -> list[str]:
    """As root, sshd wants the folder /run/sshd; where it is missing it is there for our server alone, in a mount namespace of its own."""
    if os.geteuid() != 0 or Path("/run/sshd").is_dir():
        return []
    return [find("unshare"), "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /run && mkdir -m 0755 /run/sshd && exec "$@"', "sshd"]
