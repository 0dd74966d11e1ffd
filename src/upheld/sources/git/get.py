"""Asks a repository by the git program, with everything off by which a repository could make git run something of its own."""

import base64
import hashlib
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from upheld.sources.source import SourceError

FIELDS = ("%H", "%P", "%ae", "%ce", "%at", "%ct", "%s", "%(trailers:only=true,unfold=true)")
TAG_FIELDS = (
    "%(refname:short)",
    "%(objectname)",
    "%(*objectname)",
    "%(objecttype)",
    "%(taggeremail:trim)",
    "%(taggerdate:unix)",
    "%(contents:signature)",
)
# A repository's own configuration names programs; each is overruled on the command line.
OVERRULED = (
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat",
    "core.sshCommand=ssh -o BatchMode=yes -o StrictHostKeyChecking=yes",
    "core.alternateRefsCommand=true", "core.attributesFile=/dev/null", "diff.external=", "diff.renames=false", "log.showSignature=false",
    "log.mailmap=false", "gpg.program=gpg", "gpg.openpgp.program=gpg", "gpg.x509.program=gpgsm", "gpg.ssh.program=ssh-keygen",
    "gpg.ssh.defaultKeyCommand=", "protocol.ext.allow=never", "protocol.file.allow=always", "credential.helper=", "maintenance.auto=false",
    "gc.auto=0", "submodule.recurse=false", "safe.directory=*",
)  # fmt: skip
MARK = "\x01"  # before each commit where files are listed with them
COMMIT_HASH_LENGTHS = frozenset({40, 64})


@dataclass(frozen=True)
class Clone:
    """A repository on this machine. `allowed_signers` and `gnupg_home` tell whose signatures are good; `token` is for fetching."""

    path: Path
    allowed_signers: str = ""
    gnupg_home: str = ""
    token: str = ""
    patience: float = 600.0

    def run(self, *words: str, given: str = "", may_fail: bool = False) -> str:
        """Return what `git WORDS` prints; raises `SourceError` with git's complaint, unless it `may_fail`: then what it printed."""
        status, printed, complaint = self._started(words, given)
        if status != 0 and not may_fail:
            last = complaint.strip().splitlines()[-1:] or [f"status {status}"]
            raise SourceError(f"git {words[0]} in {self.path}: {last[0][:300]}", permanent=False)
        return printed

    def _started(self, words: Sequence[str], given: str = "") -> tuple[int, str, str]:
        argv = ["git", "--no-replace-objects", "--no-pager"]
        for setting in OVERRULED:
            argv += ["-c", setting]
        if self.allowed_signers:
            argv += ["-c", f"gpg.ssh.allowedSignersFile={Path(self.allowed_signers).resolve()}"]
        argv += ["-C", str(self.path), *words]
        try:
            done = subprocess.run(
                argv, input=given.encode(), capture_output=True, timeout=self.patience, env=self._environment(), check=False
            )
        except OSError as error:
            raise SourceError(f"git could not be started: {error.strerror}: install it", permanent=True) from error
        except subprocess.TimeoutExpired as error:
            raise SourceError(f"git {words[0]} in {self.path} took longer than {self.patience:.0f} s", permanent=False) from error
        return (
            done.returncode,
            done.stdout.decode("utf-8", errors="backslashreplace"),
            done.stderr.decode("utf-8", errors="backslashreplace"),
        )

    def _environment(self) -> dict[str, str]:
        """What the program gets: nothing of ours that names another repository; a token only here, never among the arguments."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        kept |= {
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C.UTF-8",
        }
        if self.gnupg_home:
            kept["GNUPGHOME"] = self.gnupg_home
        if self.token:
            word = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
            kept |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": f"Authorization: Basic {word}"}
        return kept

    def branches(self, patterns: Sequence[str]) -> dict[str, str]:
        """Return the branches that match `patterns` (globs; the one that HEAD names if there are none) with the object each points to."""
        if not patterns:
            head = self.run("symbolic-ref", "--quiet", "HEAD", may_fail=True).strip()
            patterns = [head.removeprefix("refs/heads/")] if head else []
        wanted = [f"refs/heads/{pattern}" for pattern in patterns]
        if not wanted:
            return {}
        lines = self.run("for-each-ref", "--format=%(refname) %(objectname)", *wanted).splitlines()
        return {name.removeprefix("refs/heads/"): oid for name, _, oid in (line.partition(" ") for line in lines)}

    def log(self, heads: Sequence[str]) -> str:
        """Return every commit reachable from `heads`, newest first: the `FIELDS` of each, a NUL after each field."""
        if not heads:
            return ""
        return self.run("log", "-z", "--encoding=UTF-8", f"--format={'%x00'.join(FIELDS)}", "--stdin", given="\n".join(heads) + "\n")

    def files(self, head: str) -> str:
        """Return the paths of all files of the commit `head`, a NUL after each."""
        return self.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", head)

    def changed_files(self, head: str, days: int) -> str:
        """Return the commits of the last `days` on `head`, newest first: `MARK`, id and time, then the files that each changed."""
        words = ("-c", "--name-only", "--no-renames", f"--since={days} days ago", f"--format={MARK}%H %ct", head)
        return self.run("log", "-z", *words)

    def merges_with_changes(self, oids: Sequence[str]) -> str:
        """Return the merge commits of `oids` that hold something none of their parents has, one a line between the files they change."""
        if not oids:
            return ""
        return self.run("diff-tree", "--stdin", "-c", "--raw", "-r", "--no-renames", given="\n".join(oids) + "\n")

    def signatures(self, oids: Sequence[str]) -> str:
        """Return `OID LETTER` for each of `oids`: how its signature verifies. Slow: gpg or ssh-keygen runs for each signed commit."""
        if not oids:
            return ""
        return self.run("log", "--no-walk=unsorted", "--format=%H %G?", "--stdin", given="\n".join(oids) + "\n")

    def tags(self) -> str:
        """Return the `TAG_FIELDS` of every tag, a NUL after each field and two newlines after the last."""
        return self.run("for-each-ref", f"--format={'%00'.join(TAG_FIELDS)}%00", "refs/tags")

    def tag_verifies(self, tag: str) -> str:
        """Return good, bad or unknown key: how the signature of `tag` verifies."""
        status, _, said = self._started(["verify-tag", "--raw", "--", tag])
        if status == 0:
            return "good"
        return "bad" if "BADSIG" in said or "incorrect signature" in said else "unknown key"

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off when it was cloned."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == "true"


def opened(place: str, *, fetch: bool, cache: str, signers: str, gnupg_home: str, token: str, patience: float) -> Clone:
    """Return the repository at `place`: the folder itself, or a copy of the URL brought up to date; raises `SourceError`."""
    if not fetch:
        path = Path(place).expanduser()
        if not path.is_dir():
            raise SourceError(f"{place} is not a folder; to read a URL, set fetch to yes", permanent=True)
        clone = Clone(path, signers, gnupg_home, "", patience)
        clone.run("rev-parse", "--git-dir")
        return clone
    folder = (Path(cache) if cache else user_cache_path("upheld") / "git") / hashlib.sha256(place.encode()).hexdigest()[:24]
    folder.mkdir(parents=True, exist_ok=True)
    clone = Clone(folder, signers, gnupg_home, token, patience)
    if not (folder / "HEAD").is_file():
        clone.run("init", "--quiet", "--bare")
    clone.run(
        "fetch",
        "--quiet",
        "--prune",
        "--no-tags",
        "--no-write-fetch-head",
        "--",
        place,
        "+refs/heads/*:refs/heads/*",
        "+refs/tags/*:refs/tags/*",
    )
    _follow_head(clone, place)
    return clone


def _follow_head(clone: Clone, place: str) -> None:
    """Let HEAD name the branch that it names at `place`."""
    for line in clone.run("ls-remote", "--symref", "--", place, "HEAD", may_fail=True).splitlines():
        if line.startswith("ref: refs/heads/"):
            clone.run("symbolic-ref", "HEAD", line.split()[1])
