"""The tablet at the door, the round after work, rules to read and receipts: who gets in by what, and who sees nothing."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from tests.people_list import people
from tests.world import World, account, browser, person, world

from upheld.accounts.models import Account
from upheld.accounts.role import Role
from upheld.registers.assets import inventory
from upheld.registers.assets.kinds import AssetKind
from upheld.registers.assets.models import Custody
from upheld.registers.physical import sites, visits
from upheld.registers.physical.kinds import Operator, ZoneClass, ZoneKind
from upheld.registers.physical.models import Inspection, Kiosk, Site, Visit, Zone
from upheld.web.door import token

MARKUP = "<script>alert(1)</script>"
STAFF = ("P-bob,Bob Builder,bob@example.org", "P-ada,Ada Able,ada@example.org", "P-bo,Bo Builder,bo@example.org")


@pytest.fixture
def lea(ledger: object) -> Account:
    people(ledger, *STAFF)
    return account("lea", Role.SECURITY_LEAD)


@pytest.fixture
def hq(lea: Account) -> Site:
    said = {
        "title": "Headquarters",
        "owner": "P-ada",
        "time_zone": "UTC",
        "closes": "19:00",
        "house_rules": "Be quiet.",
        "from_on": date(2020, 1, 1),
    }
    made = sites.add_site(by=person(lea), name="hq", operated_by=Operator.OWN, **said)
    zone(lea, made, "lobby", kind=ZoneKind.VISITOR)
    return made


def zone(lea: Account, site: Site, name: str, **more: object) -> Zone:
    held = dict.fromkeys(("processes_data", "personal_data", "equipment", "desks"), False)
    said = {"kind": ZoneKind.OFFICE, "classification": ZoneClass.INTERNAL, "owner": "P-ada", **held, **more}
    return sites.add_zone(site, by=person(lea), name=name, title=name.capitalize(), **said)


@pytest.fixture
def door(lea: Account, hq: Site) -> str:
    return f"/door/{token(visits.open_kiosk(hq, by=person(lea), title='Front door'))}/"


ARRIVES = {"in": "yes", "name": "Vera Visitor", "company": "Acme", "host": "bob builder", "badge": "V-1", "signed": "yes"}


def told(answer: object) -> str:
    return unescape(answer.content.decode())


def test_a_visitor_comes_and_goes(door: str) -> None:
    tablet = Client()
    assert "I am arriving" in told(tablet.get(door))
    answer = tablet.post(door, ARRIVES)
    assert (answer.status_code, answer["Location"]) == (302, f"{door}?done=in")
    visit = Visit.objects.get()
    assert (visit.host, visit.zones, visit.badge, len(visit.rules_digest)) == ("P-bob", ["lobby"], "V-1", 64)
    after = told(tablet.get(answer["Location"]))
    assert "You are signed in" in after and "Vera" not in after and "http-equiv" in after
    assert tablet.post(door, {"out": "yes", "badge_out": "V-1"})["Location"] == f"{door}?done=out"
    assert Visit.objects.get().out_at is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"host": "Builder"}, "first and last name"),
        ({"host": ""}, "first and last name"),
        ({"host": "Nobody"}, "first and last name"),
        ({"name": " "}, "type your name"),
        ({"signed": ""}, "sign the house rules"),
        ({"name": MARKUP, "host": "x"}, "first and last name"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(door: str, typed: dict[str, str], said: str) -> None:
    answer = Client().post(door, ARRIVES | typed)
    assert answer.status_code == 400 and said in told(answer) and MARKUP not in answer.content.decode()
    assert 'value="Acme"' in told(answer) and not Visit.objects.exists()


def test_a_first_name_that_one_person_has_will_do(door: str) -> None:
    assert Client().post(door, ARRIVES | {"host": "Ada"}).status_code == 302
    assert Visit.objects.get().host == "P-ada"


def test_who_has_the_link_sees_nobody(door: str, lea: Account) -> None:
    tablet = Client()
    tablet.post(door, ARRIVES)
    page = told(tablet.get(door))
    assert not re.search("Vera|Acme|Bob|Ada", page)
    wrong = tablet.post(door, {"out": "yes", "badge_out": "V-2"})
    assert wrong.status_code == 400 and "Nobody who is inside wears this badge" in told(wrong)
    assert tablet.get("/registers/physical/visit/").status_code == 302
    again = tablet.post(door, ARRIVES | {"name": "Second"})
    assert again.status_code == 400 and "Another visitor wears V-1" in told(again)


def test_a_badge_of_another_site_is_not_signed_out_here(door: str, lea: Account) -> None:
    other = sites.add_site(
        by=person(lea),
        name="lab",
        title="Lab",
        operated_by=Operator.OWN,
        owner="P-ada",
        time_zone="UTC",
        closes="19:00",
        from_on=date(2020, 1, 1),
    )
    visits.sign_in_visitor(other, by=person(lea), name="Otto", host="P-bob", badge="L-1")
    assert Client().post(door, {"out": "yes", "badge_out": "L-1"}).status_code == 400
    assert Visit.objects.get().out_at is None


def test_a_forged_or_closed_link_opens_nothing(door: str, lea: Account) -> None:
    forged = door.replace("/door/1.", "/door/2.")
    assert forged != door and Client().get(forged).status_code == 404
    assert Client().get("/door/1.0~x/").status_code == 404
    visits.close_kiosk(Kiosk.objects.get(), by=person(lea))
    assert Client().get(door).status_code == 404 and Client().post(door, ARRIVES).status_code == 404


def test_the_link_is_shown_to_whoever_may_open_a_tablet(door: str, lea: Account) -> None:
    assert door in told(browser(lea).get("/kiosks/1/"))
    assert browser(account("ann", Role.EMPLOYEE)).get("/kiosks/1/").status_code == 404
    assert browser(account("bob", Role.AUDITOR)).get("/kiosks/1/").status_code == 404


def test_the_page_is_small(door: str) -> None:
    assert len(Client().get(door).content) < 8_000


def test_a_round_is_taken_down_office_by_office(lea: Account, hq: Site) -> None:
    office, ann = zone(lea, hq, "office", desks=True), browser(account("ann", Role.EMPLOYEE))
    page = told(ann.get("/round/"))
    assert "Office" in page and "never looked at" in page and "Lobby" not in page
    nothing = ann.post("/round/", {"zone": office.pk, "note": "yes", "found": ""})
    assert nothing.status_code == 400 and "Say what was wrong" in told(nothing)
    assert ann.post("/round/", {"zone": office.pk, "note": "yes", "found": "Desk 4: a password on a note"}).status_code == 302
    assert "Still open: Desk 4" in told(ann.get("/round/"))
    assert ann.post("/round/", {"zone": office.pk, "clear": "yes"}).status_code == 302
    assert [(each.person, each.passed) for each in Inspection.objects.order_by("pk")] == [("P-ann", False), ("P-ann", True)]
    assert ann.post("/round/", {"zone": "999", "clear": "yes"}).status_code == 400
    assert "Office" in told(ann.get(f"/sites/{hq.pk}/round/")) and "Office" not in told(ann.get("/sites/999/round/"))


def test_rules_are_read_before_they_are_acknowledged(lea: Account, hq: Site) -> None:
    vault = sites.write_zone_rules(zone(lea, hq, "vault", kind=ZoneKind.SECURE), by=person(lea), rules=f"# Rules\n\n{MARKUP}")
    ann = browser(account("ann", Role.EMPLOYEE))
    page = ann.get(f"/zones/{vault.pk}/rules/").content.decode()
    assert MARKUP not in page and vault.rules_digest in page
    form = f"/act/physical.acknowledge-zone-rules/?record={vault.pk}&digest={vault.rules_digest}"
    assert form.replace("&", "&amp;") in page and f'value="{vault.rules_digest}"' in told(ann.get(form))
    assert ann.get("/zones/1/rules/").status_code == 404


@pytest.fixture
def lent(lea: Account) -> Custody:
    by = person(lea)
    kind = inventory.add_asset_class(by=by, name="laptop", title="Laptop", encrypted_off_site=True)
    laptop = inventory.register_asset(
        by=by, name="L-1", title="ada-laptop", kind=AssetKind.DEVICE, owner="P-bob", storage=True, asset_class=kind
    )
    return inventory.hand_out(laptop, by=by, holder="P-ada", given_with="a charger")


def test_a_receipt_says_who_signed_for_what(lent: Custody, lea: Account) -> None:
    ada = browser(account("ada", Role.EMPLOYEE))
    page = told(ada.get(f"/custodies/{lent.pk}/receipt/"))
    assert "ada-laptop" in page and "a charger" in page and "Sign for it" in page
    assert ada.post("/act/assets.sign-custody/", {"record": lent.pk, "seen": lent.version, "key": "k"}).status_code == 302
    after = told(ada.get(f"/custodies/{lent.pk}/receipt/"))
    assert "Sign for it" not in after and after.count("not yet") == 1


def test_a_receipt_is_nobody_elses(lent: Custody, lea: Account) -> None:
    everybody: World = world(audits=("chapter", "governance"))
    for who in (everybody.bob, everybody.charlie):
        assert browser(who).get(f"/custodies/{lent.pk}/receipt/").status_code in (403, 404)
    assert browser(account("ann", Role.EMPLOYEE)).get(f"/custodies/{lent.pk}/receipt/").status_code == 404


def test_a_tablet_takes_so_much_an_hour_and_no_more(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr("upheld.web.door.MOST_AN_HOUR", 3)
    guesses = [Client().post(door, {"out": "yes", "badge_out": f"V-{number}"}).content.decode() for number in range(4)]
    assert ["inside wears this badge" in each for each in guesses] == [True, True, True, False], guesses[0]
    assert "Too much was typed here within the hour" in guesses[3]
    assert "Too much was typed" in Client().post(door, ARRIVES).content.decode() and not Visit.objects.exists()
