"""Assets from a file, as `upheld import` brings them: what 10,000 lines cost, previewed, brought, brought again, and when one is wrong.

python -m benchmarks.registers_import [LINES]
"""

import csv
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
LIMIT = 10.0
folder = Path(tempfile.mkdtemp(prefix="upheld-benchmark-"))
os.environ["UPHELD_WORKSPACE"] = str(folder / "workspace")
os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from upheld import clock, workspace  # noqa: E402
from upheld.accounts import giving  # noqa: E402
from upheld.accounts.person import Person, person_of  # noqa: E402
from upheld.accounts.role import Role  # noqa: E402
from upheld.ledger import sequencer  # noqa: E402
from upheld.ledger.entry import SYSTEM  # noqa: E402
from upheld.registers.assets.inventory import add_asset_class  # noqa: E402
from upheld.registers.assets.models import Asset  # noqa: E402
from upheld.registers.exchange.bringing import bring  # noqa: E402
from upheld.registers.exchange.columns import columns  # noqa: E402
from upheld.registers.exchange.ways import way  # noqa: E402
from upheld.registers.staff import known  # noqa: E402
from upheld.sources import configured  # noqa: E402
from upheld.sources.collecting import collect  # noqa: E402
from upheld.sources.people.get import Reading, sheet  # noqa: E402


def lead() -> Person:
    """Make the workspace, with a list of 10,000 people, and return who leads."""
    workspace.current().create()
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init("benchmark.example/ledger/main/1")
    configured.add("sample", "sample", {"people": "10000"})
    collect(configured.named("sample"))
    account = giving.make("lea@example.org", name="Lea", person="1005", by=SYSTEM)
    giving.give(account, Role.SECURITY_LEAD, by=SYSTEM)
    return person_of(account, via="cli", second_factor=True)


def written(path: Path, *, wrong: bool = False) -> Path:
    """Write a list of assets: devices, hosts and media of many owners; of the last one the kind is wrong if asked."""
    owners = [person for person, somebody in known().items() if somebody.works_here(clock.now().date())]
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["Name", "Title", "Kind", "Owner", "Storage", "Asset class", "State"])
        for each in range(LINES):
            kind = ("device", "host", "medium", "component")[each % 4]
            kind = "zeppelin" if wrong and each == LINES - 1 else kind
            owner = owners[37 * each % len(owners)]
            lines.writerow(
                [f"SN-{each:06}", f"{kind.title()} of {owner}", kind, owner, "yes", "portable", ("in stock", "in use")[each % 2]]
            )
    return path


def brought(path: Path, by: Person, *, keep: bool = True) -> tuple[float, dict[str, Any]]:
    """Return the processor seconds that the file took, entries in the ledger included, and what came of its lines."""
    began = time.process_time()
    found, how = sheet(path, Reading()), way(Asset)
    outcome = bring(found, how, columns(found.header, how, {}), by=by, keep=keep)
    if outcome.kept:
        sequencer.sequence()
    return time.process_time() - began, {what.value: count for what, count in outcome.counts.items() if count}


def main() -> None:
    """Measure and print."""
    by = lead()
    add_asset_class(by=by, name="portable", title="Portable devices", encrypted_off_site=True)
    path = written(folder / "assets.csv")
    for name, file, keep in (
        ("one line of which is wrong", written(folder / "wrong.csv", wrong=True), True),
        ("preview", path, False),
        ("brought", path, True),
        ("the same again", path, True),
    ):
        took, counts = brought(file, by, keep=keep)
        beyond = "" if took <= LIMIT else f"   beyond the limit of {LIMIT:g} s"
        print(f"{LINES:,} assets, {name:28}{took:8.1f} s of processor time, then {Asset.objects.count():6,} there; {counts}{beyond}")


if __name__ == "__main__":
    main()
