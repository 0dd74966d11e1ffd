"""Pages at 10,000 people and 100,000 records: processor time, queries, and what comes over the wire, of each.

python -m benchmarks.pages [RECORDS] [PEOPLE]
"""

import gzip
import os
import sys
import tempfile
import time
from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

RECORDS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
PEOPLE = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
LIMITS = {"ms": 60, "queries": 15, "kB": 100}
folder = Path(tempfile.mkdtemp(prefix="upheld-benchmark-"))
os.environ["UPHELD_WORKSPACE"] = str(folder / "workspace")
os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from upheld import clock, workspace  # noqa: E402
from upheld.accounts import giving  # noqa: E402
from upheld.accounts.person import person_of  # noqa: E402
from upheld.accounts.role import Role  # noqa: E402
from upheld.duties.occurrences import materialise  # noqa: E402
from upheld.ledger import sequencer  # noqa: E402
from upheld.ledger.entry import SYSTEM  # noqa: E402
from upheld.registers.governance.contacts import enter_jurisdiction  # noqa: E402
from upheld.registers.governance.models import Contact, Project  # noqa: E402
from upheld.registers.sampling import keep_samples  # noqa: E402
from upheld.sources import configured  # noqa: E402
from upheld.sources.collecting import collect  # noqa: E402
from upheld.verdicts.checking import check  # noqa: E402
from upheld.verdicts.models import MeasureVerdict  # noqa: E402
from upheld.web.signing.session import SECOND_FACTOR, SEEN_AT, SIGNED_IN_AT  # noqa: E402


def best(times: int, call: Callable[[], Any]) -> float:
    """The least processor seconds that `call` took."""
    found = []
    for _ in range(times):
        began = time.process_time()
        call()
        found.append(time.process_time() - began)
    return min(found)


def browser(account: Any) -> Client:
    """A browser in which `account` is signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    now, session = clock.now().timestamp(), client.session
    session.update({SIGNED_IN_AT: now, SEEN_AT: now, SECOND_FACTOR: True})
    session.save()
    return client


def fill() -> tuple[Any, Any]:
    """Make the sample company of so many people, and records; return the account of who leads, and of an employee."""
    workspace.current().create()
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init("benchmark.example/ledger/main/1")
    configured.add("sample", "sample", {"people": str(PEOPLE)})
    collect(configured.named("sample"))
    lead = giving.make("lea@example.org", name="Lea", person="1005", by=SYSTEM)
    giving.give(lead, Role.SECURITY_LEAD, by=SYSTEM)
    clerk = giving.make("eve@example.org", name="Eve", person="1023", by=SYSTEM)
    giving.give(clerk, Role.EMPLOYEE, by=SYSTEM)
    enter_jurisdiction(by=person_of(lead, via="web", second_factor=True), code="nh", title="Nordhaven", from_on=date(2020, 1, 1))
    half = RECORDS // 2
    contacts = (
        Contact(kind="police", title=f"Authority {each}", how="call", holder=f"{1001 + each % PEOPLE}", version=1) for each in range(half)
    )
    projects = (
        Project(name=f"project-{each}", title=f"Undertaking {each}", owner=f"{1001 + each % PEOPLE}", members=[], stage="idea", version=1)
        for each in range(RECORDS - half)
    )
    Contact.objects.bulk_create(contacts, batch_size=1_000)
    Project.objects.bulk_create(projects, batch_size=1_000)
    keep_samples()
    check(clock.now())
    sequencer.sequence()
    materialise(clock.now())
    a_year_of_verdicts()
    return lead, clerk


def a_year_of_verdicts() -> None:
    """Give each measure a past: six turns in the year before it was judged."""
    now, past = clock.now(), []
    for verdict in MeasureVerdict.objects.all():
        for turn in range(6):
            begins, ends = now - timedelta(days=60 * (turn + 1)), now - timedelta(days=60 * turn, seconds=1)
            state = ("upheld", "broken", "at risk", "upheld", "unproven", "upheld")[turn]
            past.append(copy(verdict))
            past[-1].pk, past[-1].state, past[-1].from_at, past[-1].until_at, past[-1].judged_until_at = None, state, begins, ends, ends
    MeasureVerdict.objects.bulk_create(past)


def measure(client: Client, name: str, path: str) -> bool:
    """Print what one page takes, and return whether it is within the limits."""
    client.get(path)  # what is read once a process is read
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest, asked=asked: asked.append(sql) or execute(sql, *rest)):
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    took, size = best(5, lambda: client.get(path)) * 1000, len(gzip.compress(answer.content)) / 1000
    within = took <= LIMITS["ms"] and len(asked) <= LIMITS["queries"] and size <= LIMITS["kB"]
    print(f"{name:38}{took:8.1f} ms {len(asked):4} queries {size:7.1f} kB compressed{'' if within else '   beyond the limit'}")
    return within


def main() -> None:
    """Measure and print."""
    lead, clerk = fill()
    middle = RECORDS // 4
    pages = {
        "today": "/",
        "my work": "/mine/",
        "findings": "/findings/",
        "registers": "/registers/",
        "list, first page": "/registers/governance/contact/",
        "list, last page": f"/registers/governance/contact/?page={RECORDS // 50}",
        "list, searched": f"/registers/governance/contact/?q=authority+{middle}",
        "record": f"/registers/governance/contact/{middle}/",
        "form": f"/act/governance.change-contact/?record={middle}",
        "search, a rare word": f"/search/?q={middle}",
        "search, a frequent word": "/search/?q=authority",
        "search, a word nobody wrote": "/search/?q=qwertzuiop",
        "search, somebody's name": "/search/?q=1077",
        "measures": "/measures/",
        "coverage": "/coverage/",
        "evidence": "/evidence/",
    }
    print(f"{RECORDS:,} records, {PEOPLE:,} people; limits: {LIMITS}")
    client = browser(lead)
    within = [measure(client, name, path) for name, path in pages.items()]
    client = browser(clerk)
    for name in ("list, first page", "search, a frequent word", "search, a word nobody wrote"):
        within.append(measure(client, f"{name}, as an employee", pages[name]))
    script = Path(__file__).parents[1] / "src/upheld/web/static/web/keys.js"
    print(
        f"script {len(gzip.compress(script.read_bytes())) / 1000:.1f} kB compressed; {sum(within)} of {len(within)} pages within the limits"
    )


main()
