"""Keys, how they end, and rules on cryptography."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.actors import person

from upheld import clock
from upheld.accounts.person import Person
from upheld.accounts.role import Role
from upheld.actions.errors import Ill, NotAllowed, Refused
from upheld.registers.cryptography.duties import to_rotate, to_witness
from upheld.registers.cryptography.keys import change_key, confirm_rotation, destroy_key, name_witness, register_key, rotate_key
from upheld.registers.cryptography.keys import witness_destruction as say_so
from upheld.registers.cryptography.models import CryptoKey, KeyPurpose, RuleEffect
from upheld.registers.cryptography.rows import cryptography_rules, key_destructions, key_witnesses, registered_keys
from upheld.registers.cryptography.rules import change_rule, end_rule, enter_rule
from upheld.sources import configured
from upheld.sources.collecting import collect


def key(lead: Person, name: str = "old", **more: object) -> CryptoKey:
    said = {"title": name, "purpose": KeyPurpose.TLS, "owner": "E-ada", "activated_on": date(2024, 5, 4)}
    return register_key(by=lead, fingerprint=f"SHA256:{name}", **{**said, **more})


def test_a_key_is_registered_once_and_never_itself(lead: Person) -> None:
    key(lead, retire_on=date(2026, 5, 4))
    row = next(iter(registered_keys()))
    assert (row["fingerprint"], row["owner_id"], row["retire_on"]) == ("SHA256:old", "E-ada", date(2026, 5, 4))
    for wrong, why in (
        ({"fingerprint": "SHA256:old"}, "a key with this fingerprint"),
        ({"fingerprint": "-----BEGIN PRIVATE KEY-----"}, "replace the key"),
        ({"fingerprint": "x", "system": "crm"}, "no system called crm"),
        ({"fingerprint": "x", "retire_on": date(2024, 5, 3)}, "last day lies before"),
    ):
        with pytest.raises(Ill, match=why):
            register_key(by=lead, **{"title": "x", "purpose": KeyPurpose.TLS, "owner": "E-ada", "activated_on": date(2024, 5, 4), **wrong})


def test_a_key_of_somebody_elses_list_stands_once(lead: Person, tmp_path: Path) -> None:
    key(lead)
    listed = tmp_path / "keys.csv"
    listed.write_text("fingerprint,owner_id\nSHA256:old,E-bob\n")
    collect(configured.add("kms", "list", {"table": "registered_keys", "file": str(listed)}))
    assert list(registered_keys()) == []


def test_a_change_of_keys_takes_two(lead: Person) -> None:
    old, new, other = key(lead, retire_on=date(2026, 6, 1)), key(lead, "new"), key(lead, "host", purpose=KeyPurpose.SSH_HOST)
    assert [(owing.owes, owing.begins_at + owing.first) for owing in to_rotate(clock.now())] == [
        ("E-ada", clock.now().replace(year=2026, month=6, day=2, hour=0))
    ]
    dpo = person("dora", Role.DPO)
    with pytest.raises(Refused, match="No key took over yet"):
        confirm_rotation(old, by=dpo)
    for wrong in (old, other):
        with pytest.raises(Ill, match="for the same purpose"):
            rotate_key(old, by=lead, successor=wrong)
    old = rotate_key(old, by=lead, successor=new)
    with pytest.raises(NotAllowed, match="two people"):
        confirm_rotation(old, by=lead)
    old = confirm_rotation(old, by=dpo)
    assert [row["retire_on"] for row in registered_keys() if row["fingerprint"] == "SHA256:old"] == [clock.now().date()]
    assert [owing.done for owing in to_rotate(clock.now())] == [(clock.now(),)]
    with pytest.raises(Refused, match="retired already"):
        rotate_key(old, by=lead, successor=new)


def test_who_watched_says_so_themselves(lead: Person, ada: Person) -> None:
    with pytest.raises(Ill, match="Two others"):
        destroy_key(key(lead), by=lead, how="reset", witnesses=["E-ada", "E-lea"])
    gone = destroy_key(CryptoKey.objects.get(), by=lead, how="reset", witnesses=["E-ada", "E-bob"])
    assert list(registered_keys()) == [] and list(key_witnesses()) == []
    assert [(row["fingerprint"], row["destroyed_by"]) for row in key_destructions()] == [("SHA256:old", "E-lea")]
    assert [owing.owes for owing in to_witness(clock.now())] == ["E-bob", "E-ada"]
    first, second = gone.witnesses.order_by("person")
    with pytest.raises(NotAllowed, match="nobody for them"):
        say_so(first, by=lead)
    with pytest.raises(Ill, match="before the destruction"):
        say_so(first, by=ada, at=clock.now() - timedelta(days=1))
    say_so(first, by=ada)
    with pytest.raises(Refused, match="said already"):
        say_so(gone.witnesses.get(person="E-ada"), by=ada)
    assert [row["person_id"] for row in key_witnesses()] == ["E-ada"]
    for who, why in (("E-lea", "witness to what they do"), ("E-bob", "named already")):
        with pytest.raises(Ill, match=why):
            name_witness(gone, by=lead, person=who)
    say_so(name_witness(gone, by=lead, person="E-eve"), by=person("eve", Role.EMPLOYEE))
    assert second.at is None and len(list(key_witnesses())) == 2
    with pytest.raises(Refused, match="destroyed"):
        change_key(gone.key, by=lead, title="x", owner="E-ada")


def test_a_rule_says_what_and_whom_it_binds(lead: Person) -> None:
    said = {"title": "Act", "citation": "1", "owner": "E-ada", "from_on": date(2026, 1, 1)}
    for wrong, why in (
        ({"effect": RuleEffect.FORBIDS, "regions": ["fr"]}, "Say what it forbids"),
        ({"effect": RuleEffect.FREE, "names": ["RSA"], "regions": ["fr"]}, "Leave this empty"),
        ({"effect": RuleEffect.FREE}, "Name the regions or the systems"),
        ({"effect": RuleEffect.FREE, "systems": ["crm"]}, "no system called crm"),
    ):
        with pytest.raises(Ill, match=why):
            enter_rule(by=lead, name="act", **said, **wrong)
    rule = enter_rule(by=lead, name="act", effect=RuleEffect.DEMANDS, names=["AES"], regions=["fr"], **said)
    with pytest.raises(Ill, match="a rule on cryptography called act already"):
        enter_rule(by=lead, name="act", effect=RuleEffect.FREE, regions=["fr"], **said)
    change_rule(rule, by=lead, effect=RuleEffect.FORBIDS, names=["RSA"], regions=["fr"], **said)
    rule.refresh_from_db()
    end_rule(rule, by=lead, until_on=date(2026, 5, 3))
    (row,) = cryptography_rules()
    assert (row["effect"], row["names"], row["until_on"]) == ("forbids", ["RSA"], date(2026, 5, 3))
