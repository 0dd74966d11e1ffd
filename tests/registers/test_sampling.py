"""The sample company's registers: kept through the real actions, and wrong exactly where they say so."""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from tests.chromium import chromium
from tests.web.walking import Walk, kinds
from tests.world import account, browser, person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.declaring import declared
from upheld.actions.models import Record, Step
from upheld.checks import library
from upheld.checks.judge import judge
from upheld.checks.schema import inputs
from upheld.checks.verdict import State, Verdict
from upheld.documents.models import Step as Published
from upheld.documents.publication import record
from upheld.duties.cycles import cycles
from upheld.ledger import sequencer
from upheld.logs import storing, watching
from upheld.logs.models import Detection
from upheld.registers import sampling
from upheld.registers.assets import duties as assets
from upheld.registers.in_use import ensure_in_use
from upheld.registers.incidents import reporting
from upheld.registers.operations import runbooks
from upheld.registers.operations.models import Looked, Runbook, System
from upheld.registers.operations.rows import systems
from upheld.registers.owing import duties
from upheld.registers.physical import entry, visits
from upheld.registers.physical.models import Delivery, ZoneAuthorisation
from upheld.registers.physical.site_models import Site
from upheld.registers.source import REGISTERS
from upheld.registers.staff import known
from upheld.sources import configured, sample
from upheld.sources.collecting import collect
from upheld.sources.frames import frame
from upheld.sources.sample import SAMPLE
from upheld.sources.sample.faults import FAULTS, UNSEEN
from upheld.web.door import token
from upheld.workspace import Workspace

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
# Why these cannot be shown in the sample: what they read is told in part, or there is nothing of the kind.
NOT_SHOWN = {each.measure for each in UNSEEN}
DECIDED = Path(sample.__file__).with_name("parameters.toml")
DOCS = Path(__file__).parents[2] / "docs" / "sources"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Verdict]]:
    """The sample company with its registers, read and judged: each verdict by measure."""
    space = Workspace(tmp_path_factory.mktemp("company") / "workspace")
    space.create()
    shutil.copyfile(migrated, space.database)
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), clock.at(NOON):
        patch.setenv("UPHELD_WORKSPACE", str(space.root))
        patch.setitem(connection.settings_dict, "NAME", str(space.database))
        connection.close()
        yield _judged()
        connection.close()


def _judged() -> dict[str, Verdict]:
    sequencer.init("test.example/ledger/main/1")
    for name in ("sample", "documents"):
        configured.add(name, name, {})
    collect(configured.named("sample"))
    for step in (Published.APPROVED, Published.PUBLISHED, Published.REVIEWED):
        record("iso", step, by="1001")
        record("cloud", step, by="1001")
    assert sampling.keep_samples()
    ensure_in_use()
    for name in ("documents", "registers"):
        collect(configured.named(name))
    measures = [each for each in library.shipped().values() if _fed(each.id)]
    return {each.measure: each for each in judge(measures, frame(NOON), library.parameters_in_force(None, DECIDED), {})}


def _fed(name: str) -> bool:
    """Whether the measure reads a register, and nothing that neither registers nor documents nor the sample fill."""
    measure = library.shipped()[name]
    read = {base for table in measure.tables if table not in measure.optional for base in inputs(table)}
    return bool(read & set(REGISTERS.tables)) and read <= {*REGISTERS.tables, *SAMPLE.tables, "published_documents"}


def planted(which: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for fault in (*FAULTS, *(each for kept in sampling.samples().values() for each in kept.FAULTS)):
        for measure, subject in getattr(fault, which):
            found[measure].add(subject)
    return found


def test_exactly_the_planted_subjects_fail(company):
    wrong, kept = planted("breaks"), sampling.samples()
    failing = {name: {each.subject for each in verdict.failing} for name, verdict in company.items() if verdict.failing}
    # What a chapter without a sample promises is kept by nobody there, and may well be broken.
    assert {name: subjects for name, subjects in failing.items() if name in wrong or name.partition("/")[0] in kept} == {
        name: subjects for name, subjects in wrong.items() if name in company
    }


def test_logs_of_the_company_are_read_kept_and_decided_about(company):
    found = Detection.objects.exclude(level="informational")
    assert sorted((each.log.name, each.level) for each in found) == [("vpn", "high")] * 3 + [("website", "medium")]
    assert all(list(storing.altered(log)) == [] for log in watching.watched())
    assert company["operations/logs_monitored"].population == 5 == company["operations/logs_monitored"].passed


def test_each_fault_to_come_puts_its_measure_at_risk(company):
    soon = planted("soon")
    assert {name for name in company if name in soon and name not in planted("breaks")} <= {
        name for name, verdict in company.items() if verdict.state is State.AT_RISK
    }


def test_all_else_that_a_chapter_with_a_sample_promises_is_upheld(company):
    chapters = sampling.samples()
    not_shown = {name: verdict.reason for name, verdict in company.items() if verdict.state is State.UNPROVEN}
    assert {name: why for name, why in not_shown.items() if name.partition("/")[0] in chapters and name not in NOT_SHOWN} == {}
    assert sum(verdict.state is State.UPHELD for verdict in company.values()) >= 5


def test_what_is_planted_is_of_a_measure_that_is_judged_here(company):
    named = {measure for kept in sampling.samples().values() for fault in kept.FAULTS for measure, _ in (*fault.breaks, *fault.soon)}
    assert named and named <= set(company)


def test_a_system_that_a_list_brings_too_stands_once(company):
    assert System.objects.filter(name__in=["crm", "vpn"]).count() == 2
    assert list(systems()) == []
    with transaction.atomic():
        configured.remove("sample")
        assert {row["id"] for row in systems()} >= {"crm", "vpn"}
        transaction.set_rollback(True)


PEOPLE = {"lead": Role.SECURITY_LEAD, "admin": Role.ADMINISTRATOR, "auditor": Role.AUDITOR, "employee": Role.EMPLOYEE}


def own_pages() -> list[str]:
    """The pages of their own that records have, of one record each."""
    models = [each for each in apps.get_models() if issubclass(each, Record) and each.pages]
    firsts = [(each, each._default_manager.order_by("pk").first()) for each in models]
    own = [reverse(name, args=[record.pk]) for model, record in firsts if record for name in model.pages]
    return [*own, "/measures/authorization/leavers_removed/changes/", "/trust/subscribe/"]


def links(lead: Person, client: Client) -> list[str]:
    """Links that let in whoever has them: a tablet at the door, and a form for reports."""
    kiosk = visits.open_kiosk(Site.objects.all()[0], by=lead, title="Front door")
    reporting.open_report_link(by=lead, title="Intranet", until_on=NOON.date())
    shown = client.get("/report/").content.decode()
    return [reverse("door", args=[token(kiosk)]), *re.findall(r"(?<=testserver)/report/[^/<\"]+/", shown)]


def overdue() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for duty in duties():
        for owing in duty.owing(NOON):
            if any(cycle.due_at < NOON and cycle.done_at is None for cycle in cycles(duty, owing, NOON)):
                found[duty.name].add(owing.about)
    return {
        name: found[name]
        for name in found
        if name.partition(".")[0] in {"suppliers", "continuity", "physical", "assets", "operations", "change", "backup"}
    }


def test_what_people_owe_and_did_not_do_is_what_is_wrong_on_purpose(company):
    assert overdue() == {
        "suppliers.review-supplier": {"Translators"},
        "suppliers.note-disclosure": {"Payroll Service"},
        "suppliers.reassess-change": {"North Cloud: Support answers from another country"},
        "continuity.plan-exercise": {"Helping customers: support-plan"},
        "operations.check-runbook": {"VPN gateway: Stop and start again"},
        "backup.destroy-record": {"Invoices: Invoices, eleven years ago"},
        "assets.acknowledge-use-rules": {"Laptops"},
        "assets.classify-information": {"What is known of prospects"},
        "assets.sanitise-asset": {"Disk 2 of the old storage"},
        "physical.test-protection": {"Pump in the cellar, Head office"},
        "physical.withdraw-authorisation": {f"Server room, {known()['1013'].name}"},
        "physical.inspect-delivery": {"Parcel for the office"},
    }
    assert [owing.owes for owing in assets.to_acknowledge(NOON) if not owing.done] == ["1006"]


def test_each_duty_is_done_by_an_action_on_the_record_that_it_is_about(company):
    for duty in duties():
        action = declared()[duty.name]
        for owing in duty.owing(NOON):
            assert action.on is not None and owing.subject.startswith(f"{action.on.register()}/"), duty.name


def test_what_was_owed_is_done_once_somebody_did_it(company):
    lead = sampling.Company(NOON, dict(known())).lead()
    with transaction.atomic():
        visits.inspect_delivery(Delivery.objects.get(inspected_at=None), by=lead, in_order=True)
        entry.withdraw_authorisation(ZoneAuthorisation.objects.get(until_on__lt=NOON.date()), by=lead)
        runbooks.check_runbook(Runbook.objects.get(system__name="vpn"), by=lead, how=Looked.REVIEWED, good=True)
        assert not {"physical.inspect-delivery", "physical.withdraw-authorisation", "operations.check-runbook"} & set(overdue())
        transaction.set_rollback(True)


@pytest.mark.lab
def test_every_kind_of_page_can_be_used_by_everybody(company):
    with transaction.atomic():
        accounts = {who: account(who, role) for who, role in PEOPLE.items()}
        clients = {who: browser(each) for who, each in accounts.items()} | {"": browser(None)}
        open_links = links(person(accounts["lead"]), clients["lead"])
        starts = {"lead": ["/", *own_pages()], "admin": ["/accounts/"], "auditor": ["/audit/"], "employee": ["/mine/"]}
        found = kinds(clients, starts | {"": ["/sign-in/", "/trust/", *open_links]})
        transaction.set_rollback(True)
    assert {"act", "audit-space-measure", "door", "incident", "kept", "kiosk-link", "review", "today", "trust-page"} <= set(found)
    with chromium(bypass_csp=True, viewport={"width": 1440, "height": 900}) as window:
        walk = Walk(window)
        assert any("image-alt" in said for said in walk.look("/", "<main><h1>A</h1><img src='/x'></main>"))  # the control
        assert [said for path, shown in found.values() for said in walk.look(path, shown)] == []


def test_what_somebody_keeps_already_is_left_as_it_is(company):
    before = Step.objects.count()
    assert before > 500
    assert not sampling.keep_samples()
    assert Step.objects.count() == before


def test_the_page_of_documentation_is_fresh():
    assert (DOCS / "sample_registers.md").read_text(encoding="utf-8") == sampling.page(), "run python docs/make_actions.py"
