"""Tries from inside an environment which ports elsewhere can be reached: one POSIX script, here or through ssh, writing nothing."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from upheld.sources.host.get import LOST, Way, refusal

# nc, bash or python3, whichever is there; what answers is the status: 0 reached, 1 not, 9 nothing to try with.
SCRIPT = """
try() {
  if command -v nc >/dev/null 2>&1; then nc -z -w 3 "$1" "$2" </dev/null >/dev/null 2>&1
  elif command -v bash >/dev/null 2>&1; then timeout 3 bash -c ': <>"/dev/tcp/$0/$1"' "$1" "$2" >/dev/null 2>&1
  elif command -v python3 >/dev/null 2>&1; then
    python3 -c 'import socket,sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)' "$1" "$2" 2>/dev/null
  else return 9; fi
}
"""
NOTHING_TO_TRY_WITH = 9


@dataclass(frozen=True)
class Target:
    """A port of a system."""

    host: str
    port: int
    system: str


def ask(way: Way, targets: Sequence[Target]) -> dict[Target, bool | None]:
    """Return which of `targets` were reached; None where that could not be tried. Raises `SourceError` where nothing came back."""
    lines = [f"try {each.host} {each.port}; echo {number} $?" for number, each in enumerate(targets)]
    script = SCRIPT + "\n".join([*lines, "echo end", ""])
    try:
        done = subprocess.run(way.command(), input=script.encode(), capture_output=True, timeout=way.patience, check=False)
        status, printed, complaint = done.returncode, done.stdout.decode("ascii", errors="replace"), done.stderr.decode(errors="replace")
    except subprocess.TimeoutExpired:
        status, printed, complaint = LOST, "", f"no end after {way.patience:.0f} s"
    except OSError as error:
        raise refusal(way, LOST, f"it could not be started: {error.strerror}") from error
    if not printed.endswith("end\n"):
        raise refusal(way, status, complaint)
    told = {int(number): int(said) for number, said in (line.split() for line in printed.splitlines()[:-1])}
    return {each: _reached(told.get(number)) for number, each in enumerate(targets)}


def _reached(status: int | None) -> bool | None:
    return None if status in (None, NOTHING_TO_TRY_WITH) else status == 0
