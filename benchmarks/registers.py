"""What an action costs, and holding what actions wrote against the ledger. `benchmarks/pages.py` measures pages.

python -m benchmarks.registers [RECORDS]
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

BY_ACTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
folder = Path(tempfile.mkdtemp(prefix="upheld-benchmark-"))
os.environ["UPHELD_WORKSPACE"] = str(folder / "workspace")
os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from upheld import clock, workspace  # noqa: E402
from upheld.accounts import giving  # noqa: E402
from upheld.accounts.person import person_of  # noqa: E402
from upheld.accounts.role import Role  # noqa: E402
from upheld.evidence.collection import Collecting  # noqa: E402
from upheld.ledger import sequencer  # noqa: E402
from upheld.ledger.entry import SYSTEM  # noqa: E402
from upheld.registers.governance.contacts import add_contact, enter_jurisdiction  # noqa: E402
from upheld.registers.governance.models import ContactKind  # noqa: E402
from upheld.registers.source import REGISTERS  # noqa: E402


def best(times: int, call: Callable[[], Any]) -> float:
    """The least processor seconds that `call` took."""
    found = []
    for _ in range(times):
        began = time.process_time()
        call()
        found.append(time.process_time() - began)
    return min(found)


def fill(records: int, lead: Any) -> float:
    """Make contacts by actions, a thousand a transaction; return the processor seconds of one."""
    germany = enter_jurisdiction(by=lead, code="de", title="Germany", from_on=date(2020, 1, 1))
    began = time.process_time()
    for start in range(0, records, 1_000):
        with transaction.atomic():
            for number in range(start, min(start + 1_000, records)):
                add_contact(
                    by=lead,
                    kind=ContactKind.OTHER,
                    title=f"Authority {number}",
                    how="call",
                    holder=f"P-{number % 997}",
                    jurisdiction=germany,
                )
    return (time.process_time() - began) / records


def collect() -> None:
    """Read every register, and hold it against the ledger."""
    REGISTERS.connect({}).collect(Collecting("registers", REGISTERS.tables, clock.now()))


def main() -> None:
    """Measure and print."""
    workspace.current().create()
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init("benchmark.example/ledger/main/1")
    account = giving.make("lea@example.org", name="Lea", person="P-1", by=SYSTEM)
    giving.give(account, Role.SECURITY_LEAD, by=SYSTEM)
    lead = person_of(account, via="web", second_factor=True)
    print(f"an action                     {fill(BY_ACTIONS, lead) * 1000:8.2f} ms of processor time")
    print(f"held against the ledger       {best(3, collect):8.2f} s of processor time for {BY_ACTIONS:,} records")


main()
