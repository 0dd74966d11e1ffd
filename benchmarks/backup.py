"""What a backup and a restore cost: a workspace with a long ledger and a directory read through time, beside `tar | sha256sum` and restic.

    .venv/bin/python -m benchmarks.backup [--entries 200000] [--rows 50000] [--days 5]

Seconds are CPU seconds, of programs that were started, too; the best of three. A backup verifies all that it takes (the ledger anew,
each digest, each Merkle root), and a restore verifies it again; the peers copy bytes.
"""

import argparse
import csv
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upheld.settings")

import django

django.setup()

from benchmarks.history import DAY, START, Directory  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from pyrage import x25519  # noqa: E402

from upheld import clock  # noqa: E402
from upheld.ledger import sequencer  # noqa: E402
from upheld.ledger.append import append  # noqa: E402
from upheld.sources import configured  # noqa: E402
from upheld.sources.collecting import collect  # noqa: E402
from upheld.upkeep import restoring  # noqa: E402
from upheld.upkeep.restoring import Source  # noqa: E402
from upheld.upkeep.stage import working_on  # noqa: E402
from upheld.upkeep.taking import Target, take  # noqa: E402
from upheld.workspace import Workspace  # noqa: E402

BATCH = 4000


def cpu() -> float:
    """CPU seconds of this process and of those it waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def best(work: Callable[[int], object], times: int = 3) -> float:
    """The least CPU seconds that `work` took."""
    took = []
    for turn in range(times):
        before = cpu()
        work(turn)
        took.append(cpu() - before)
    return min(took)


COLUMNS = ("id", "system_id", "user_name", "identifier", "kind", "person_ref", "display_name", "mail", "enabled", "has_mfa")


def filled(space: Workspace, entries: int, rows: int, days: int) -> None:
    """Make the workspace: `days` collections of `rows` accounts, 0.35 % of which change a day, and `entries` entries of the ledger."""
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init("bench.example/ledger/main/1")
    path, directory = space.root.parent / "accounts.csv", Directory(rows)
    with clock.at(START - DAY):
        configured.add("directory", "list", {"table": "accounts", "file": str(path), "max_age": "0"})
    for day in range(days):
        directory.pass_a_day(START + day * DAY)
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow(COLUMNS)
            sheet.writerows([account[column] for column in COLUMNS] for account in directory.accounts)
        with clock.at(START + day * DAY):
            collect(configured.named("directory"))
    for start in range(0, entries, BATCH):
        with transaction.atomic():
            for number in range(start, min(start + BATCH, entries)):
                append("thing.happened", body={"n": number, "state": "upheld"}, subject=("measure", f"access/{number % 193}"))
        sequencer.sequence()


def main() -> None:
    """Make the workspace, and print what each costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("entries", 200_000), ("rows", 50_000), ("days", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        space = Workspace(folder / "workspace")
        space.create()
        with working_on(space):
            filled(space, asked.entries, asked.rows, asked.days)
            report(space, folder)


def report(space: Workspace, folder: Path) -> None:
    """Print the figures."""
    size = sum(path.stat().st_size for path in space.root.rglob("*") if path.is_file()) / 1e6
    print(f"workspace of {size:.0f} MB, {sequencer.status().size:,} entries")
    key = x25519.Identity.generate()
    plain = best(lambda turn: take(space, Target(folder / f"{turn}.tar")))
    sealed = best(lambda turn: take(space, Target(folder / f"{turn}.tar.age", [key.to_public()])))
    tried = best(lambda turn: restoring.try_out(space, Source(folder / "0.tar")))
    restored = best(lambda turn: restoring.restore(space, Source(folder / "0.tar")))
    print(f"backup {plain:.2f} s, encrypted {sealed:.2f} s; restore --check {tried:.2f} s; restore {restored:.2f} s")
    peer = best(
        lambda turn: subprocess.run(
            f"tar c {space.root} | tee {folder}/peer{turn} | sha256sum", shell=True, check=True, capture_output=True
        )
    )
    print(f"peer: tar | tee | sha256sum {peer:.2f} s")
    if shutil.which("restic"):
        environment = {**os.environ, "RESTIC_REPOSITORY": str(folder / "restic"), "RESTIC_PASSWORD": "benchmark"}
        run = lambda *words: subprocess.run(["restic", "--quiet", *words], env=environment, check=True, capture_output=True)  # noqa: E731
        run("init")
        first = best(lambda turn: run("backup", str(space.root)), times=1)
        back = best(lambda turn: run("restore", "latest", "--verify", "--target", str(folder / f"back{turn}")))
        print(f"peer: restic, first backup {first:.2f} s; restore --verify {back:.2f} s")


if __name__ == "__main__":
    main()
