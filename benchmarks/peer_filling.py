"""Filling the workspace of `peer_workspace`, and the figures that are taken within the process."""

import gzip
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from upheld import clock, workspace
from upheld.accounts import giving, tokens
from upheld.accounts.person import person_of
from upheld.accounts.role import Role
from upheld.duties.occurrences import materialise
from upheld.lab.service import free_port
from upheld.ledger import sequencer
from upheld.ledger.entry import SYSTEM
from upheld.registers.assets.models import Asset
from upheld.registers.exchange.bringing import bring
from upheld.registers.exchange.columns import columns
from upheld.registers.exchange.ways import way
from upheld.registers.governance.contacts import enter_jurisdiction
from upheld.registers.governance.models import Contact, Project
from upheld.registers.staff import known
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.sources.people.get import Reading, sheet
from upheld.verdicts.checking import check
from upheld.web.signing.session import SECOND_FACTOR, SEEN_AT, SIGNED_IN_AT

SCRIPTS = Path(__file__).parents[1] / "src/upheld/web/static/web"


def fill(count: int, lead: str, mail: str) -> dict[str, Any]:
    """Make everything; return the port, the token and the figures."""
    began = time.process_time()
    workspace.current().create()
    call_command("migrate", verbosity=0, interactive=False)
    sequencer.init("benchmark.example/ledger/main/1")
    configured.add("sample", "sample", {"people": str(count)})
    first = time.process_time() - began
    collect(configured.named("sample"))
    check(clock.now())
    status = time.process_time() - began
    account = giving.make(mail, name="Lea", person=lead, by=SYSTEM)
    giving.give(account, Role.SECURITY_LEAD, by=SYSTEM)
    by = person_of(account, via="cli", second_factor=True)
    enter_jurisdiction(by=by, code="nh", title="Nordhaven", from_on=date(2020, 1, 1))
    _bring_assets(count, by)
    _make_others(count)
    materialise(clock.now())
    sequencer.sequence()
    token = tokens.make(account, name="benchmark", only_reads=False, lasts=timedelta(days=1), by=SYSTEM)
    figures = {"first start on a new database, s": first, "from nothing to a status, s": status} | _pages(account)
    return {"port": free_port(), "token": token, "figures": figures}


def _bring_assets(count: int, by: Any) -> None:
    """Assets as people bring them, each by the action and with its entry."""
    today = clock.now().date()
    owners = [person for person, somebody in known().items() if somebody.works_here(today)]
    lines = [
        f"SN-{each:06},{('Laptop', 'Server')[each % 2]} {each},{('device', 'host')[each % 2]},{owners[each % len(owners)]},yes"
        for each in range(count)
    ]
    path = workspace.current().root.with_name("assets.csv")
    path.write_text("\n".join(("Name,Title,Kind,Owner,Storage", *lines)), encoding="utf-8")
    found, how = sheet(path, Reading()), way(Asset)
    outcome = bring(found, how, columns(found.header, how, {}), by=by, keep=True)
    if not outcome.kept:
        raise SystemExit(f"the assets were not kept: {outcome.wrong[:1]}")


def _make_others(count: int) -> None:
    """Rows alone, for what is only read."""
    contacts = (Contact(kind="police", title=f"Authority {each}", how="call", holder=f"{1001 + each}", version=1) for each in range(count))
    projects = (
        Project(name=f"project-{each}", title=f"Undertaking {each}", owner=f"{1001 + each}", members=[], stage="idea", version=1)
        for each in range(count)
    )
    Contact.objects.bulk_create(contacts, batch_size=1_000)
    Project.objects.bulk_create(projects, batch_size=1_000)


def _pages(account: Any) -> dict[str, float]:
    """Rows 7, 8 and 10: Today in milliseconds of processor time, queries of a list, and script that a first page loads."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    now, session = clock.now().timestamp(), client.session
    session.update({SIGNED_IN_AT: now, SEEN_AT: now, SECOND_FACTOR: True})
    session.save()
    client.get("/")
    took = []
    for _ in range(5):
        began = time.process_time()
        client.get("/")
        took.append(time.process_time() - began)
    client.get("/registers/assets/asset/")
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
        client.get("/registers/assets/asset/")
    script = sum(len(gzip.compress(each.read_bytes())) for each in SCRIPTS.rglob("*.js"))
    return {"today, ms": min(took) * 1000, "queries of a list page": len(asked), "script of the first page, kB": script / 1000}
