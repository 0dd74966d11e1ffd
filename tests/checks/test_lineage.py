"""Which columns a measure hangs on through derived tables: those that its outcomes are made of, and no others."""

from tests.stage import shipped

from upheld.checks.lineage import columns, made_of


def test_when_a_right_was_used_changes_nothing_for_who_asks_only_who_holds_it() -> None:
    assert "last_used_at" not in columns(shipped()["access/entitlement_explained"])["grants"]
    assert "last_used_at" in columns(shipped()["authorization/least_privilege"])["grants"]


def test_what_decides_which_rows_there_are_always_counts() -> None:
    of_none = made_of("effective_grants", frozenset())
    assert {"holder_kind", "holder_id", "expires_at", "group_id", "entitlement"} <= of_none["grants"]
    assert "last_used_at" not in of_none["grants"]
    assert "last_used_at" in made_of("effective_grants", frozenset({"last_used_at"}))["grants"]


def test_it_goes_through_derived_tables_of_derived_tables() -> None:
    found = columns(shipped()["authorization/privileged_few"])
    assert {"privileged", "group_id"} <= found["grants"]
    assert "last_used_at" not in found["grants"]


def test_a_table_read_through_time_counts_by_its_own_name() -> None:
    found = columns(shipped()["authorization/grant_approved"])
    assert "seen_until_at" in found["history.grants"]
