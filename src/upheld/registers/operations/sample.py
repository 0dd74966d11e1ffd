"""What the sample company keeps in operations: its systems, with a runbook for each, and more disks on order."""

from typing import Any

from upheld.accounts.role import Role
from upheld.registers.operations import capacity, gateways, network, runbooks, systems
from upheld.registers.operations.models import Criticality, Environment, GatewayKind, Looked, SystemKind
from upheld.registers.sampling import OPERATOR, SECOND_OPERATOR, SUPPORT, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The runbook of the VPN gateway was last tried thirteen months ago.",
        breaks=[("operations/runbook_exists", "sample/vpn"), ("change/procedure_exists", "sample/vpn/restart")],
    ),
    PlantedFault(
        "The form for uploads on the website took the harmless test file when somebody tried it.",
        breaks=[("operations/malware_control_works", "website-upload")],
    ),
)


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first. The company's own list has its systems too, and counts."""
    lead = company.lead()
    for row in company.rows("systems"):
        name, title, owner = str(row["id"]), str(row["name"]), str(row["owner_id"])
        with company.at(450):
            system = systems.enter_system(
                by=lead,
                name=name,
                title=title,
                kind=SystemKind(str(row["kind"])),
                environment=Environment.PRODUCTION,
                criticality=Criticality(str(row["criticality"])),
                owner=owner,
                purpose=f"{title} of the whole company.",
            )
            said: dict[str, Any] = {"place": f"wiki/runbooks/{name}", "task": "restart", "audience": ["IT"]}
            book = runbooks.add_runbook(system, by=lead, title="Stop and start again", owner=owner, **said)
        with company.at(400 if name == "vpn" else 90):
            runbooks.check_runbook(book, by=company.person(owner, Role.OWNER), how=Looked.EXERCISED, good=True)
        if name == "files":
            with company.at(12):
                capacity.order_capacity(
                    system, by=lead, resource="disk:/srv", what="Four more disks", owner=OPERATOR, ready_on=company.day(-30)
                )
    _gateways(company)
    _devices(company)


def _gateways(company: Company) -> None:
    for name, title, kind, system in (
        ("mx", "Mail from outside", GatewayKind.MAIL, "mail"),
        ("website-upload", "Uploads on the website", GatewayKind.UPLOAD, "website"),
    ):
        with company.at(200):
            gateway = gateways.enter_gateway(by=company.lead(), name=name, title=title, kind=kind, system=system, owner=OPERATOR)
        with company.at(2):
            caught, who = name == "mx", company.person(OPERATOR, Role.OWNER)
            note = "554 refused" if caught else "201 created: the scanner was switched off"
            gateways.note_gateway_test(gateway, by=who, caught=caught, clean_passed=True, note=note)


def _devices(company: Company) -> None:
    for last, title, who in (("11", "Printer on the second floor", SUPPORT), ("12", "Access point in the hall", SECOND_OPERATOR)):
        with company.at(150):
            asked = network.ask_admission(
                by=company.person(who), hardware_address=f"02:00:5e:10:00:{last}", title=title, networks=["office"], owner=who
            )
        with company.at(149):
            network.admit_device(asked, by=company.lead())
