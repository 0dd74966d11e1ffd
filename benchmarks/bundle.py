"""A bundle of one promise and of all: how large, how long to make, to verify on a bare Python, and to judge again with duckdb alone.

Everything is made in a temporary folder: the sample company is collected and judged, then handed out. Seconds are CPU seconds of the
process that is named and its children; the limits are those that the product promises.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PROMISE = "iso:4.1.4"  # leavers lose their access: the measure that reads the most tables
LARGEST_BYTES, LONGEST_SECONDS = 5 << 20, 10.0


def measured(*command: object, space: Path) -> tuple[float, str]:
    """Run `command` and return its CPU seconds and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "UPHELD_WORKSPACE": str(space)}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as made:
        space = Path(made) / "workspace"
        upheld = (sys.executable, "-m", "upheld")
        measured(*upheld, "demo", space=space)
        _, status = measured(*upheld, "ledger", "status", "--json", space=space)
        key = next(line.split('"')[3] for line in status.splitlines() if '"key"' in line)
        for name, scope in (("one promise", ("--promise", PROMISE)), ("everything", ())):
            out, verifier = Path(made) / f"{name}.zip", Path(made) / "upheld-verify.pyz"
            making, said = measured(*upheld, "bundle", out, *scope, space=space)
            verifying = min(measured(sys.executable, "-I", "-S", verifier, out, "--key", key, space=space)[0] for _ in range(3))
            again = min(measured(sys.executable, "-I", verifier, out, "--key", key, "--reperform", space=space)[0] for _ in range(3))
            size = out.stat().st_size
            print(f"{name}: {said.splitlines()[0].partition(': ')[2]}")
            print(f"  size                {size / 1e6:8.2f} MB   (limit {LARGEST_BYTES / 1e6:.1f})")
            print(f"  made in             {making:8.2f} CPU s")
            print(f"  verified in         {verifying:8.2f} CPU s, on the standard library alone")
            print(f"  and judged again in {again:8.2f} CPU s (limit {LONGEST_SECONDS:g})")


if __name__ == "__main__":
    main()
