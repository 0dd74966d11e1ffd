"""Whose a row is and where it names somebody: exactly the person, wherever the contract has people, and nobody who looks alike."""

import pytest

from upheld.evidence.table import table
from upheld.sources.belonging import masked, owner, text

ADA = {
    ("person", "", "1042"): True,
    ("mail", "", "ada.quill@example.com"): True,
    ("name", "", "ada quill"): False,
    ("user", "", "aquill"): False,
    ("user", "crm", "aquill"): True,
    ("account", "crm", "a1"): True,
}


class Ada:
    """Knows Ada."""

    def erasure(self, kind, within, value, *, own=False):
        found = ADA.get((kind, within, value.casefold().strip()))
        return None if found is None or (own and not found) else "this"

    def shown(self, erasure, value):
        return "erased-" + f"{sum(value.casefold().strip().encode()):012x}"


def row(name: str, /, **values) -> dict:
    return dict.fromkeys(table(name).columns) | values


@pytest.mark.parametrize(
    ("name", "values", "whose"),
    [
        ("people", {"id": "1042"}, "this"),
        ("people", {"id": "7", "mail": "Ada.Quill@example.com"}, "this"),
        ("people", {"id": "7", "manager_id": "1042"}, None),
        ("accounts", {"id": "a1", "system_id": "crm", "kind": "person"}, "this"),
        ("accounts", {"id": "a1", "system_id": "erp", "kind": "person"}, None),
        ("accounts", {"id": "a9", "system_id": "erp", "kind": "person", "person_ref": "1042"}, "this"),
        ("accounts", {"id": "a9", "system_id": "erp", "kind": "service", "person_ref": "1042"}, None),
        ("accounts", {"id": "a9", "system_id": "erp", "kind": "person", "person_ref": "erased-0123456789ab"}, ""),
        ("grants", {"id": "g", "system_id": "crm", "holder_kind": "account", "holder_id": "a1"}, "this"),
        ("grants", {"id": "g", "system_id": "crm", "holder_kind": "group", "holder_id": "a1"}, None),
        ("sign_ins", {"id": "s", "system_id": "crm", "identifier": "AQuill"}, "this"),
        ("sign_ins", {"id": "s", "system_id": "erp", "identifier": "aquill"}, None),
        ("granted_requests", {"id": "r", "person_id": "1042"}, "this"),
        ("granted_requests", {"id": "r", "person_id": "7", "approved_by": "1042"}, None),
    ],
)
def test_a_row_is_whom_it_is_about(name: str, values: dict, whose: str | None) -> None:
    assert owner(table(name), row(name, **values), Ada()) == whose


def changed(name: str, /, **values) -> dict:
    """Return what of `values` is shown otherwise."""
    before = row(name, **values)
    after = masked(table(name), before, Ada())
    return {column: value for column, value in after.items() if value != before[column]}


def test_others_rows_lose_her_name_and_nothing_else() -> None:
    token = Ada().shown("", "1042")
    assert changed("systems", id="crm", name="CRM", owner_id="1042") == {"owner_id": token}
    assert changed("granted_requests", id="1042", person_id="7", requested_by="7", approved_by="1042") == {"approved_by": token}
    assert changed("systems", id="1042", name="Rack 1042", owner_id="7") == {}
    assert changed("host_accounts", id="crm/aquill", system_id="crm", user_name="aquill", home="/home/aquill", shell="/bin/sh").keys() == {
        "id",
        "user_name",
        "home",
    }
    assert changed("host_accounts", id="erp/aquill", system_id="erp", user_name="aquill", home="/home/aquill") == {}
    assert changed("commits", id="c", authors=["bo@example.com", "ada.quill@example.com"])["authors"][0] == "bo@example.com"
    assert changed("commits", id="c", title="Thanks to Ada Quill!") == {"title": f"Thanks to {Ada().shown('', 'ada quill')}!"}
    assert changed("commits", id="c", title="Let the will of aquill be") == {}


def test_a_row_of_her_own_loses_every_personal_value_but_others_names() -> None:
    found = changed("people", id="1042", name="A. Quill-Marker", mail="old@example.com", manager_id="7", role="Buyer")
    assert found.keys() == {"id", "name", "mail"}
    assert masked(table("people"), row("people", **found), Ada()) == row("people", **found)  # once more changes nothing


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("3 of 1042 accounts: aquill on CRM", "3 of 1042 accounts: {aquill} on CRM"),
        ("Ada Quill, ada.quill@example.com.", "{ada quill}, {ada.quill@example.com}"),
        ("Adam Quill and Ada Quilla", "Adam Quill and Ada Quilla"),
        ("directory/account/a1", "directory/account/a1"),
    ],
)
def test_texts_lose_names_and_keep_counts(said: str, shown: str) -> None:
    for name in ("aquill", "ada quill", "ada.quill@example.com"):
        shown = shown.replace("{" + name + "}", Ada().shown("", name))
    assert text(said, Ada()).rstrip(".") == shown


def test_a_number_is_masked_where_none_can_be_a_count() -> None:
    assert text("person/1042", Ada(), numbers=True) == "person/" + Ada().shown("", "1042")
    assert text("person/1042", Ada()) == "person/1042"
