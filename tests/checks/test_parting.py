"""What falls apart by the rows of a table, and what does not: each rule beside what breaks it."""

import pytest
from tests.checks.example import measure

from upheld.checks import parting
from upheld.checks.shape import Kind, tells_apart

OWN = "a.source || '/' || a.id AS subject, a.user_name AS label, a.enabled AS ok, 'd' AS detail"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT {OWN} FROM accounts a",
        f"SELECT {OWN} FROM accounts a LEFT JOIN systems s ON s.id = a.system_id WHERE s.in_operation",
        f"SELECT {OWN} FROM systems s JOIN accounts a ON s.id = a.system_id",
        f"SELECT {OWN} FROM accounts a LEFT JOIN history.accounts h ON h.source = a.source AND h.id = a.id",
        f"WITH p AS (SELECT source, id, min(seen_from_at) AS at FROM history.accounts GROUP BY source, id) "
        f"SELECT {OWN} FROM accounts a JOIN p USING (source, id)",
        f"WITH p AS (SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at) AS n FROM history.accounts) "
        f"SELECT {OWN} FROM p AS a WHERE n = 1",
        f"SELECT {OWN} FROM accounts a JOIN account_owners o ON o.source = a.source AND o.account_id = a.id",
    ],
)
def test_what_looks_at_one_key_at_a_time_falls_apart(query: str) -> None:
    assert parting.shape(measure(query), "accounts").kind is Kind.PARTED


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT {OWN} FROM accounts a JOIN accounts b ON b.id = a.id",
        f"SELECT {OWN} FROM accounts a, accounts b",
        f"SELECT {OWN} FROM systems s LEFT JOIN accounts a ON s.id = a.system_id",
        f"SELECT {OWN} FROM accounts a LEFT JOIN history.accounts h ON h.source = a.source OR h.id = a.id",
        f"SELECT {OWN} FROM accounts a WHERE EXISTS (SELECT 1 FROM accounts b WHERE b.mail = a.mail AND b.id <> a.id)",
        f"SELECT {OWN} FROM accounts a WHERE a.last_login_at = (SELECT max(last_login_at) FROM accounts)",
        f"SELECT {OWN} FROM accounts a JOIN (SELECT mail, count(*) AS n FROM accounts GROUP BY mail) AS m USING (mail)",
        f"WITH p AS (SELECT *, count(*) OVER (PARTITION BY mail) AS n FROM accounts) SELECT {OWN} FROM p AS a",
        f"SELECT {OWN} FROM accounts a QUALIFY row_number() OVER (PARTITION BY a.id ORDER BY a.mail) = 1",
        f"WITH p AS (SELECT * FROM accounts LIMIT 3) SELECT {OWN} FROM p AS a",
        f"SELECT {OWN} FROM accounts a UNION SELECT {OWN} FROM accounts a",
        "SELECT 'all' AS subject, 'all' AS label, bool_and(enabled) AS ok, 'd' AS detail FROM accounts",
        "SELECT id AS subject, user_name AS label, enabled AS ok, 'd' AS detail FROM accounts",
        "SELECT source || id AS subject, user_name AS label, enabled AS ok, 'd' AS detail FROM accounts",
        "WITH u AS (SELECT source, id, enabled FROM accounts UNION ALL SELECT source, id, in_operation FROM systems) "
        "SELECT source || '/' || id AS subject, id AS label, bool_or(enabled) AS ok, 'd' AS detail FROM u GROUP BY source, id",
    ],
)
def test_what_compares_keys_with_one_another_or_confuses_them_does_not(query: str) -> None:
    assert parting.shape(measure(query), "accounts").kind is Kind.WHOLE


def test_rows_that_hang_on_another_table_may_stand_beside() -> None:
    query = f"SELECT {OWN} FROM accounts a UNION ALL SELECT s.id, s.name, s.in_operation, 'd' FROM systems s"
    assert parting.shape(measure(query), "accounts").kind is Kind.MIXED


def test_texts_tell_keys_apart_only_where_none_begins_like_another() -> None:
    assert tells_apart([(0, "/account/", 1), (0, "/token/", 1)], 2)
    assert not tells_apart([(0, "/", 1), (0, "/token/", 1)], 2)
    assert not tells_apart([(0, "-", 1)], 2) and not tells_apart([(1,)], 2) and not tells_apart([], 2)


def test_a_step_of_a_derived_table_is_asked_for_by_the_names_that_measures_use() -> None:
    query = "SELECT person_id AS subject, min(label) AS label, bool_or(enabled) AS ok, 'd' AS detail FROM account_owners GROUP BY person_id"
    assert parting.inner("account_owners", "accounts") == ("folded",)
    assert parting.part(measure(query), "account_owners.folded").reads == ("accounts",)
