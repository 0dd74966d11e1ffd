"""Time stamps (RFC 3161) of an exported log, judged by the program `openssl`: Python's standard library has no way to."""

import calendar
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

_MEMBER = re.compile(r"anchors/(0|[1-9][0-9]{0,18})\.([1-9][0-9]{0,3})\.(tsq|tsr)", re.ASCII)
_TIME = re.compile(r"^Time stamp: (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", re.M)
_REASON = re.compile(r":error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):")
_NO_NONCE = re.compile(r"^Nonce: unspecified$", re.M)
_SECONDS = 20
MAX_BYTES = 1 << 17


def member(name: str) -> tuple[int, int, str] | None:
    """Return size, number and suffix of a member that holds a request (tsq) or an answer (tsr); None for any other name."""
    found = _MEMBER.fullmatch(name)
    return (int(found[1]), int(found[2]), found[3]) if found else None


def can_verify() -> bool:
    """Whether `openssl` is here."""
    return shutil.which("openssl") is not None


def verify(request: bytes, answer: bytes, body: bytes, roots: Sequence[str]) -> datetime | str:
    """Return when `answer`, to `request`, says that `body` existed, if it verifies under one of `roots` (PEM); else why it does not.

    The chain is judged as of the time stated: an authority's certificate may have ended since.
    """
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "body").write_bytes(body)
        (folder / "q").write_bytes(request)
        (folder / "r").write_bytes(answer)
        (folder / "roots.pem").write_text("\n".join(roots), encoding="utf-8")
        said, _ = _openssl(folder, "-reply", "-in", "r", "-text")
        asked, _ = _openssl(folder, "-query", "-in", "q", "-text")
        at = _instant(said)
        if at is None or not asked:
            return "the time stamp, or the request for it, cannot be read"
        if _NO_NONCE.search(asked) or _NO_NONCE.search(said):
            return "the time stamp has no nonce, so that it may be an old one"
        judged = ("-verify", "-in", "r", "-CAfile", "roots.pem", "-attime", str(int(at.timestamp())))
        # Against the text, so that it is ours; against the request, so that nonce and policy are those asked for.
        for what in (("-data", "body"), ("-queryfile", "q")):
            _, why = _openssl(folder, *judged, *what)
            if why:
                return f"the time stamp does not hold: {why}"
        return at


def _openssl(folder: Path, *words: str) -> tuple[str, str]:
    """Return what `openssl ts` printed, and why it failed; empty if it did not."""
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    program = shutil.which("openssl") or "openssl"
    try:
        done = subprocess.run([program, "ts", *words], cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", f"openssl did not run: {error}"
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return said, ""
    reasons = [found[1] for line in done.stderr.decode("utf-8", "replace").splitlines() if (found := _REASON.search(line))]
    return said, "; ".join(dict.fromkeys(reasons)) or "openssl refused it"


def _instant(said: str) -> datetime | None:
    found = _TIME.search(said)
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(time.strptime(" ".join(found.groups()), "%b %d %H:%M:%S %Y")), UTC)
    except ValueError:
        return None
