"""What the sample company keeps in assets: laptops and who has them, information with its class, a disk that went and one that did not."""

from typing import Any

from upheld.accounts.role import Role
from upheld.registers.assets import ends, information, inventory
from upheld.registers.assets.kinds import AssetKind, AssetState, Classification, Level, Method
from upheld.registers.assets.models import Asset, AssetClass
from upheld.registers.sampling import (
    DPO,
    ENGINEER,
    FINANCE,
    LEAD,
    OPERATOR,
    PEOPLE,
    SALES,
    SECOND_OPERATOR,
    TECHNOLOGY,
    Company,
    PlantedFault,
)

FAULTS = (
    PlantedFault(
        "A disk of the old storage was retired a month ago, and lies in a drawer unwiped.",
        breaks=[("physical/components_wiped", "registers/DISK-2")],
    ),
    PlantedFault(
        "The rules for laptops were written anew, and the head of sales has not acknowledged them.",
        breaks=[("assets/acceptable_use_acknowledged", "registers/2")],
    ),
    PlantedFault(
        "What is known of prospects was never classified.",
        breaks=[("assets/classified", "registers/prospects")],
    ),
)
RULES = "# Laptops\n\n- Nobody else uses it.\n- Report at once when it is lost.\n"
NEW_RULES = RULES + "- Leave it in no car.\n"
KNOWN = {
    "payroll": ("Payroll", PEOPLE, (Level.MUCH, Level.SOME, Level.SOME, Level.UTMOST)),
    "contracts": ("Contracts with customers", SALES, (Level.MUCH, Level.MUCH, Level.SOME, Level.MUCH)),
    "source-code": ("Source code", TECHNOLOGY, (Level.NONE, Level.UTMOST, Level.MUCH, Level.MUCH)),
    "press": ("Press releases", FINANCE, (Level.NONE, Level.NONE, Level.NONE, Level.NONE)),
}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    with company.at(410):
        laptops = inventory.add_asset_class(by=company.lead(), name="laptop", title="Laptops", encrypted_off_site=True)
        laptops = inventory.write_use_rules(laptops, by=company.lead(), rules=RULES)
        _acknowledge(company, laptops, (ENGINEER, SALES, DPO))
    for days, who in ((400, ENGINEER), (399, SALES), (398, DPO)):
        _hand_out(company, laptops, who, days)
    with company.at(45):
        laptops = inventory.write_use_rules(laptops, by=company.lead(), rules=NEW_RULES)
    with company.at(40):
        _acknowledge(company, laptops, (ENGINEER, DPO))
    _information(company)
    _ends(company)


def _acknowledge(company: Company, laptops: AssetClass, readers: tuple[str, ...]) -> None:
    for who in readers:
        inventory.acknowledge_use_rules(laptops, by=company.person(who), digest=laptops.rules_digest)


def _register(company: Company, name: str, title: str, kind: AssetKind, **more: Any) -> Asset:
    return inventory.register_asset(by=company.lead(), name=name, title=title, kind=kind, owner=OPERATOR, storage=True, **more)


def _hand_out(company: Company, laptops: AssetClass, who: str, days: int) -> None:
    with company.at(days):
        # As its list of devices calls the laptop of each.
        laptop = _register(
            company, f"LT-{int(who) - 1000:04}", f"Laptop of {company.staff[who].name}", AssetKind.DEVICE, asset_class=laptops
        )
        custody = inventory.hand_out(laptop, by=company.lead(), holder=who, given_with="Charger and bag")
        inventory.sign_custody(custody, by=company.person(who))


def _information(company: Company) -> None:
    with company.at(150):
        for name, (title, owner, answers) in KNOWN.items():
            added = information.add_information(by=company.lead(), name=name, title=title, owner=owner)
            law, value, criticality, sensitivity = answers
            information.classify_information(
                added, by=company.lead(), law=law, value=value, criticality=criticality, sensitivity=sensitivity
            )
        information.add_information(by=company.lead(), name="prospects", title="What is known of prospects", owner=SALES)
        for classification, most in ((Classification.CONFIDENTIAL, 60), (Classification.STRICT, 10)):
            information.set_handling_rule(by=company.lead(), classification=classification, encrypted=True, most_readers=most)
        information.register_store(
            by=company.lead(), name="customer-database", title="Customer database", owner=SALES, classes=[Classification.CONFIDENTIAL],
            holds=["contracts"],
        )  # fmt: skip


def _ends(company: Company) -> None:
    keeper, other = company.person(OPERATOR, Role.OWNER), company.person(SECOND_OPERATOR)
    with company.at(300):
        disks = [
            _register(company, f"DISK-{number}", f"Disk {number} of the old storage", AssetKind.COMPONENT, state=AssetState.USE)
            for number in (1, 2)
        ]
    with company.at(90):
        first = inventory.retire_asset(disks[0], by=keeper)
        disposal = ends.request_disposal(first, by=keeper, why="Replaced by the new storage")
    with company.at(88):
        disposal = ends.approve_disposal(disposal, by=company.lead())
        wiped = ends.sanitise_asset(first, by=other, method=Method.PURGE)
    with company.at(87):
        ends.verify_sanitisation(wiped, by=company.person(ENGINEER), verified=True, looked_at="A tenth of all blocks")
        certificate = company.letter("Disk 1 was purged, and read back without anything left.")
        disposal = ends.certify_disposal(disposal, by=keeper, witness=LEAD, certificate=certificate)
    with company.at(85):
        ends.dispose(disposal, by=keeper)
    with company.at(31):
        inventory.retire_asset(disks[1], by=keeper)
