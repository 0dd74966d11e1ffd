"""A file that says what there is: made once, the same again changes nothing, and one wrong thing keeps all of it out."""

import pytest

from upheld.actions.errors import Ill
from upheld.registers.exchange.applying import apply, read
from upheld.registers.governance.models import Responsibility
from upheld.sources import configured

SAID = """
[[sources]]
name = "hr"
kind = "people"
settings = {{ file = "{file}" }}

[[records]]
register = "governance.responsibility"
name = "it-operations"
title = "IT operations"
purpose = "systems run"
"""


@pytest.fixture
def said(tmp_path):
    (tmp_path / "hr.csv").write_text("id,name\n1,Ada\n")
    return SAID.format(file=tmp_path / "hr.csv")


def what(done):
    return {each.name: each.what.value for each in done}


def test_what_is_missing_is_made_and_the_same_again_changes_nothing(lead, said):
    assert what(apply(read(said), by=lead, keep=False)) == {"source/hr": "new", "governance.responsibility/1": "new"}
    assert not Responsibility.objects.exists() and not configured.in_use()
    apply(read(said), by=lead, keep=True)
    assert Responsibility.objects.get().title == "IT operations" and [each.name for each in configured.in_use()] == ["hr"]
    assert set(what(apply(read(said), by=lead, keep=True)).values()) == {"the same"}


def test_one_wrong_thing_keeps_all_of_it_out(lead, said):
    done = apply(read(said + 'colour = "red"\n'), by=lead, keep=True)
    assert what(done) == {"source/hr": "new", "governance.responsibility/it-operations": "wrong"}
    assert done[1].told[0].startswith("colour: There is no such field; there are name, title")
    assert not configured.in_use()


def test_a_source_with_other_settings_is_not_exchanged_in_silence(lead, said):
    apply(read(said), by=lead, keep=True)
    done = apply(read(said.replace("hr.csv", "other.csv")), by=lead, keep=True)
    assert what(done)["source/hr"] == "wrong" and "other settings" in done[0].told[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[sources]", "not TOML"),
        ("[wishes]\na = 1", "no section 'wishes'"),
        ("records = 3", r"Write each of records as \[\[records\]\]"),
        ('[[sources]]\nname = "x"', "has no kind"),
        ('[[sources]]\nname = "x"\nkind = "people"\npassword = "1"', "no 'password' here"),
        ("[[records]]\nname = 'x'", "has no register"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, told):
    with pytest.raises(Ill, match=told):
        read(text)


def test_a_register_that_is_none_is_said(lead):
    done = apply(read('[[records]]\nregister = "governance.wish"\nname = "x"'), by=lead, keep=True)
    assert what(done) == {"governance.wish/x": "wrong"} and "There is no register" in done[0].told[0]
