"""What the sample company keeps in operations: its systems, with a runbook for each, and more disks on order."""

from upheld.accounts.role import Role
from upheld.registers.operations import capacity, runbooks, systems
from upheld.registers.operations.models import Criticality, Environment, Looked, SystemKind
from upheld.registers.sampling import OPERATOR, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The runbook of the VPN gateway was last tried thirteen months ago.",
        breaks=[("operations/runbook_exists", "sample/vpn")],
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
            book = runbooks.add_runbook(system, by=lead, title="Stop and start again", owner=owner, place=f"wiki/runbooks/{name}")
        with company.at(400 if name == "vpn" else 90):
            runbooks.check_runbook(book, by=company.person(owner, Role.OWNER), how=Looked.EXERCISED, good=True)
        if name == "files":
            with company.at(12):
                capacity.order_capacity(
                    system, by=lead, resource="disk:/srv", what="Four more disks", owner=OPERATOR, ready_on=company.day(-30)
                )
