"""Freeze a small workspace of this release, with what it says, so that every later release is tested to take it over.

    python tests/upkeep/freeze.py            writes tests/upkeep/released/VERSION.zip; part of making a release

The zip holds the workspace and its key directory as they lie on the disk, and `expected.json`: what the release itself said of it.
A file that stands is never written anew: what was released does not change.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from importlib.metadata import version
from pathlib import Path

RELEASED = Path(__file__).with_name("released")
LISTS = {
    "people": "id,name,mail,started_on,ended_on\n1,Ada,ada@example.org,2020-01-01,\n2,Bo,bo@example.org,2020-01-01,2021-01-31\n",
    "systems": "id,name,in_operation,mfa_required,backup_interval,backup_generations\ncrm,CRM,yes,yes,1 day,1\n",
    "accounts": "id,system_id,user_name,identifier,kind,person_ref,enabled,can_sign_in,has_mfa\n"
    "a1,crm,ada,ada,person,1,yes,yes,yes\na2,crm,bo,bo,person,2,yes,yes,yes\na3,crm,ada-2,ada-2,person,1,yes,yes,no\n",
}
MENDED = {"accounts": LISTS["accounts"].replace("a2,crm,bo,bo,person,2,yes", "a2,crm,bo,bo,person,2,no")}
DOCUMENT = """id = "own"
title = "Our own"
version = "1"

[[sections]]
number = "1"
title = "Accounts"

[[promises]]
id = "own:1"
section = "1"
chapter = "authorization"
text = "Every account belongs to somebody."
measures = ["authorization/account_owned"]
"""
PARAMETERS = '[backup]\nrestore_interval = "60 days"\n'


def freeze(to: Path) -> None:
    """Make the workspace in a scratch folder and write it to `to`."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        filled(root)
        expected = {"version": version("upheld"), **said(root)}
        with sqlite3.connect(root / "workspace" / "upheld.sqlite3") as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("expected.json", json.dumps(expected, indent=1))
            for path in sorted(path for folder in ("workspace", "workspace.keys") for path in (root / folder).rglob("*") if path.is_file()):
                archive.write(path, path.relative_to(root))


def filled(root: Path) -> None:
    """Make a workspace in `root` that was read and judged twice, with a document and a parameter of its own."""
    upheld(root, "init", "--origin", "released.example/ledger/main/1")
    for name, text in LISTS.items():
        (root / f"{name}.csv").write_text(text, encoding="utf-8")
        upheld(root, "source", "add", name, "list", f"table={name}", f"file={root / name}.csv")
    upheld(root, "run")
    for name, text in MENDED.items():
        (root / f"{name}.csv").write_text(text, encoding="utf-8")
    (root / "workspace" / "documents" / "own.toml").write_text(DOCUMENT, encoding="utf-8")
    (root / "workspace" / "parameters.toml").write_text(PARAMETERS, encoding="utf-8")
    upheld(root, "document", "record", "own", "approved", "--by", "1")
    upheld(root, "run")


def said(root: Path) -> dict[str, object]:
    """Return what the release says of the workspace: an instant, each measure's verdict as of it, and the ledger's checkpoint."""
    as_of = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 1))
    time.sleep(1.1)
    judged = {each["id"]: {name: each[name] for name in FACTS} for each in json.loads(upheld(root, "check", "--as-of", as_of, "--json"))}
    status = json.loads(upheld(root, "ledger", "status", "--json"))
    return {"as_of": as_of, "verdicts": judged, "ledger": {name: status[name] for name in ("origin", "size", "root")}}


FACTS = ("state", "population", "pass", "fail", "unknown", "failing")


def upheld(root: Path, *words: str) -> str:
    """Run the command on the workspace in `root` and return what it printed."""
    environment = {**os.environ, "UPHELD_WORKSPACE": str(root / "workspace")}
    done = subprocess.run([sys.executable, "-m", "upheld", *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"upheld {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    frozen = RELEASED / f"{version('upheld')}.zip"
    if frozen.exists():
        raise SystemExit(f"{frozen} stands already, and what was released does not change: raise the version in pyproject.toml first")
    RELEASED.mkdir(exist_ok=True)
    freeze(frozen)
    print(f"Wrote {frozen}: {frozen.stat().st_size:,} bytes")  # noqa: T201
