"""What the sample company keeps in transfer: where data go, who carries media, and a disk that is late."""

from upheld.accounts.role import Role
from upheld.registers.sampling import BUYER, FINANCE, OPERATOR, PEOPLE, Company, PlantedFault
from upheld.registers.transfer import channels, shipments
from upheld.registers.transfer.models import Content, Way

FAULTS = (
    PlantedFault(
        "A disk with copies of the accounts left nine days ago for the vault, and never arrived.",
        breaks=[("transfer/shipment_safe", "registers/2")],
    ),
    PlantedFault(
        "Personnel data go to the insurer without an agreement, and nobody approved that.",
        breaks=[("transfer/channel_protected", "registers/insurer")],
    ),
)


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    _channels(company)
    with company.at(400):
        courier = shipments.propose_courier(
            by=company.person(BUYER, Role.OWNER), name="swift", title="Swift Couriers", owner=BUYER, why="Carries for the bank too."
        )
    with company.at(398):
        courier = shipments.approve_courier(courier, by=company.officer())
    for days, arrived in ((100, True), (9, False)):
        with company.at(days):
            sent = shipments.send_medium(
                by=company.person(OPERATOR),
                courier=courier,
                title="Disk with copies of the accounts",
                recipient="The vault in Lisbrook",
                content=Content.CONFIDENTIAL,
                encrypted=True,
                due_on=company.day(days - 3),
                seal=f"S-{100 + days}",
            )
        if arrived:
            with company.at(days - 2):
                keeper = "The keeper of the vault"
                shipments.receive_medium(sent, by=company.person(OPERATOR), received_by=keeper, seal_intact=True, undamaged=True)


def _channels(company: Company) -> None:
    for name, title, system, recipient, owner, agreed in (
        ("bank", "Payments", "erp", "The bank", FINANCE, True),
        ("payroll", "Salaries", "hr", "Payroll Service", PEOPLE, True),
        ("insurer", "Personnel data for the insurer", "hr", "The insurer", PEOPLE, False),
    ):
        with company.at(300):
            channel = channels.enter_channel(
                by=company.person(owner, Role.OWNER),
                name=name,
                title=title,
                system=system,
                recipient=recipient,
                content=Content.PERSONAL,
                way=Way.HTTPS,
                owner=owner,
                endpoint=f"{system}.example.org:443",
                agreement=f"Contract with {recipient}" if agreed else None,
            )
        if agreed:
            with company.at(298):
                channels.approve_channel(channel, by=company.officer())
