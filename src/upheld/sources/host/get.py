"""Asks a host: the one script over standard input of `sh`, here or through the system's ssh client."""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from upheld.sources.host.answers import Answers, parse
from upheld.sources.source import SourceError

LOST = 255
FINGERPRINT = re.compile(r"(SHA256:[A-Za-z0-9+/]{43})")


@dataclass(frozen=True)
class Way:
    """How a host is reached. `address` is empty for this machine, else [user@]host; `program` reads the script on standard input there."""

    address: str
    port: str
    identity_file: str
    known_hosts: str
    program: str
    patience: float

    def command(self) -> list[str]:
        """Return the program to start here."""
        if not self.address:
            return shlex.split(self.program)
        argv = [
            "ssh",
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "ConnectTimeout=15",
            "-o",
            "ServerAliveInterval=15",
        ]
        argv += ["-o", "ForwardAgent=no", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "UpdateHostKeys=no"]
        if self.known_hosts:
            argv += ["-o", f'UserKnownHostsFile="{Path(self.known_hosts).expanduser()}"', "-o", "GlobalKnownHostsFile=/dev/null"]
        if self.identity_file:
            argv += ["-o", "IdentitiesOnly=yes", "-i", str(Path(self.identity_file).expanduser())]
        if self.port:
            argv += ["-p", self.port]
        return [*argv, "--", self.address, self.program]


@dataclass(frozen=True)
class Questions:
    """What is asked: for which tables, below which root, in which folders, for which certificate files."""

    tables: Iterable[str]
    root: str = "/"
    scan: Iterable[str] = ("/",)
    certificates: Iterable[str] = ()
    verify: bool = True
    patience: int = 300
    stores: Iterable[str] = ()

    def script(self) -> bytes:
        """Return the script with its variables before it."""
        values = {
            "R": "" if self.root == "/" else self.root.rstrip("/"),
            "WANT": " ".join(self.tables),
            "SCAN": " ".join(self.scan),
            "CERTIFICATES": " ".join(self.certificates),
            "VERIFY": "yes" if self.verify else "no",
            "PATIENCE": str(self.patience),
            "STORES": " ".join(self.stores),
        }
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items()).encode() + the_script()


@cache
def the_script() -> bytes:
    """Return questions.sh."""
    return files("upheld.sources.host").joinpath("questions.sh").read_bytes()


def ask(way: Way, questions: Questions) -> Answers:
    """Return what the host answers; sections that were lost on the way are missing, and it is said that the answer is not whole.

    Raises `SourceError` when nothing came: the host is not reached, its key is unknown, the account is refused.
    """
    argv = way.command()
    with tempfile.TemporaryFile() as printed:
        try:
            done = subprocess.run(argv, input=questions.script(), stdout=printed, stderr=subprocess.PIPE, timeout=way.patience, check=False)
            status, complaint = done.returncode, done.stderr.decode("utf-8", errors="replace")
        except subprocess.TimeoutExpired:
            status, complaint = LOST, f"no end after {way.patience:.0f} s"
        except OSError as error:
            raise SourceError(f"{argv[0]} could not be started: {error.strerror}", permanent=True) from error
        printed.seek(0)
        answers = parse(printed.read())
    if not answers.of("version").whole:
        raise refusal(way, status, complaint)
    return answers


def refusal(way: Way, status: int, complaint: str) -> SourceError:
    """Return what it means that a host gave no answer: `complaint` is what ssh or the program printed."""
    where = way.address or "this machine"
    if "Host key verification failed" in complaint or "No matching host key" in complaint or "host key is known" in complaint:
        return SourceError(_unknown_key(way, complaint), permanent=True)
    if "Permission denied" in complaint:
        return SourceError(
            f"{where} refused the account: put its public key into authorized_keys there, or name identity_file", permanent=True
        )
    last = complaint.strip().splitlines()[-1:] or [f"it ended with status {status}"]
    return SourceError(f"{where} did not answer the questions: {last[0][:300]}", permanent=False)


def _unknown_key(way: Way, complaint: str) -> str:
    """Say which key the host showed, so that its administrator can be asked whether it is the right one."""
    host = way.address.rpartition("@")[2]
    changed = "REMOTE HOST IDENTIFICATION HAS CHANGED" in complaint
    shown = FINGERPRINT.search(complaint)
    prints = shown[1] if shown else _scanned(host, way.port)
    file = way.known_hosts or "~/.ssh/known_hosts"
    what = "shows another key than the one that is known" if changed else "shows a key that is not known"
    return (
        f"{host} {what}: {prints}. Ask who runs it whether that is its key; if so, add it with "
        f"`ssh-keyscan{f' -p {way.port}' if way.port else ''} {host} >> {file}` and try again"
    )


def _scanned(host: str, port: str) -> str:
    """Return the fingerprints of the keys that `host` shows now, for people to compare; never used to trust it."""
    scan = ["ssh-keyscan", "-T", "5", *(["-p", port] if port else []), "--", host]
    try:
        shown = subprocess.run(scan, capture_output=True, timeout=20, check=False)
        listed = subprocess.run(["ssh-keygen", "-l", "-f", "-"], input=shown.stdout, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "its fingerprint could not be read"
    return ", ".join(sorted(set(FINGERPRINT.findall(listed.stdout.decode())))) or "its fingerprint could not be read"
