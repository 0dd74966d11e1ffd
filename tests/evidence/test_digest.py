"""The bytes that a digest speaks about are written down, and the root is the one of RFC 6962."""

from datetime import date, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.made import MONDAY, account

from upheld.evidence.canonical import SALT_BYTES, canonical, leaf
from upheld.evidence.merkle import leaf_hash, root
from upheld.evidence.table import parse, table

EVERY_KIND = parse(
    "every",
    'title = "E"\nmeaning = "M"\nkey = ["id"]\n[columns]\nid = { type = "text", null = "never", meaning = "m" }\n'
    + "".join(
        f'{kind}_ = {{ type = "{kind}", meaning = "m" }}\n'
        for kind in ("real", "timestamp", "date", "duration", "list", "integer", "boolean")
    ),
)


def by_definition(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=3), unique=True, max_size=70), st.randoms(use_true_random=False))
def test_the_root_is_the_tree_hash_of_the_sorted_leaves_in_whatever_order_they_come(entries, random) -> None:
    leaves = [sha256(b"\x00" + entry).digest() for entry in entries]
    assert leaves == [leaf_hash(entry) for entry in entries]
    expected = by_definition(sorted(leaves))
    random.shuffle(leaves)
    assert root(leaves) == expected


def test_a_leaf_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        root([b"short"])


def test_a_row_has_one_form_in_bytes() -> None:
    row = {
        "id": 'ü"\x00',
        "real_": 0.1,
        "timestamp_": MONDAY.astimezone(timezone(timedelta(hours=2))) + timedelta(microseconds=30),
        "date_": date(2026, 5, 4),
        "duration_": timedelta(days=-1, microseconds=1),
        "list_": ["b", "a"],
        "integer_": -(2**62),
        "boolean_": False,
    }
    assert canonical(EVERY_KIND, EVERY_KIND.check(row)) == (
        b'{"boolean_":false,"date_":"2026-05-04","duration_":-86399999999,"id":"\xc3\xbc\\"\\u0000","integer_":-4611686018427387904,'
        b'"list_":["b","a"],"real_":"0.1","timestamp_":"2026-05-04T08:00:00.000030Z"}'
    )


def test_an_absent_value_is_not_part_of_a_row() -> None:
    accounts = table("accounts")
    assert canonical(accounts, accounts.check(account(1))) == canonical(accounts, account(1))
    assert canonical(accounts, account(1)) == b'{"id":"a1","identifier":"user1","system_id":"crm","user_name":"user1"}'


def test_a_leaf_is_of_salt_and_row() -> None:
    salt, line = bytes(SALT_BYTES), canonical(table("accounts"), account(1))
    assert leaf(salt, line) == sha256(b"\x00" + salt + line).digest()
    assert leaf(b"\x01" * SALT_BYTES, line) != leaf(salt, line)
