"""A review of 100,000 rights: opening it, and what a reviewer waits for.

    python -m benchmarks.reviews [ITEMS]

Rights of so many accounts on one system, whose owner decides about all of them; people, accounts and rights are told by sources and read as
any. Prints processor seconds; a page is asked for as a browser does, signed in.
"""

import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ITEMS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
folder = Path(tempfile.mkdtemp(prefix="upheld-benchmark-"))
os.environ["UPHELD_WORKSPACE"] = str(folder / "workspace")
os.environ["DJANGO_SETTINGS_MODULE"] = "upheld.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from tests.measures import made  # noqa: E402
from tests.told import Telling  # noqa: E402
from tests.world import account, browser, person  # noqa: E402

from upheld import clock, workspace  # noqa: E402
from upheld.accounts.role import Role  # noqa: E402
from upheld.ledger import sequencer  # noqa: E402
from upheld.registers.authorization.kinds import ReviewKind  # noqa: E402
from upheld.registers.authorization.reviews import open_review  # noqa: E402
from upheld.registers.operations.models import Criticality, Environment, SystemKind  # noqa: E402
from upheld.registers.operations.systems import enter_system  # noqa: E402
from upheld.sources import source  # noqa: E402

OWNER = "P-alice"


def tell() -> None:
    """Let sources tell of a company whose CRM is what is reviewed, and read them."""
    telling = Telling()
    source._brought = lambda: {name: _Brought(kind) for name, kind in telling.kinds.items()}  # type: ignore[assignment]
    names = [f"p{number:06}" for number in range(ITEMS)]
    seen = {"last_login_at": clock.now() - timedelta(days=3), "created_at": clock.now() - timedelta(days=400)}
    staff = [made.person(name, role="seller", manager_id=OWNER) for name in names]
    telling.tell("hr", people=[*staff, {**made.person("alice"), "id": OWNER}])
    telling.tell("systems", systems=[made.system("crm", owner_id=OWNER)])
    telling.tell("model", role_entitlements=[{"role": "seller", "system_id": "crm", "entitlement": "sales"}], granted_requests=[])
    grants = [made.grant(name, "admin" if at % 200 == 0 else "sales", privileged=at % 200 == 0) for at, name in enumerate(names)]
    telling.tell("crm", accounts=[made.account(name, **seen) for name in names], groups=[], grants=grants)


class _Brought:
    def __init__(self, kind: object) -> None:
        self.kind = kind

    def load(self) -> object:
        return self.kind


def main() -> None:
    """Fill a workspace, open the review, and ask for its page."""
    workspace.current().create()
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init("benchmark.example/ledger/main/1")
    lead = account("lea", Role.SECURITY_LEAD)
    said = {"criticality": Criticality.HIGH, "owner": OWNER, "purpose": "customers"}
    enter_system(by=person(lead), name="crm", title="CRM", kind=SystemKind.APPLICATION, environment=Environment.PRODUCTION, **said)
    began = time.process_time()
    tell()
    print(
        f"{ITEMS:,} people, accounts and rights were told of and read in {time.process_time() - began:.1f} s; load {os.getloadavg()[0]:.1f}"
    )
    began, clocked = time.process_time(), time.monotonic()
    due = date.fromordinal(clock.now().date().toordinal() + 30)
    review = open_review(by=person(lead), title="Spring", kind=ReviewKind.SYSTEM, due_on=due, system="crm")
    took = f"{time.process_time() - began:.1f} s, {time.monotonic() - clocked:.1f} s by the clock"
    print(f"a review of {review.size:,} items opened: {took} (aim 10 s)")
    alice = browser(account("alice", Role.OWNER))
    alice.defaults["HTTP_HOST"] = "localhost"
    waits = []
    for at in range(20):
        began = time.process_time()
        answer = alice.get(f"/reviews/{review.pk}/")
        waits.append(time.process_time() - began)
        assert answer.status_code == 200, answer.status_code
        top = int(answer.content.decode().partition('name="top" value="')[2].partition('"')[0])
        began = time.process_time()
        decided = alice.post(f"/reviews/{review.pk}/", {"top": top, "decision": "keep", "reason": "needed"})
        waits[-1] = (waits[-1], time.process_time() - began)
        assert decided.status_code == 302, at
    pages, decisions = (sorted(each)[len(waits) // 2] for each in zip(*waits, strict=True))
    print(
        f"its reviewer's page: {pages * 1000:.0f} ms; deciding about one: {decisions * 1000:.0f} ms; medians of {len(waits)} (aim 100 ms)"
    )


if __name__ == "__main__":
    main()
