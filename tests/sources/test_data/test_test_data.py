"""Samples of a real test database beside a real production: people found by form, and rows by fingerprints."""

import pytest
from tests.labs import installed
from tests.sources.collected import collect, connected, rows

from upheld.drills.separation.no_personal_test_data import COPY, NOBODY, PEOPLE
from upheld.evidence.collection import Coverage
from upheld.lab.postgres import Postgres
from upheld.sources.source import Misconfigured
from upheld.sources.test_data import TEST_DATA
from upheld.sources.test_data.finding import found
from upheld.sources.test_data.get import fingerprints


@pytest.mark.lab
def test_rows_of_production_and_people_are_found_and_none_is_kept() -> None:
    with installed(), Postgres() as postgres:
        postgres.run("CREATE DATABASE testing")
        postgres.run(*PEOPLE)
        postgres.run(
            *NOBODY,
            COPY,
            "CREATE TABLE closed (mail text)",
            "CREATE TABLE extra (mail text)",
            "INSERT INTO extra VALUES ('ada@lovelace.uk')",
            "GRANT SELECT ON extra TO upheld_reader",
            database="testing",
        )
        place = postgres.settings
        told = {f"production_{name}": value for name, value in place.items()} | place | {"system": "staging", "database": "testing"}
        source = connected(TEST_DATA, **told)
        assert source.test().partition(" has ")[2].startswith("3 tables, compared with")
        into = collect(source, "test_data_scans")
        seen = {row["place"]: row for row in rows(into, "test_data_scans")}
        assert (seen["public.buyers"]["sampled"], seen["public.buyers"]["in_production"], seen["public.buyers"]["found"]) == (50, 10, [])
        assert (seen["public.extra"]["in_production"], seen["public.extra"]["found"]) == (0, ["mail addresses in mail (1)"])
        assert into.seen["test_data_scans"].coverage is Coverage.PARTIAL and "public.closed" not in seen
        assert "lovelace" not in str(seen)
        alone = connected(TEST_DATA, **place | {"system": "staging", "database": "testing"})
        assert all("in_production" not in row for row in rows(collect(alone, "test_data_scans"), "test_data_scans"))
        with pytest.raises(Misconfigured, match="are the same"):
            connected(TEST_DATA, **told | {"database": "postgres"})


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("x", "write to ada@lovelace.uk", "mail addresses"),
        ("x", "ada@shop.example.org", ""),
        ("x", "ada@shop.test", ""),
        ("x", "DE89 3704 0044 0532 0130 00", "bank accounts"),
        ("x", "DE89 3704 0044 0532 0130 01", ""),
        ("card_number", "4111 1111 1111 1111", "payment cards"),
        ("order_number", "4111 1111 1111 1111", ""),
        ("card_number", "4111 1111 1111 1112", ""),
        ("steuer_id", "36 574 261 809", "tax numbers"),
        ("id", "36574261809", ""),
        ("phone", "+49 (30) 123456-7", "phone numbers"),
        ("phone", "+1 212 555 0134", ""),
        ("amount", "491234567", ""),
        ("phone", None, ""),
    ],
)
def test_what_looks_like_somebody(column: str, value: str | None, kind: str) -> None:
    assert found([column], [[value]]) == ([f"{kind} in {column} (1)"] if kind else [])


def test_fingerprints_are_equal_for_equal_rows_under_one_key_alone() -> None:
    rows_ = [("a", "bc"), ("ab", "c"), ("a", None), ("a", ""), ("a", "bc")]
    made = list(fingerprints(rows_, b"k" * 32))
    assert made[0] == made[4] and len(set(made)) == 4
    assert not set(made) & set(fingerprints(rows_, b"l" * 32))
