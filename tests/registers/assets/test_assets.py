"""Things, permissions, information and the end of things: what the product refuses as it is tried."""

from datetime import timedelta

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused, SamePerson
from upheld.actions.files import keep_file
from upheld.registers.assets import ends, information, inventory, permissions
from upheld.registers.assets.kinds import AssetKind, AssetState, Classification, Level, Method, Permitted
from upheld.registers.assets.models import Asset, AssetClass, AssetPermission
from upheld.registers.assets.rows import asset_permissions, registered_assets

RULES = "Nobody else uses it."


@pytest.fixture
def laptops(lead: Person) -> AssetClass:
    return inventory.write_use_rules(
        inventory.add_asset_class(by=lead, name="laptop", title="Laptop", encrypted_off_site=True), by=lead, rules=RULES
    )


def asset(lead: Person, name: str = "L-1", **more: object) -> Asset:
    said = {"title": name, "kind": AssetKind.DEVICE, "owner": "E-lea", "storage": True, **more}
    return inventory.register_asset(by=lead, name=name, **said)


def test_nobody_is_handed_what_they_did_not_read_the_rules_of(lead: Person, ada: Person, laptops: AssetClass) -> None:
    laptop = asset(lead, asset_class=laptops)
    with pytest.raises(Ill, match="has not acknowledged the rules of Laptop"):
        inventory.hand_out(laptop, by=lead, holder="E-ada")
    inventory.acknowledge_use_rules(laptops, by=ada, digest=laptops.rules_digest)
    with pytest.raises(NotAllowed, match="Whoever answers for it"):
        inventory.hand_out(laptop, by=person("bob", Role.OWNER), holder="E-ada")
    out = inventory.hand_out(laptop, by=lead, holder="E-ada")
    with pytest.raises(NotAllowed, match="Whoever has it signs"):
        inventory.sign_custody(out, by=lead)
    assert inventory.sign_custody(out, by=ada).signed_at is not None
    with pytest.raises(Refused, match="Somebody has it"):
        inventory.hand_out(Asset.objects.get(), by=lead, holder="E-bob")


def test_what_somebody_had_is_wiped_and_looked_at_before_the_next_has_it(lead: Person) -> None:
    laptop = asset(lead)
    back = inventory.take_back(inventory.hand_out(laptop, by=lead, holder="E-ada"), by=lead, condition="whole")
    assert (back.taken_by, Asset.objects.get().state) == ("E-lea", AssetState.STOCK)
    with pytest.raises(Refused, match="wipe it, and let somebody look"):
        inventory.hand_out(Asset.objects.get(), by=lead, holder="E-bob")
    wiped = ends.sanitise_asset(Asset.objects.get(), by=person("cy", Role.EMPLOYEE), method=Method.PURGE)
    with pytest.raises(SamePerson, match="nobody vouches for their own wiping"):
        ends.verify_sanitisation(wiped, by=person("cy", Role.EMPLOYEE), verified=True, looked_at="all")
    ends.verify_sanitisation(wiped, by=lead, verified=True, looked_at="a sample")
    assert inventory.hand_out(Asset.objects.get(), by=lead, holder="E-bob").holder == "E-bob"


def test_a_disposal_goes_step_by_step(lead: Person) -> None:
    keeper, disk = person("bob", Role.MANAGER), asset(lead, "D-1", kind=AssetKind.COMPONENT)
    asked = ends.request_disposal(disk, by=keeper, why="worn out")
    with pytest.raises(SamePerson, match="somebody who did not ask"):
        ends.approve_disposal(asked, by=keeper)
    paper = keep_file(b"a certificate")
    with pytest.raises(Refused, match="not approved yet"):
        ends.certify_disposal(asked, by=lead, witness="E-bob", certificate=paper)
    approved = ends.approve_disposal(asked, by=lead)
    with pytest.raises(Refused, match="not wiped and looked at"):
        ends.certify_disposal(approved, by=lead, witness="E-bob", certificate=paper)
    ends.verify_sanitisation(ends.sanitise_asset(disk, by=keeper, method=Method.DESTROY), by=lead, verified=True, looked_at="the remains")
    with pytest.raises(Refused, match="There is no certificate yet"):
        ends.dispose(approved, by=lead)
    with pytest.raises(Ill, match="Somebody beside you"):
        ends.certify_disposal(approved, by=lead, witness="E-lea", certificate=paper)
    ends.dispose(ends.certify_disposal(approved, by=lead, witness="E-bob", certificate=paper), by=lead)
    (row,) = registered_assets()
    assert (row["state"], row["disposed_at"]) == ("disposed", clock.now())


def test_nobody_grants_what_they_asked_for(lead: Person, ada: Person) -> None:
    with pytest.raises(Ill, match="Say which thing"):
        permissions.ask_permission(by=ada, kind=Permitted.OFF_SITE, why="home")
    with pytest.raises(Ill, match="This is no medium"):
        permissions.ask_permission(by=ada, kind=Permitted.MEDIUM, why="home", asset=asset(lead))
    asked = permissions.ask_permission(by=lead, kind=Permitted.PRINT, why="a contract", person="E-ada")
    with pytest.raises(SamePerson, match="nobody grants what they asked for"):
        permissions.decide_permission(asked, by=lead, granted=True)
    for_dpo = permissions.ask_permission(by=lead, kind=Permitted.COPY, why="a contract", person="E-dan")
    with pytest.raises(Ill, match="somebody else has to decide"):
        permissions.decide_permission(for_dpo, by=person("dan", Role.DPO), granted=True)
    permissions.decide_permission(asked, by=person("dan", Role.DPO), granted=True)
    with clock.at(clock.now() + timedelta(hours=1)):
        permissions.end_permission(AssetPermission.objects.get(pk=asked.pk), by=lead)
    assert [(row["kind"], row["approved_by_id"]) for row in asset_permissions()] == [("copy", None), ("print", "E-dan")]


def test_the_strictest_answer_decides_and_a_change_asks_anew(lead: Person) -> None:
    payroll = information.add_information(by=lead, name="payroll", title="Payroll", owner="E-ada")
    said = {"law": Level.MUCH, "value": Level.NONE, "criticality": Level.SOME}
    assert information.classify_information(payroll, by=lead, sensitivity=Level.UTMOST, **said).classification == Classification.STRICT
    with pytest.raises(Ill, match="There is no information asset called rumours"):
        information.register_store(by=lead, name="share", title="Share", owner="E-ada", classes=[Classification.STRICT], holds=["rumours"])
    payroll.refresh_from_db()
    assert information.change_information(payroll, by=lead, title="Payroll", owner="E-bob").reviewed_at is None
