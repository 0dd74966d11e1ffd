"""What the sample company keeps in assets: laptops and who has them, information with its class, a disk that went and one that did not."""

from typing import Any

from upheld.accounts.role import Role
from upheld.registers.assets import ends, information, inventory, permissions
from upheld.registers.assets.kinds import AssetKind, AssetState, Classification, Level, Method, Permitted
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
    _permissions(company)
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


def _permissions(company: Company) -> None:
    """Let an engineer and the data protection officer take their laptops home, and the engineer print and carry a stick."""
    with company.at(395):
        stick = inventory.register_asset(
            by=company.lead(), name="USB-7", title="Stick for restores", kind=AssetKind.MEDIUM, owner=OPERATOR, storage=True
        )
    for who, kinds in {
        ENGINEER: (Permitted.OFF_SITE, Permitted.CARRIER, Permitted.PRINT, Permitted.MEDIUM),
        DPO: (Permitted.OFF_SITE, Permitted.CARRIER),
    }.items():
        laptop = Asset.objects.get(name=f"LT-{int(who) - 1000:04}")
        for kind in kinds:
            thing = {Permitted.OFF_SITE: laptop, Permitted.MEDIUM: stick}.get(kind)
            with company.at(394):
                asked = permissions.ask_permission(by=company.person(who), kind=kind, why="To work on call", asset=thing)
            with company.at(393):
                permissions.decide_permission(asked, by=company.lead(), granted=True)


def _information(company: Company) -> None:
    with company.at(150):
        for name, (title, owner, answers) in KNOWN.items():
            added = information.add_information(by=company.lead(), name=name, title=title, owner=owner)
            law, value, criticality, sensitivity = answers
            information.classify_information(
                added, by=company.lead(), law=law, value=value, criticality=criticality, sensitivity=sensitivity
            )
        information.add_information(by=company.lead(), name="prospects", title="What is known of prospects", owner=SALES)
        for classification, most in ((Classification.CONFIDENTIAL, 60), (Classification.STRICT, 10), (Classification.PUBLIC, None)):
            information.set_handling_rule(by=company.lead(), classification=classification, encrypted=most is not None, most_readers=most)
        # As the cloud's list of stores calls them.
        for name, title, owner, classes, holds, label in (
            ("customer-database", "Customer database", SALES, [Classification.CONFIDENTIAL], ["contracts"], Classification.CONFIDENTIAL),
            ("files-people", "Files of the people team", PEOPLE, [Classification.STRICT], ["payroll"], None),
            ("website-media", "Pictures and texts of the website", FINANCE, [Classification.PUBLIC], ["press"], None),
        ):
            information.register_store(by=company.lead(), name=name, title=title, owner=owner, classes=classes, holds=holds, label=label)


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
