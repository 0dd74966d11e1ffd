"""Sites, who may enter, visitors and rounds: what the product refuses as it is tried."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.registers.physical import entry, rounds, sites, visits
from upheld.registers.physical.entry_rows import visits as visit_rows
from upheld.registers.physical.entry_rows import zone_authorisations
from upheld.registers.physical.kinds import BadgeKind, Control, Operator, Permitted, ZoneClass, ZoneKind
from upheld.registers.physical.models import Permit, Site, Zone, ZoneAuthorisation
from upheld.registers.physical.rows import zone_control_rules
from upheld.registers.physical.rows import zones as zone_rows

SINCE = date(2020, 1, 1)
RULES = "Nobody props the door open."


@pytest.fixture
def hq(lead: Person) -> Site:
    return made_site(lead, "hq", Operator.OWN)


def made_site(lead: Person, name: str, operated_by: Operator, **more: object) -> Site:
    said = {"title": name.upper(), "owner": "E-ada", "time_zone": "Europe/Berlin", "closes": "19:00", "house_rules": "Be quiet.", **more}
    return sites.add_site(by=lead, name=name, operated_by=operated_by, **said)


def zone(lead: Person, site: Site, name: str, **more: object) -> Zone:
    held = dict.fromkeys(("processes_data", "personal_data", "equipment", "desks"), False)
    said = {"title": name, "kind": ZoneKind.OFFICE, "classification": ZoneClass.INTERNAL, "owner": "E-ada", **held, **more}
    return sites.add_zone(site, by=lead, name=name, **said)


def test_a_site_says_when_it_closes_in_a_time_zone_that_there_is(lead: Person) -> None:
    with pytest.raises(Ill, match="There is no such time zone"):
        made_site(lead, "hq", Operator.OWN, time_zone="Mars/Olympus")
    with pytest.raises(Ill, match="as in 19:00"):
        made_site(lead, "hq", Operator.OWN, closes="25:00")


def test_nobody_is_let_in_who_has_not_read_the_rules(lead: Person, ada: Person, hq: Site) -> None:
    vault = sites.write_zone_rules(zone(lead, hq, "vault", kind=ZoneKind.SECURE), by=lead, rules=RULES)
    with pytest.raises(Ill, match="has not acknowledged the working rules"):
        entry.authorise_entry(vault, by=lead, person="E-ada", from_on=SINCE)
    with pytest.raises(Ill, match="not the digest of the rules as they are now"):
        entry.acknowledge_zone_rules(vault, by=ada, digest="0" * 64)
    entry.acknowledge_zone_rules(vault, by=ada, digest=vault.rules_digest)
    assert entry.authorise_entry(vault, by=lead, person="E-ada", from_on=SINCE).authorised_by == "E-lea"


def test_nobody_lets_themselves_in_and_only_its_owner_others(lead: Person, ada: Person, hq: Site) -> None:
    office, owner = zone(lead, hq, "office"), person("ada", Role.OWNER)
    with pytest.raises(Ill, match="Nobody lets themselves in"):
        entry.authorise_entry(office, by=owner, person="E-ada", from_on=SINCE)
    with pytest.raises(NotAllowed, match="Whoever answers for the zone"):
        entry.authorise_entry(office, by=person("bob", Role.OWNER), person="E-cy", from_on=SINCE)
    made = entry.authorise_entry(office, by=owner, person="E-cy", from_on=SINCE)
    ended = entry.withdraw_authorisation(made, by=owner)
    assert (ended.until_on, ended.withdrawn_at) == (clock.now().date(), clock.now())
    assert [row["until_on"] for row in zone_authorisations()] == [clock.now().date()]


def test_a_providers_zone_takes_none_of_our_people(lead: Person) -> None:
    away = made_site(lead, "dc", Operator.PROVIDER)
    with pytest.raises(Refused, match="run by a provider"):
        entry.authorise_entry(zone(lead, away, "cage"), by=lead, person="E-ada", from_on=SINCE)
    assert not ZoneAuthorisation.objects.exists()
    with pytest.raises(Refused, match="the provider's"):
        visits.sign_in_visitor(away, by=lead, name="Vera", host="E-ada", signed=True)


def test_a_permit_is_granted_by_somebody_else(lead: Person, hq: Site) -> None:
    vault, owner = zone(lead, hq, "vault", kind=ZoneKind.SECURE), person("ada", Role.OWNER)
    asked = entry.ask_permit(
        vault, by=owner, what=Permitted.ALONE, why="a disk", from_at=clock.now(), until_at=clock.now() + timedelta(hours=2)
    )
    with pytest.raises(SamePerson, match="nobody grants their own permit"):
        entry.decide_permit(asked, by=owner, granted=True)
    assert entry.decide_permit(Permit.objects.get(), by=lead, granted=True).decided_by == "E-lea"


def test_a_badge_is_out_once(lead: Person) -> None:
    badge = entry.hand_out_badge(by=lead, badge="7", kind=BadgeKind.BADGE, person="E-ada")
    with pytest.raises(Ill, match="7 is out already"):
        entry.hand_out_badge(by=lead, badge="7", kind=BadgeKind.BADGE, person="E-bob")
    with clock.at(clock.now() + timedelta(hours=1)):
        entry.take_back_badge(badge, by=lead, lost=True)
    with pytest.raises(Ill, match="Somebody else had 7 then"):
        entry.hand_out_badge(by=lead, badge="7", kind=BadgeKind.BADGE, person="E-bob", at=clock.now() - timedelta(hours=1))


def test_visitors_sign_the_house_rules_and_go_where_no_data_are(lead: Person, hq: Site) -> None:
    zone(lead, hq, "lobby", kind=ZoneKind.VISITOR)
    zone(lead, hq, "office", processes_data=True)
    said = {"by": lead, "name": "Vera", "host": "E-ada", "badge": "V-1"}
    with pytest.raises(Ill, match="sign the house rules"):
        visits.sign_in_visitor(hq, **said)
    with pytest.raises(Ill, match="visitors do not go there"):
        visits.sign_in_visitor(hq, **said, zones=["office"], signed=True)
    with pytest.raises(Ill, match="has no zone called attic"):
        visits.sign_in_visitor(hq, **said, zones=["attic"], signed=True)
    visit = visits.sign_in_visitor(hq, **said, signed=True)
    assert (visit.zones, visit.leave_by_at) == (["lobby"], datetime(2026, 5, 4, 17, 0, tzinfo=UTC))
    with pytest.raises(Ill, match="Another visitor wears V-1"):
        visits.sign_in_visitor(hq, **said, signed=True)
    visits.sign_out_visitor(visit, by=lead)
    (row,) = visit_rows()
    assert row["out_at"] == clock.now() and "Vera" not in str(row)


def test_a_round_says_what_was_wrong_and_somebody_closes_it(lead: Person, ada: Person, hq: Site) -> None:
    office = zone(lead, hq, "office", desks=True)
    with pytest.raises(Ill, match="Say what was wrong"):
        rounds.inspect_desks(office, by=ada, passed=False)
    with pytest.raises(Refused, match="Nobody works at a desk"):
        rounds.inspect_desks(zone(lead, hq, "yard"), by=ada, passed=True)
    looked = rounds.inspect_desks(office, by=ada, passed=False, found="Desk 4: a password on a note")
    assert rounds.close_what_was_found(looked, by=lead).closed_by == "E-lea"
    with pytest.raises(Refused, match="Nothing was found"):
        rounds.close_what_was_found(rounds.inspect_desks(office, by=ada, passed=True), by=lead)


def test_deliveries_come_in_where_deliveries_do(lead: Person, ada: Person, hq: Site) -> None:
    with pytest.raises(Refused, match="Deliveries come in where"):
        visits.register_delivery(zone(lead, hq, "office"), by=ada, carrier="A carrier", what="paper")
    parcel = visits.register_delivery(zone(lead, hq, "dock", kind=ZoneKind.DELIVERY), by=ada, carrier="A carrier", what="paper")
    with pytest.raises(Ill, match="Say what was wrong"):
        visits.inspect_delivery(parcel, by=ada, in_order=False)


def test_what_is_in_use_does_not_end(lead: Person, hq: Site) -> None:
    wall = sites.add_perimeter(hq, by=lead, title="the wall")
    office = zone(lead, hq, "office", perimeter=wall)
    with pytest.raises(Refused, match="It has zones still"):
        sites.close_site(hq, by=lead)
    with pytest.raises(Refused, match="Zones lie inside"):
        sites.end_perimeter(wall, by=lead)
    other = made_site(lead, "lab", Operator.OWN)
    with pytest.raises(Ill, match="surrounds another site"):
        zone(lead, other, "bench", perimeter=wall)
    assert [row["perimeter_id"] for row in zone_rows()] == [str(wall.pk)]
    sites.end_zone(office, by=lead)
    assert list(zone_rows()) == []


def test_that_nothing_is_needed_is_said(lead: Person) -> None:
    sites.require_controls(by=lead, classification=ZoneClass.PUBLIC, controls=[])
    sites.require_controls(by=lead, classification=ZoneClass.INTERNAL, controls=[Control.LOCK])
    assert [row["id"] for row in zone_control_rules()] == ["internal lock", "public none"]
