"""What the sample company keeps in physical: its head office, a branch, what protects them, and who may enter."""

from datetime import timedelta
from typing import Any

from upheld.accounts.role import Role
from upheld.registers.physical import entry, rounds, sites, visits
from upheld.registers.physical.kinds import BadgeKind, Control, Hazard, Operator, ZoneClass, ZoneKind
from upheld.registers.physical.models import Site, Zone
from upheld.registers.sampling import BUYER, DIRECTOR, FINANCE, LEAD, OPERATOR, SALES, SECOND_OPERATOR, SUPPORT, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The pump against floods at the head office was last tried fourteen months ago.",
        breaks=[("physical/protection_tested", "registers/head-office/flood")],
    ),
    PlantedFault(
        "The buyer's leave to enter the server room ran out, and nobody withdrew it.",
        breaks=[("physical/authorisation_current", "registers/3")],
    ),
    PlantedFault(
        "The archive of the branch was classified as strict, and nobody fitted an alarm.",
        breaks=[("physical/zone_controls_applied", "registers/archive")],
    ),
    PlantedFault(
        "A parcel has lain at the dock for a week, and nobody looked into it.",
        breaks=[("physical/delivery_inspected", "registers/2")],
    ),
    PlantedFault(
        "Nobody has walked round the office of the branch for eleven weeks.",
        soon=[("access/clear_desk_inspected", "registers/branch-office")],
    ),
)
RULES = "# In the server room\n\n- Nobody works alone.\n- Nobody takes pictures.\n- The door is never propped open.\n"
HOUSE_RULES = "Wear your badge so that it can be seen. Stay with your host. Take no pictures."
FOUR = (Hazard.POWER, Hazard.FIRE, Hazard.NATURE, Hazard.LINES)
WHAT = {
    Hazard.POWER: "Battery and generator",
    Hazard.FIRE: "Detectors and extinguishers",
    Hazard.NATURE: "Storm shutters",
    Hazard.LINES: "Second line by another way",
    Hazard.FLOOD: "Pump in the cellar",
}


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    with company.at(500):
        head = _site(company, "head-office", "Head office", [Hazard.FIRE, Hazard.FLOOD], FOUR)
        branch = _site(company, "branch", "Branch in Lisbrook", [Hazard.FIRE], FOUR)
        office, room = _zones(company, head, branch)
    with company.at(420):
        pump = rounds.add_protection(head, by=company.lead(), hazard=Hazard.FLOOD, title=WHAT[Hazard.FLOOD])
        rounds.test_protection(pump, by=company.person(OPERATOR), passed=True)
    for days in (400, 320, 240, 160, 78):
        with company.at(days):
            rounds.inspect_desks(office, by=company.person(SUPPORT), passed=True)
    _enter(company, room)
    _visit(company, head)
    _elsewhere(company)


def _site(company: Company, name: str, title: str, hazards: list[Hazard], protected: tuple[Hazard, ...]) -> Site:
    lead = company.lead()
    said: dict[str, Any] = {"title": title, "owner": OPERATOR, "time_zone": "UTC", "closes": "19:00", "house_rules": HOUSE_RULES}
    site = sites.add_site(by=lead, name=name, operated_by=Operator.OWN, hazards=hazards, **said)
    rounds.engage_security_service(site, by=lead, title="Nordhaven Guards", from_on=company.day(500), contract=company.letter("Guarding"))
    for hazard in protected:
        made = rounds.add_protection(site, by=lead, hazard=hazard, title=WHAT[hazard])
        with company.at(200):
            rounds.test_protection(made, by=company.person(OPERATOR), passed=True)
    return site


def _zones(company: Company, head: Site, branch: Site) -> tuple[Zone, Zone]:
    lead = company.lead()
    for classification, controls in {
        ZoneClass.PUBLIC: [],
        ZoneClass.INTERNAL: [Control.LOCK],
        ZoneClass.CONFIDENTIAL: [Control.LOCK, Control.READER],
        ZoneClass.STRICT: [Control.LOCK, Control.READER, Control.ALARM],
    }.items():
        sites.require_controls(by=lead, classification=classification, controls=controls)
    walls = {site: sites.add_perimeter(site, by=lead, title="Outer wall and doors") for site in (head, branch)}
    for wall in walls.values():
        with company.at(100):
            rounds.inspect_perimeter(wall, by=company.lead(), passed=True)
    ground = _zone(company, head, "ground-floor", "Ground floor", desks=True, personal_data=True, perimeter=walls[head])
    room = _zone(
        company, head, "server-room", "Server room", kind=ZoneKind.SECURE, classification=ZoneClass.CONFIDENTIAL, processes_data=True,
        equipment=True, perimeter=walls[head],
    )  # fmt: skip
    lobby = _zone(company, head, "lobby", "Lobby", kind=ZoneKind.VISITOR, classification=ZoneClass.PUBLIC)
    dock = _zone(company, head, "dock", "Loading dock", kind=ZoneKind.DELIVERY)
    office = _zone(company, branch, "branch-office", "Office of the branch", desks=True, perimeter=walls[branch])
    archive = _zone(
        company, branch, "archive", "Archive", personal_data=True, classification=ZoneClass.CONFIDENTIAL, perimeter=walls[branch]
    )
    for zone, controls in (
        (ground, [Control.LOCK]), (room, [Control.LOCK, Control.READER]), (dock, [Control.LOCK]), (office, [Control.LOCK]),
        (archive, [Control.LOCK, Control.READER]),
    ):  # fmt: skip
        for control in controls:
            sites.apply_control(zone, by=lead, control=control, applied_on=company.day(500))
    sites.join_zones(dock, by=lead, other=ground, control="Badge reader")
    sites.join_zones(lobby, by=lead, other=ground, control="Reception")
    with company.at(30):
        held: dict[str, Any] = {
            "personal_data": True,
            "processes_data": False,
            "equipment": False,
            "desks": False,
            "perimeter": walls[branch],
        }
        sites.change_zone(
            archive, by=company.lead(), title="Archive", kind=ZoneKind.OTHER, classification=ZoneClass.STRICT, owner=OPERATOR, **held
        )
    with company.at(25):
        rounds.inspect_desks(ground, by=company.person(SUPPORT), passed=True)
    return office, room


def _zone(company: Company, site: Site, name: str, title: str, **more: Any) -> Zone:
    held = dict.fromkeys(("processes_data", "personal_data", "equipment", "desks"), False)
    said = {"kind": ZoneKind.OFFICE, "classification": ZoneClass.INTERNAL, "owner": OPERATOR, **held, **more}
    return sites.add_zone(site, by=company.lead(), name=name, title=title, **said)


def _enter(company: Company, room: Zone) -> None:
    owner = company.person(OPERATOR, Role.OWNER)
    with company.at(390):
        room = sites.write_zone_rules(room, by=owner, rules=RULES)
        for who in (OPERATOR, SECOND_OPERATOR, LEAD, BUYER):
            entry.acknowledge_zone_rules(room, by=company.person(who), digest=room.rules_digest)
    with company.at(380):
        for number, (who, until) in enumerate({SECOND_OPERATOR: None, LEAD: None, BUYER: company.day(12)}.items(), 1):
            entry.authorise_entry(room, by=owner, person=who, from_on=company.day(380), until_on=until)
            entry.hand_out_badge(by=owner, badge=f"B-{number}", kind=BadgeKind.BADGE, person=who)


def _visit(company: Company, head: Site) -> None:
    dock = Zone.objects.get(name="dock")
    noon = (company.now - timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    for number, host in enumerate((SALES, DIRECTOR, FINANCE), 1):
        came = noon - timedelta(days=7 * number)
        visit = visits.sign_in_visitor(
            head, by=company.person(host), name=f"Visitor {number}", host=host, badge=f"V-{number}", zones=["lobby"], signed=True, at=came
        )
        visits.sign_out_visitor(visit, by=company.person(host), at=came + timedelta(hours=2))
    for days, inspected in ((40, True), (7, False)):
        with company.at(days):
            parcel = visits.register_delivery(dock, by=company.person(SUPPORT), carrier="Parcel service", what="Parcel for the office")
            if inspected:
                visits.inspect_delivery(parcel, by=company.person(OPERATOR), in_order=True)


def _elsewhere(company: Company) -> None:
    """Keep the cage in a provider's data centre, which the company's own people never enter."""
    lead = company.lead()
    with company.at(500):
        said: dict[str, Any] = {"title": "North Cloud, hall 3", "owner": OPERATOR, "time_zone": "UTC", "closes": "19:00"}
        centre = sites.add_site(by=lead, name="data-centre", operated_by=Operator.PROVIDER, hazards=[], **said)
        cage = _zone(company, centre, "cage", "Our cage", kind=ZoneKind.SECURE, classification=ZoneClass.STRICT)
        for control in (Control.LOCK, Control.READER, Control.ALARM):
            sites.apply_control(cage, by=lead, control=control, applied_on=company.day(500))
